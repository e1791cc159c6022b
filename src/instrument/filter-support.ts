/** Whether the gateways of routes apply header filters on backendRefs, and what becomes of a route where they do not. */
import { UserError } from '../errors.js';
import type { GatewayFacts } from '../plan/gateways/facts.js';
import { VERSION_HEADER } from '../plan/labels/instrument-headers.js';
import { describeRule } from '../plan/manifests/describe.js';
import type { Route } from '../plan/manifests/model.js';
import { resourceLabel } from '../plan/manifests/resource.js';
import { gatewayParents } from '../plan/routes/parents.js';
import { type RouteGateway, servedBy } from '../plan/routes/route-gateway.js';
import { printable } from '../text/printable.js';
import { gatewaysOf } from './attached-gateways.js';
import type { ParsedResource } from './parsed-source.js';

/** What a gateway without filters on backendRefs does, and what follows. */
const WITHOUT_FILTERS = {
  'answers 500':
    'answers 500 to every request for a backendRef that has a filter: no request of the route would be served',
  rejected: 'does not accept a route with a filter on a backendRef',
  ignored: 'ignores filters on backendRefs: the header would never appear',
  'not supported': 'does not support filters on backendRefs',
} as const;

/**
 * What to know before filters are added to backendRefs of these routes, a line each.
 *
 * @param force whether to add them all the same: what is an error without it becomes a line
 * @throws UserError if a gateway is known not to apply them, with another way to read the version
 */
export function filterNotes(
  routes: readonly Route[],
  resources: readonly ParsedResource[],
  force: boolean,
): readonly string[] {
  const set = {
    gateways: gatewaysOf(resources),
    gatewayClasses: resources.flatMap((one) => one.set.gatewayClasses),
  };
  const refusals = new Set<string>();
  const notes = new Set<string>();
  const refused: Route[] = [];
  for (const route of routes) {
    if (route.dialect.backendsAt?.headers !== 'filters') continue;
    const served = servedBy(set, route);
    for (const { facts, label } of served) {
      const refusal = facts === null ? null : refusalOf(facts, label);
      const note = refusal ?? noteOf({ facts, label });
      if (refusal !== null) refused.push(route);
      if (refusal !== null && !force) refusals.add(refusal);
      else if (note !== null) notes.add(note);
    }
    if (served.length < gatewayParents(route).length) notes.add(notAmong(route));
  }
  if (refusals.size > 0) {
    const lines = [...refusals, ...otherWays(refused)];
    throw new UserError(`${lines.join('\n')}\nTo add the filters all the same: --force`);
  }
  return [...notes];
}

function refusalOf({ name, backendFilters }: GatewayFacts, label: string): string | null {
  if (backendFilters === null || backendFilters.value === 'applied') return null;
  const { value, version, remark } = backendFilters;
  const by = remark === undefined ? '' : `; ${remark}`;
  return `${label} is ${name}, which ${WITHOUT_FILTERS[value]} (${version}${by}; docs/gateways.md)`;
}

function noteOf({ facts, label }: Pick<RouteGateway, 'facts' | 'label'>): string | null {
  if (facts === null) return `${label} is of a kind that is not known. ${RISK}`;
  const { name, backendFilters } = facts;
  if (backendFilters === null) {
    return `${label} is ${name}, and whether it applies filters on backendRefs was not read. ${RISK}`;
  }
  const { version, remark } = backendFilters;
  return remark === undefined
    ? null
    : `${label} is ${name}, which applies filters on backendRefs (${version}; ${remark})`;
}

const RISK =
  'Some gateways answer 500 to all requests of a route that has filters on backendRefs, or reject it: try it on a route that nobody needs (docs/gateways.md)';

function notAmong(route: Route): string {
  return `${resourceLabel(route.ref)}: its Gateway is not among the manifests, so its kind is not known. ${RISK}`;
}

/** How else a run can tell versions apart. */
function otherWays(routes: readonly Route[]): readonly string[] {
  const ofOneBackend = routes.flatMap((route) =>
    route.rules.flatMap((rule) => {
      const [only, ...others] = rule.backends;
      if (only === undefined || others.length > 0) return [];
      const header = `{name: ${VERSION_HEADER}, value: ${printable(only.name)}}`;
      return [
        `Another way: ${describeRule(route, rule)} has one backend, so its own filters can set the header: ` +
          `{type: ResponseHeaderModifier, responseHeaderModifier: {set: [${header}]}}`,
      ];
    }),
  );
  const splits = routes.some(({ rules }) => rules.some(({ backends }) => backends.length > 1));
  const own =
    'Another way: responses that name their version need no header. weighbridge identify URL shows whether they do, and which --version-from reads it';
  return [...new Set(ofOneBackend), ...(splits ? [own] : [])];
}
