/** What BackendTrafficPolicies of Envoy Gateway make of a rule: policies that are kept, ejection rules, notes. */
import { listed } from '../../text/lists.js';
import type { Backend, GatewayPolicy, ManifestSet, Route, RouteRule } from '../manifests/model.js';
import { resourceLabel } from '../manifests/resource.js';
import type { KeptPolicy, Note, PolicyScope } from '../plan.js';
import { detectionNotes } from './detection-notes.js';
import { ejectionRuleFrom } from './ejection-rule.js';
import { endpointCount } from './endpoint-count.js';
import { isOneCluster, merges, outlierDetectionOf, policiesOfRule } from './envoy-gateway-policy.js';
import { sourceOf } from './kept-policies.js';
import { LayeredBlock } from './layers.js';
import type { AppliedPolicies } from './rule-policies.js';
import { sharedEndpointsNote } from './shared-endpoints.js';
import { notesOnSelecting, policiesOfKind } from './unused-policies.js';

/** Fields that say what the policy is for. */
const ABOUT_TARGETS = new Set(['targetRef', 'targetRefs', 'targetSelectors', 'mergeType']);
/** Fields that are not read and may change who answers, or with which status. */
const CHANGE_ANSWERS = [
  'rateLimit',
  'faultInjection',
  'admissionControl',
  'responseOverride',
  'retry',
  'loadBalancer',
  'timeout',
] as const;

/** @throws UserError for a value of the wrong type or out of range, naming resource and field */
export function backendTrafficPolicies(set: ManifestSet, route: Route, rule: RouteRule): AppliedPolicies {
  const all = policiesOfKind(set, 'BackendTrafficPolicy');
  const { layers, passedOver, differs } = policiesOfRule(set, all, route, rule);
  const [closest] = layers;
  const notes = notesOnSelecting(all);
  if (closest === undefined) return { policies: [], ejection: [], notes };
  const scope = isOneCluster(rule) ? 'route' : 'version';
  for (const policy of passedOver) {
    const text = `${sourceOf(policy)} does not apply: ${resourceLabel(closest.ref)} comes first${merges(closest) ? '' : ', and Envoy Gateway does not merge them without mergeType'}.`;
    notes.push({ code: 'policy-unused', text });
  }
  if (differs) {
    const text = `Other BackendTrafficPolicies hold where the route is served at other Gateways or listeners. ${layers.map(sourceOf).join(' with ')} is taken to apply.`;
    notes.push({ code: 'policy-unused', text });
  }
  notes.push(...unreadNotes(layers));
  const { ejection, notes: more } = ejectionRules(set, rule, layers, scope);
  return { policies: layers.map((policy) => kept(policy, scope)), ejection, notes: [...notes, ...more] };
}

function kept(policy: GatewayPolicy, scope: PolicyScope): KeptPolicy {
  const { kind, name } = policy.targets[0] ?? { kind: '', name: '' };
  const trafficPolicy = Object.fromEntries(
    Object.entries(policy.spec.plainMap() ?? {}).filter(([key]) => !ABOUT_TARGETS.has(key)),
  );
  const host = resourceLabel({ kind, namespace: policy.ref.namespace, name });
  return { source: sourceOf(policy), host, subset: null, trafficPolicy, scope };
}

function unreadNotes(layers: readonly GatewayPolicy[]): Note[] {
  return layers.flatMap((policy): Note[] => {
    const fields = CHANGE_ANSWERS.filter((key) => policy.spec.get(key).present);
    if (fields.length === 0) return [];
    const text = `${sourceOf(policy)}: ${listed(fields, fields.length)} may change who answers, or with which status. That is not read, and nothing of it is expected.`;
    return [{ code: 'policy-not-read', text }];
  });
}

function ejectionRules(
  set: ManifestSet,
  rule: RouteRule,
  layers: readonly GatewayPolicy[],
  scope: PolicyScope,
): Pick<AppliedPolicies, 'ejection' | 'notes'> {
  const detection = outlierDetectionOf(layers);
  const from = layers.find(({ spec }) => spec.get('healthCheck').get('passive').present);
  if (detection === null || from === undefined) return { ejection: [], notes: [] };
  const source = sourceOf(from);
  const specs = new LayeredBlock(layers.map(({ spec }) => spec));
  if (specs.first('routingType', (field) => field.oneOf('Endpoint', 'Service')) === 'Service') {
    const text = `${source}: with routingType Service the gateway ejects whole Services, not endpoints. Ejections are not compared with it.`;
    return { ejection: [], notes: [{ code: 'ejection-rule', text }] };
  }
  // The gateway leaves out backends without weight (internal/gatewayapi/route.go).
  const weighted = rule.backends.filter(({ weight }) => weight > 0);
  const shared = weighted.flatMap((backend) => sharedEndpointsNote(rule, backend, source) ?? []);
  const [first] = shared;
  if (first !== undefined) return { ejection: [], notes: [first] };
  const together = scope === 'route' ? sumOfEndpoints(set, weighted) : null;
  const versions = new Map(weighted.map((backend) => [backend.name, backend]));
  const ejection = [...versions].map(([version, backend]) => {
    const endpoints = scope === 'route' ? together : endpointCount(set, backend, null);
    return ejectionRuleFrom(detection, { version, scope, source, endpoints });
  });
  const notes = detectionNotes(detection, source, 'panicThreshold');
  if (scope === 'route' && versions.size > 1) {
    const text = `${source}: Envoy Gateway has the endpoints of all versions of the rule in one cluster, and percentages are of all of them together. While fewer than 72 % of a version's endpoints are in rotation, requests move from it to the other versions.`;
    notes.push({ code: 'ejection-rule', text });
  }
  return { ejection, notes };
}

/** Each Service once; null if the endpoints of one are not known. */
function sumOfEndpoints(set: ManifestSet, backends: readonly Backend[]): number | null {
  const services = new Map(backends.map((backend) => [`${backend.namespace}/${backend.refName}`, backend]));
  return [...services.values()].reduce((sum: number | null, backend) => {
    const count = endpointCount(set, backend, null);
    return sum === null || count === null ? null : sum + count;
  }, 0);
}
