/** One cluster for all versions of a rule, as Envoy Gateway makes it: a weighted locality for each. */
import { envoyGateway } from '../../plan/gateways/rows/envoy-gateway.js';
import type { Backend, ManifestSet, Route, RouteRule } from '../../plan/manifests/model.js';
import { ENVOY_PANIC_PERCENT } from '../../plan/policy/envoy-defaults.js';
import { limitsOf } from '../../plan/policy/envoy-gateway-limits.js';
import { isOneCluster, outlierDetectionOf, policiesOfRule } from '../../plan/policy/envoy-gateway-policy.js';
import type { OutlierDetection } from '../../plan/policy/outlier-detection.js';
import { policiesOfKind } from '../../plan/policy/unused-policies.js';
import { gatewayOfRoute } from '../../plan/routes/route-gateway.js';
import { podsOf } from '../mesh/clusters.js';
import type { Destination } from '../mesh/destinations.js';
import type { LabPod } from '../mesh/topology.js';
import { lbEndpoints, writeRetryBudget } from './clusters.js';
import { type Json, protoDuration } from './json.js';

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * The cluster of a rule that BackendTrafficPolicies apply to (envoyproxy/gateway 2026-08-21, d32f282,
 * internal/xds/translator/cluster.go). Load balancing is Envoy Gateway's default, LEAST_REQUEST with weighted localities.
 *
 * @param backends those with weight, with their destinations
 * @returns null behind other gateways, without such policies, and where each version has a cluster of its own: with a filter on
 *   a backendRef, or if a backend is missing or has no pods
 */
export function ruleCluster(
  set: ManifestSet,
  route: Route,
  rule: RouteRule,
  backends: readonly (readonly [Backend, Destination])[],
): { readonly name: string; readonly cluster: Json } | null {
  if (gatewayOfRoute(set, route).facts !== envoyGateway || !isOneCluster(rule)) return null;
  const { layers } = policiesOfRule(set, policiesOfKind(set, 'BackendTrafficPolicy'), route, rule);
  if (layers.length === 0) return null;
  const localities = backends.map(([{ weight, granted }, { service, subset, port }]) => ({
    weight,
    pods:
      granted === false || service === null || !service.ports.some((one) => one.port === port)
        ? []
        : podsOf(set, service, subset),
  }));
  if (localities.some(({ pods }) => pods.length === 0)) return null;
  const name = ruleClusterName(route, rule);
  const detection = outlierDetectionOf(layers);
  const limits = limitsOf(layers);
  const cluster = {
    name,
    type: 'STATIC',
    connect_timeout: protoDuration(CONNECT_TIMEOUT_MS),
    load_balancing_policy: {
      policies: [{ typed_extension_config: LEAST_REQUEST_IN_LOCALITIES }],
    },
    circuit_breakers: {
      thresholds: [
        {
          max_connections: limits.maxConnections,
          max_pending_requests: limits.maxPendingRequests,
          max_requests: limits.maxParallelRequests,
          max_retries: limits.maxParallelRetries,
          ...(limits.retryBudget === null ? {} : { retry_budget: writeRetryBudget(limits.retryBudget) }),
        },
      ],
    },
    ...(detection === null ? {} : { outlier_detection: outlierDetection(detection) }),
    common_lb_config: {
      healthy_panic_threshold: { value: detection?.minHealthPercent ?? ENVOY_PANIC_PERCENT },
    },
    load_assignment: { cluster_name: name, endpoints: localities.map(locality) },
  };
  return { name, cluster };
}

/** `httproute/shop/web/rule/0` */
export function ruleClusterName({ ref }: Route, { index }: RouteRule): string {
  return `${ref.kind.toLowerCase()}/${ref.namespace}/${ref.name}/rule/${index}`;
}

const LEAST_REQUEST_IN_LOCALITIES: Json = {
  name: 'envoy.load_balancing_policies.least_request',
  typed_config: {
    '@type': 'type.googleapis.com/envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest',
    locality_lb_config: { locality_weighted_lb_config: {} },
  },
};

/** Success rate stays on, as Envoy Gateway leaves it. */
function outlierDetection(detection: OutlierDetection): Json {
  const { consecutiveGatewayErrors: gateway, consecutiveLocalOriginFailures: local } = detection;
  const { failurePercentage } = detection;
  return {
    consecutive_5xx: detection.consecutive5xxErrors,
    interval: protoDuration(detection.intervalMs),
    base_ejection_time: protoDuration(detection.baseEjectionTimeMs),
    max_ejection_percent: detection.maxEjectionPercent,
    always_eject_one_host: detection.alwaysEjectsOne,
    ...(gateway > 0
      ? { consecutive_gateway_failure: gateway, enforcing_consecutive_gateway_failure: 100 }
      : {}),
    ...(local === null
      ? {}
      : { split_external_local_origin_errors: true, consecutive_local_origin_failure: local }),
    ...(failurePercentage === null
      ? {}
      : { failure_percentage_threshold: failurePercentage, enforcing_failure_percentage: 100 }),
  };
}

function locality({ weight, pods }: { weight: number; pods: readonly LabPod[] }, index: number): Json {
  return {
    // Localities are told apart by their names.
    locality: { region: String(index) },
    load_balancing_weight: weight,
    lb_endpoints: lbEndpoints(pods),
  };
}
