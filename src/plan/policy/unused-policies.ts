/** Policies that are for a rule or its backends, and of a kind that the gateway does not go by. */
import { POLICIES_IN_WORDS, type PolicyKind } from '../gateways/facts.js';
import type { GatewayPolicy, ManifestSet, Route, RouteRule } from '../manifests/model.js';
import type { Note } from '../plan.js';
import type { RouteGateway } from '../routes/route-gateway.js';
import { namesService } from './destination-rules.js';
import { policiesOfRule } from './envoy-gateway-policy.js';
import { servicesOf, sourceOf } from './kept-policies.js';
import { policiesOfBackend } from './kgateway-policy.js';
import { budgetPolicyOf } from './retry-budget.js';

/** @param used the kind that the gateway goes by, or is taken to */
export function notesOnUnused(
  set: ManifestSet,
  route: Route,
  rule: RouteRule,
  gateway: RouteGateway,
  used: PolicyKind,
): Note[] {
  const { facts, label } = gateway;
  const remark = facts?.policies?.remark;
  const why =
    facts === null
      ? `${POLICIES_IN_WORDS[used]} are taken to apply`
      : `${label} is ${facts.name}, which applies ${POLICIES_IN_WORDS[used]}${remark === undefined ? '' : ` (${remark})`}`;
  const others = (['BackendTrafficPolicy', 'BackendConfigPolicy'] as const).filter((kind) => kind !== used);
  const notes = others.flatMap((kind) =>
    policiesFor(set, route, rule, kind).map((policy): Note => {
      const text = `${sourceOf(policy)} does not apply: ${why}.`;
      return { code: 'policy-unused', text };
    }),
  );
  if (used === 'DestinationRule') return notes;
  const unused = servicesOf(rule).flatMap((service) =>
    set.destinationRules
      .filter((destination) => namesService(destination, service))
      .map((destination): Note => {
        const text = `${sourceOf(destination)} does not apply to ${service.host}: ${why}.`;
        return { code: 'destination-rule-unused', text };
      }),
  );
  const budgets = servicesOf(rule).flatMap(({ host }): Note[] => {
    const policy = budgetPolicyOf(set, host);
    if (policy === null) return [];
    const text = `${sourceOf(policy)} is not compared: whether it applies was not read of ${facts?.name ?? 'this gateway'}.`;
    return [{ code: 'policy-unused', text }];
  });
  return [...new Map([...notes, ...unused, ...budgets].map((note) => [note.text, note])).values()];
}

function policiesFor(
  set: ManifestSet,
  route: Route,
  rule: RouteRule,
  kind: 'BackendTrafficPolicy' | 'BackendConfigPolicy',
): readonly GatewayPolicy[] {
  const all = policiesOfKind(set, kind);
  if (kind === 'BackendConfigPolicy')
    return rule.backends.flatMap((backend) => policiesOfBackend(all, backend));
  const { layers, passedOver } = policiesOfRule(set, all, route, rule);
  return [...layers, ...passedOver];
}

/** The policies of one kind. */
export function policiesOfKind(
  { gatewayPolicies = [] }: Pick<ManifestSet, 'gatewayPolicies'>,
  kind: 'BackendTrafficPolicy' | 'BackendConfigPolicy',
): readonly GatewayPolicy[] {
  return gatewayPolicies.filter(({ ref }) => ref.kind === kind);
}

/** A note for each policy whose targets are chosen by labels, which are not read. */
export function notesOnSelecting(policies: readonly GatewayPolicy[]): Note[] {
  return policies
    .filter(({ selectsByLabels }) => selectsByLabels)
    .map((policy) => ({
      code: 'policy-unused',
      text: `${sourceOf(policy)} chooses targets by their labels (targetSelectors). These are not read, so it is not known whether it applies. Name the targets in targetRefs to have it compared.`,
    }));
}
