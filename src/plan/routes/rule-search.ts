/** Which matches of the rules in question a request meets, in the order in which gateways try them. */
import { ISTIO_ORDER } from '../gateways/match-order.js';
import type { ManifestSet, Route, RouteRule } from '../manifests/model.js';
import type { NumberedRule } from './numbered-rules.js';
import type { Place } from './place.js';
import { type Entry, orderedEntries } from './precedence.js';
import { type GivenRequest, headerOf, matches, type RequestLine } from './request-match.js';
import { inGatewayOrder, type OrderedMatches } from './route-order.js';
import type { ServedRoutes } from './served-routes.js';

/** What is looked for. */
export interface Search {
  readonly set: ManifestSet;
  /** The rules in question. */
  readonly rules: readonly NumberedRule[];
  readonly served: ServedRoutes;
  /** Host of the rules, perhaps a wildcard; null: any. */
  readonly host: string | null;
  readonly request: GivenRequest;
  /** Whether the option `rule` names the rules: only what a request has in it counts then. */
  readonly isWanted: boolean;
  /** What a condition counts as if neither manifests nor request tell whether it is met. */
  readonly unknown: boolean;
}

/** The request as far as it is given. */
export function lineOf({ request, host }: Search): Omit<RequestLine, 'mayAdd'> {
  const { path, method, headers, connect } = request;
  const known = request.host ?? (host === null || host.startsWith('*') ? null : host);
  return { host: known, scheme: connect?.scheme ?? null, path, method, headers };
}

/** The request as curl would send it: what is open has its default. */
export function lineAsSent(search: Search): RequestLine {
  const { path, method, headers, defaults = [] } = search.request;
  return {
    ...lineOf(search),
    path: path ?? '/',
    method: method ?? 'GET',
    headers: [...headers, ...defaults],
    mayAdd: false,
  };
}

/**
 * The matches that the request meets, by what competes for it: routes of the Gateway API that share a listener, and
 * VirtualServices at one place. Places with the same winner are one group.
 */
export function competing(search: Search, line: RequestLine): OrderedMatches[] {
  const { set, rules, served, host, isWanted, unknown } = search;
  const routes = [...new Set(rules.map(({ route }) => route))];
  const written = routes.filter(({ dialect }) => dialect.order === 'written');
  const others = routes.filter(({ dialect }) => dialect.order !== 'written');
  const inQuestion = new Set(rules.map(({ rule }) => rule));
  const keep = (entries: readonly Entry[]) => entries.filter(({ rule }) => inQuestion.has(rule));
  const groups = sharing(keep(fitting(others, null, line, isWanted))).map((one) => inGatewayOrder(set, one));
  // The option names the rules whatever the place is.
  const places = isWanted ? [{ routes: written, place: null }] : written.length > 0 ? served.at(host) : [];
  for (const at of places) {
    const entries = keep(fitting(at.routes, at.place, line, isWanted, unknown));
    const [first] = entries;
    if (first === undefined || groups.some((group) => group.entries[0]?.rule === first.rule)) continue;
    groups.push({ entries, order: ISTIO_ORDER, winners: [first], isOpen: false });
  }
  return groups;
}

/** The matches of the routes that the request meets at a place, in order. */
export function fitting(
  routes: readonly Route[],
  place: Place | null,
  line: RequestLine,
  anyCondition: boolean,
  unknown = false,
): Entry[] {
  // A token might have the claims that a match asks for.
  const hasToken = unknown && headerOf(line, 'authorization') !== null;
  return orderedEntries(routes, place, unknown).filter(
    ({ match }) =>
      (anyCondition || hasToken || match === null || match.other.length === 0) && matches(match, line),
  );
}

/** Groups matches by the listeners that their routes share. */
function sharing(entries: readonly Entry[]): Entry[][] {
  const groups: Entry[][] = [];
  for (const entry of entries) {
    const group = groups.find(([first]) => compete((first as Entry).route, entry.route));
    if (group === undefined) groups.push([entry]);
    else group.push(entry);
  }
  return groups;
}

/** Whether two routes of the Gateway API are served at one listener. */
export function compete(a: Route, b: Route): boolean {
  if (a.dialect.gateways.group !== b.dialect.gateways.group) return false;
  if (a.parents.length === 0 || b.parents.length === 0) return true;
  const same = <T>(one: T | null, other: T | null) => one === null || other === null || one === other;
  return a.parents.some((one) =>
    b.parents.some(
      (other) =>
        one.name === other.name &&
        one.namespace === other.namespace &&
        same(one.sectionName, other.sectionName) &&
        same(one.port, other.port),
    ),
  );
}

/** Whether a rule divides requests among backends. */
export function splits(rule: RouteRule): boolean {
  return rule.answersItself === null && rule.backends.length > 0;
}

/** `*` for a route without hostnames. */
export function hostnamesOf(route: Route): readonly string[] {
  return route.hostnames.length === 0 ? ['*'] : route.hostnames;
}
