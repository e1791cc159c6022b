/** BackendTrafficPolicies of Envoy Gateway: which apply to a rule of a route, and their outlier detection. */
import { compareText } from '../../collections.js';
import { compareAge } from '../manifests/age.js';
import { gatewayApiDuration } from '../manifests/durations.js';
import type { Field } from '../manifests/fields.js';
import type { GatewayPolicy, ManifestSet, PolicyTarget, Route, RouteRule } from '../manifests/model.js';
import { splitApiVersion } from '../manifests/resource.js';
import { routesAt } from '../routes/attachment.js';
import { gatewayParents, isParent } from '../routes/parents.js';
import { ENVOY_OUTLIER_DEFAULTS, ENVOY_PANIC_PERCENT } from './envoy-defaults.js';
import { LayeredBlock } from './layers.js';
import type { OutlierDetection } from './outlier-detection.js';

const MAX_COUNT = 2 ** 32 - 1;
/** Defaults of the resource (`PassiveHealthCheck`); the others are Envoy's. */
const DEFAULT_INTERVAL_MS = 3_000;
const DEFAULT_BASE_MS = 30_000;
const DEFAULT_5XX = 5;
const DEFAULT_LOCAL_FAILURES = 5;

/** The policies of a rule. */
export interface RulePolicies {
  /** Those that hold, the closest first: what one does not give is the next one's. Empty: none applies. */
  readonly layers: readonly GatewayPolicy[];
  /** Those that are for the rule, and give way. */
  readonly passedOver: readonly GatewayPolicy[];
  /** Whether others hold at another Gateway or listener of the route. */
  readonly differs: boolean;
}

/**
 * A policy for the rule comes before one for the route, that before one for the listener, and that before one for the
 * Gateway. Of two for the same target the older one holds, then names decide. One with `mergeType`, for a rule or a route,
 * is merged into the closest one for listener or Gateway; any other holds alone (envoyproxy/gateway 2026-08-21, d32f282,
 * internal/gatewayapi/backendtrafficpolicy.go and resource/resource.go, `Sort`).
 *
 * @param all policies of the kind
 */
export function policiesOfRule(
  set: ManifestSet,
  all: readonly GatewayPolicy[],
  route: Route,
  rule: RouteRule,
): RulePolicies {
  const policies = [...all].sort(byAge);
  const own = targetOf(route.ref.apiVersion, route.ref.kind, route.ref.name);
  const ownTargets = [...(rule.name === null ? [] : [{ ...own, sectionName: rule.name }]), own];
  const inOwn = policies.filter(({ ref }) => ref.namespace === route.ref.namespace);
  const closest = firstFor(inOwn, ownTargets);
  const places = placesOf(set, route);
  const chains = places.map(({ namespace, targets }) => {
    const above = firstFor(
      policies.filter(({ ref }) => ref.namespace === namespace),
      targets,
    );
    if (closest === null) return above === null ? [] : [above];
    return merges(closest) && above !== null ? [closest, above] : [closest];
  });
  const [layers = closest === null ? [] : [closest]] = chains;
  const isFor = (policy: GatewayPolicy) =>
    [{ namespace: route.ref.namespace, targets: ownTargets }, ...places].some(
      ({ namespace, targets }) =>
        policy.ref.namespace === namespace && targets.some((target) => names(policy, target)),
    );
  return {
    layers,
    passedOver: policies.filter((policy) => isFor(policy) && !layers.includes(policy)),
    differs: chains.some((chain) => chain.map(keyOf).join() !== layers.map(keyOf).join()),
  };
}

