/** The policies that the gateway of a rule applies to the traffic to its backends, whatever kind of gateway it is. */
import { listed } from '../../text/lists.js';
import { POLICIES_IN_WORDS, type PolicyKind } from '../gateways/facts.js';
import { envoyGateway } from '../gateways/rows/envoy-gateway.js';
import { istio } from '../gateways/rows/istio.js';
import { kgateway } from '../gateways/rows/kgateway.js';
import { describeRule } from '../manifests/describe.js';
import type { ManifestSet, Route, RouteRule } from '../manifests/model.js';
import type { Note } from '../plan.js';
import { gatewayPodsOf } from '../routes/gateway-pods.js';
import { gatewayParents } from '../routes/parents.js';
import { gatewayOfRoute } from '../routes/route-gateway.js';
import { backendConfigPolicies } from './backend-config-policies.js';
import { backendTrafficPolicies } from './backend-traffic-policies.js';
import { clientDoubts } from './client-doubts.js';
import { ejectionRulesOf } from './ejection-rules.js';
import { keptPolicies, servicesOf } from './kept-policies.js';
import { missingSubsets } from './missing-subsets.js';
import type { AppliedPolicies } from './rule-policies.js';
import { notesOnUnused } from './unused-policies.js';

type Reader = (set: ManifestSet, route: Route, rule: RouteRule) => AppliedPolicies;

/** The kinds that are read, in the order in which they are tried for a gateway that is not known, with whose they are. */
const READERS: readonly (readonly [kind: PolicyKind, whose: string, read: Reader])[] = [
  ['DestinationRule', istio.name, destinationRules],
  ['BackendTrafficPolicy', envoyGateway.name, backendTrafficPolicies],
  ['BackendConfigPolicy', kgateway.name, backendConfigPolicies],
];

/** Rules that a line names. */
const MAX_SHOWN = 3;

const NONE: AppliedPolicies = { policies: [], ejection: [], notes: [] };

/**
 * By the table of gateways (plan/gateways). If it does not have the kind of policies, the first kind is used of which one is
 * for the rule, and a note says so.
 *
 * @throws UserError for a value of the wrong type or out of range, naming resource and field
 */
export function appliedPolicies(
  set: ManifestSet,
  { route, rule }: { readonly route: Route; readonly rule: RouteRule },
): AppliedPolicies {
  const gateway = gatewayOfRoute(set, route);
  const known = gateway.facts?.policies?.value ?? null;
  if (known !== null) {
    const read = READERS.find(([kind]) => kind === known)?.[2];
    const applied = read?.(set, route, rule) ?? NONE;
    return { ...applied, notes: [...applied.notes, ...notesOnUnused(set, route, rule, gateway, known)] };
  }
  const tried = READERS.map(([kind, whose, read]) => ({ kind, whose, ...read(set, route, rule) }));
  const used = tried.find(({ policies, ejection }) => policies.length > 0 || ejection.length > 0);
  const notes = tried.filter((one) => one === used || one === tried[0]).flatMap((one) => one.notes);
  if (used === undefined) return { ...NONE, notes };
  if (gatewayParents(route).length > 0) {
    const text = `${gateway.unknown}. ${POLICIES_IN_WORDS[used.kind]} are taken to apply, as with ${used.whose}.`;
    notes.unshift({ code: 'policies-assumed', text });
  }
  return { ...used, notes: [...notes, ...notesOnUnused(set, route, rule, gateway, used.kind)] };
}

/** Whether a route's gateway applies DestinationRules, or is not known. */
export function mayGoByDestinationRules(set: ManifestSet, route: Route): boolean {
  const known = gatewayOfRoute(set, route).facts?.policies?.value ?? 'DestinationRule';
  return known === 'DestinationRule';
}

/**
 * What the lab makes of the policies of all rules: which do not apply, and of those that are not DestinationRules, whether the
 * lab applies them. One readable line each.
 *
 * @param isInOneCluster whether the lab has all versions of a rule in one cluster, with the policies that apply to the rule
 */
export function notesOnRehearsal(
  set: ManifestSet,
  isInOneCluster: (route: Route, rule: RouteRule) => boolean,
): readonly string[] {
  const unused: string[] = [];
  const uses = new Map<string, PolicyUse>();
  for (const route of set.routes) {
    const gateway = gatewayOfRoute(set, route);
    const known = gateway.facts?.policies?.value ?? 'DestinationRule';
    const read = known === 'DestinationRule' ? undefined : READERS.find(([kind]) => kind === known)?.[2];
    for (const rule of route.rules.filter(({ backends }) => backends.length > 0)) {
      unused.push(...notesOnUnused(set, route, rule, gateway, known).map(({ text }) => text));
      for (const { source, host } of read?.(set, route, rule).policies ?? []) {
        const use = uses.get(`${source} ${host}`) ?? { source, host, applied: [], left: [] };
        (isInOneCluster(route, rule) ? use.applied : use.left).push(describeRule(route, rule));
        uses.set(`${source} ${host}`, use);
      }
    }
  }
  return [...new Set([...unused, ...[...uses.values()].map(rehearsed)])];
}

/** The rules for which a policy applies, by whether the lab applies it. */
interface PolicyUse {
  readonly source: string;
  /** What it is for. */
  readonly host: string;
  readonly applied: string[];
  readonly left: string[];
}

function rehearsed({ source, host, applied, left }: PolicyUse): string {
  if (applied.length === 0)
    return `${source} is not applied by this gateway of the lab to ${host}: its limits and ejections are those of DestinationRules, per version`;
  const except = left.length === 0 ? '' : ` except ${listed(left, MAX_SHOWN)}`;
  return `${source} is applied to ${host}${except}: the lab's Envoy has all versions of a rule in one cluster, as Envoy Gateway, so it rotates and counts per route. Of the policy it has healthCheck.passive, panicThreshold and circuitBreaker without perEndpoint and maxRequestsPerConnection`;
}

function destinationRules(set: ManifestSet, route: Route, rule: RouteRule): AppliedPolicies {
  const pods = gatewayPodsOf(set, route);
  const [client] = pods;
  const kept = keptPolicies(set, rule, client);
  const ejection = ejectionRulesOf(set, rule, client);
  const doubts = clientDoubts(set, servicesOf(rule), pods);
  return {
    policies: kept.policies,
    ejection: ejection.rules,
    notes: [
      ...missingSubsets(set, { route, rule }, client),
      ...kept.notes,
      ...doubts.map((text): Note => ({ code: 'destination-rule-client', text })),
      ...ejection.notes,
    ],
  };
}
