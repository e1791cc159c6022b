/** Circuit breakers of BackendTrafficPolicies (Envoy Gateway). */
import type { Field } from '../manifests/fields.js';
import type { GatewayPolicy } from '../manifests/model.js';
import { LayeredBlock } from './layers.js';
import type { RetryBudget } from './retry-budget.js';

const MAX_COUNT = 2 ** 32 - 1;
/** Of the resource, and without one Envoy's own. Envoy Gateway raises the number of retries to it (cluster.go). */
const DEFAULT_LIMIT = 1024;
const DEFAULT_CONCURRENCY = 3;

export interface EnvoyGatewayLimits {
  readonly maxConnections: number;
  readonly maxPendingRequests: number;
  readonly maxParallelRequests: number;
  readonly maxParallelRetries: number;
  readonly retryBudget: RetryBudget | null;
  /** Null: a connection takes any number. */
  readonly maxRequestsPerConnection: number | null;
  /** Over HTTP/2, on each connection; null: as many as the backend allows. */
  readonly maxConcurrentStreams: number | null;
  readonly useClientProtocol: boolean;
}

/**
 * The limits of the cluster (envoyproxy/gateway 2026-08-21, d32f282, internal/gatewayapi/clustersettings.go and
 * internal/xds/translator/cluster.go, `buildXdsClusterCircuitBreaker`).
 *
 * @param layers the rule's policies, the closest first
 */
export function limitsOf(layers: readonly GatewayPolicy[]): EnvoyGatewayLimits {
  const spec = new LayeredBlock(layers.map((policy) => policy.spec));
  const [block, http2] = [spec.block('circuitBreaker'), spec.block('http2')];
  const count = (field: Field) => field.whole(0, MAX_COUNT);
  const limit = (key: string) => block.closest(key, count) ?? DEFAULT_LIMIT;
  return {
    maxConnections: limit('maxConnections'),
    maxPendingRequests: limit('maxPendingRequests'),
    maxParallelRequests: limit('maxParallelRequests'),
    maxParallelRetries: limit('maxParallelRetries'),
    retryBudget: block.first('retryBudget', readBudget),
    maxRequestsPerConnection: block.first('maxRequestsPerConnection', count),
    maxConcurrentStreams: http2.first('maxConcurrentStreams', count),
    useClientProtocol: spec.first('useClientProtocol', (field) => field.boolean()) ?? false,
  };
}

function readBudget(budget: Field): RetryBudget {
  const percent = budget.get('percent');
  const denominator = percent.get('denominator').whole(1, MAX_COUNT) ?? 100;
  const numerator = percent.get('numerator').whole(0, denominator) ?? 0;
  return {
    percent: (numerator / denominator) * 100,
    minConcurrency: budget.get('minRetryConcurrency').whole(0, MAX_COUNT) ?? DEFAULT_CONCURRENCY,
    intervalMs: null,
  };
}