/** The outlier detection of a rule's policies; null: no endpoint is ejected. */
export function outlierDetectionOf(layers: readonly GatewayPolicy[]): OutlierDetection | null {
  const health = new LayeredBlock(layers.map(({ spec }) => spec.get('healthCheck')));
  const passive = health.block('passive');
  if (!passive.present) return null;
  const count = (field: Field) => field.whole(0, MAX_COUNT);
  const percent = (field: Field) => field.whole(0, 100);
  const split = passive.closest('splitExternalLocalOriginErrors', (field) => field.boolean()) ?? false;
  const localFailures = passive.closest('consecutiveLocalOriginFailures', count) ?? DEFAULT_LOCAL_FAILURES;
  return {
    errorCodes: null,
    consecutive5xxErrors: passive.closest('consecutive5XxErrors', count) ?? DEFAULT_5XX,
    consecutiveGatewayErrors: passive.first('consecutiveGatewayErrors', count) ?? 0,
    consecutiveLocalOriginFailures: split ? localFailures : null,
    splitExternalLocalOriginErrors: split,
    intervalMs: passive.closest('interval', timeMs) ?? DEFAULT_INTERVAL_MS,
    baseEjectionTimeMs: passive.closest('baseEjectionTime', timeMs) ?? DEFAULT_BASE_MS,
    // 0 is "not set" to Envoy Gateway (internal/xds/translator/cluster.go).
    maxEjectionPercent:
      passive.closest('maxEjectionPercent', percent) || ENVOY_OUTLIER_DEFAULTS.maxEjectionPercent,
    alwaysEjectsOne: passive.closest('alwaysEjectOneEndpoint', (field) => field.boolean()) ?? false,
    minHealthPercent: health.first('panicThreshold', percent) ?? ENVOY_PANIC_PERCENT,
    ejectsBySuccessRate: true,
    failurePercentage: passive.first('failurePercentageThreshold', percent),
    given: [
      'consecutive5xxErrors',
      'consecutiveGatewayErrors',
      'consecutiveLocalOriginFailures',
      'interval',
      'baseEjectionTime',
      'maxEjectionPercent',
    ],
  };
}

/**
 * Whether all versions of the rule are in one cluster. With a filter on a backendRef each has one of its own
 * (envoyproxy/gateway 2026-08-21, d32f282, internal/ir/xds.go, `NeedsClusterPerSetting`).
 */
export function isOneCluster({ backends }: RouteRule): boolean {
  return backends.every(
    ({ requestHeaders, responseHeaders, filters = [] }) =>
      requestHeaders === null && responseHeaders === null && filters.length === 0,
  );
}

/** The Gateways and listeners where the route is served, each with the targets of policies, the closest first. */
function placesOf(set: ManifestSet, route: Route): { namespace: string; targets: PolicyTarget[] }[] {
  return gatewayParents(route).flatMap((parent) => {
    const gateway = set.gateways.find((one) => isParent(parent, route, one));
    const target = targetOf(route.dialect.gateways.group, 'Gateway', parent.name);
    const listeners =
      gateway?.listeners
        .filter((listener) =>
          [...routesAt(set, gateway, listener, () => [parent]).values()].some((routes) =>
            routes.includes(route),
          ),
        )
        .map(({ name }) => name) ?? [];
    const sections = listeners.length > 0 ? listeners : [parent.sectionName];
    return sections.map((sectionName) => ({
      namespace: parent.namespace,
      targets: [...(sectionName === null ? [] : [{ ...target, sectionName }]), target],
    }));
  });
}

/** Whether the policy of the level above holds where this one gives nothing. */
export function merges({ spec }: GatewayPolicy): boolean {
  const type = spec.get('mergeType');
  // Both ways to merge do the same to maps.
  return type.present && type.oneOf('StrategicMerge', 'JSONMerge') !== null;
}

function targetOf(apiVersion: string, kind: string, name: string): PolicyTarget {
  const { group } = splitApiVersion(apiVersion);
  return { group: group === '' ? apiVersion : group, kind, name, sectionName: null };
}

/** The first policy for the first of these targets that has one. */
function firstFor(
  policies: readonly GatewayPolicy[],
  targets: readonly PolicyTarget[],
): GatewayPolicy | null {
  const found = targets.map((target) => policies.find((policy) => names(policy, target)));
  return found.find((policy) => policy !== undefined) ?? null;
}

function names({ targets }: GatewayPolicy, wanted: PolicyTarget): boolean {
  return targets.some(
    ({ group, kind, name, sectionName }) =>
      group === wanted.group &&
      kind === wanted.kind &&
      name === wanted.name &&
      sectionName === wanted.sectionName,
  );
}

/** The order in which policies for one target hold. */
export function byAge(a: GatewayPolicy, b: GatewayPolicy): number {
  return (
    compareAge(a.ref, b.ref) ||
    compareText(a.ref.namespace, b.ref.namespace) ||
    compareText(a.ref.name, b.ref.name)
  );
}

function keyOf({ ref }: GatewayPolicy): string {
  return `${ref.namespace}/${ref.name}`;
}

/** A time of outlier detection: Envoy takes no shorter ones. */
export function timeMs(field: Field): number | null {
  const ms = gatewayApiDuration(field);
  if (ms !== null && ms < 1) field.fail(`${field.shown} is not a duration of at least 1ms`);
  return ms;
}
