/** BackendConfigPolicies of kgateway: which apply to a backend, and their outlier detection. */
import type { Field } from '../manifests/fields.js';
import type { Backend, GatewayPolicy } from '../manifests/model.js';
import { ENVOY_OUTLIER_DEFAULTS, ENVOY_PANIC_PERCENT } from './envoy-defaults.js';
import { byAge, timeMs } from './envoy-gateway-policy.js';
import type { OutlierDetection } from './outlier-detection.js';

const MAX_COUNT = 2 ** 31 - 1;
const CERTAIN_PERCENT = 100;

/** The outlier detection of a backend. */
export interface BackendDetection {
  readonly detection: OutlierDetection;
  readonly from: GatewayPolicy;
  /** The percentage of times that it ejects when its count is full; 100: always. */
  readonly enforcedPercent: number;
}

/** The policies for a backend, the one that holds first. */
export function policiesOfBackend(
  all: readonly GatewayPolicy[],
  { group, kind, refName, namespace }: Backend,
): readonly GatewayPolicy[] {
  return all
    .filter(
      ({ ref, targets }) =>
        ref.namespace === namespace &&
        targets.some((target) => target.group === group && target.kind === kind && target.name === refName),
    )
    .sort(byAge);
}

/**
 * Of several policies for a backend the oldest one holds, and of each top-level field the first one that has it
 * (kgateway-dev/kgateway, commit 934d0c3, pkg/kgateway/extensions2/plugins/backendconfigpolicy/merge.go). What is not set is
 * Envoy's default, the panic threshold and the success rate too (outlierdetection.go there, api/v1alpha1/kgateway/backend_config_policy_types.go,
 * commit 007f559).
 *
 * @param policies as {@link policiesOfBackend}
 */
export function detectionOfBackend(policies: readonly GatewayPolicy[]): BackendDetection | null {
  const from = policies.find(({ spec }) => spec.get('outlierDetection').present);
  if (from === undefined) return null;
  const block = from.spec.get('outlierDetection');
  const balancer = policies.map(({ spec }) => spec.get('loadBalancer')).find(({ present }) => present);
  const count = (key: string) => block.get(key).whole(0, MAX_COUNT);
  const split = block.get('splitExternalLocalOriginErrors').boolean() ?? false;
  const localFailures = count('consecutiveLocalOriginFailure');
  const envoy = ENVOY_OUTLIER_DEFAULTS;
  return {
    from,
    enforcedPercent: block.get('enforcingConsecutive5xx').whole(0, CERTAIN_PERCENT) ?? CERTAIN_PERCENT,
    detection: {
      errorCodes: null,
      consecutive5xxErrors: count('consecutive5xx') ?? envoy.consecutive5xx,
      consecutiveGatewayErrors: 0,
      consecutiveLocalOriginFailures: split ? (localFailures ?? envoy.consecutiveLocalOriginFailures) : null,
      splitExternalLocalOriginErrors: split,
      intervalMs: timeMs(block.get('interval')) ?? envoy.intervalMs,
      baseEjectionTimeMs: timeMs(block.get('baseEjectionTime')) ?? envoy.baseEjectionTimeMs,
      maxEjectionPercent: block.get('maxEjectionPercent').whole(0, 100) ?? envoy.maxEjectionPercent,
      alwaysEjectsOne: false,
      minHealthPercent: percentOf(balancer) ?? ENVOY_PANIC_PERCENT,
      ejectsBySuccessRate: true,
      failurePercentage: null,
      given: [
        'consecutive5xxErrors',
        'consecutiveLocalOriginFailures',
        'interval',
        'baseEjectionTime',
        'maxEjectionPercent',
      ],
    },
  };
}

function percentOf(balancer: Field | undefined): number | null {
  return balancer?.get('healthyPanicThreshold').whole(0, 100) ?? null;
}
