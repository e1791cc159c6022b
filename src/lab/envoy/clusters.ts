/** Services and DestinationRules as Envoy clusters, the way istiod makes them (docs/envoy.md). */
import type { ManifestSet } from '../../plan/manifests/model.js';
import { type EffectivePolicy, effectivePolicy } from '../../plan/policy/effective-policy.js';
import type { RetryBudget } from '../../plan/policy/retry-budget.js';
import { type MeshCluster, meshClusters } from '../mesh/clusters.js';
import { labRules } from '../mesh/lab-client.js';
import type { LabPod, Topology } from '../mesh/topology.js';
import { type Json, protoDuration } from './json.js';
import { loadBalancing } from './load-balancing.js';
import { outlierDetection as writeOutlierDetection } from './outlier-detection.js';
import { httpProtocolOptions, keepalive } from './upstream-options.js';

/** A cluster with the policy it was made from. */
export interface BuiltCluster {
  readonly name: string;
  readonly cluster: Json;
  readonly policy: EffectivePolicy;
}

/** One cluster per service, port and subset, in the topology's order. */
export function buildClusters(set: ManifestSet, topology: Topology): readonly BuiltCluster[] {
  const rules = labRules(set);
  return meshClusters(set, topology).map((cluster) => {
    const { name, service, port, subset } = cluster;
    const policy = effectivePolicy(rules, service, port.port, subset);
    return { name, policy, cluster: buildCluster(cluster, policy) };
  });
}

function buildCluster({ name, port, pods }: MeshCluster, policy: EffectivePolicy): Json {
  const { connectionPool: pool, outlierDetection, loadBalancer, retryBudget } = policy;
  const passthrough = loadBalancer.policy === 'PASSTHROUGH';
  const http = httpProtocolOptions(pool, port, outlierDetection);
  return {
    name,
    type: passthrough ? 'ORIGINAL_DST' : 'STATIC',
    connect_timeout: protoDuration(pool.connectTimeoutMs),
    ...loadBalancing(loadBalancer),
    circuit_breakers: {
      thresholds: [
        {
          max_connections: pool.maxConnections,
          max_pending_requests: pool.http1MaxPendingRequests,
          max_requests: pool.http2MaxRequests,
          max_retries: pool.maxRetries,
          ...(retryBudget === null ? {} : { retry_budget: writeRetryBudget(retryBudget) }),
        },
      ],
    },
    ...(outlierDetection === null ? {} : { outlier_detection: writeOutlierDetection(outlierDetection) }),
    // 0 on every cluster: Istio switches Envoy's panic mode off.
    common_lb_config: {
      healthy_panic_threshold:
        outlierDetection === null || outlierDetection.minHealthPercent === 0
          ? {}
          : { value: outlierDetection.minHealthPercent },
    },
    alt_stat_name: `${name};`,
    ...keepalive(pool),
    ...(http === null
      ? {}
      : {
          typed_extension_protocol_options: {
            'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
              '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
              ...http,
            },
          },
        }),
    ...(passthrough ? {} : { load_assignment: loadAssignment(name, pods) }),
  };
}

/** A retry budget as one of a cluster's thresholds. */
export function writeRetryBudget({ percent, minConcurrency, intervalMs }: RetryBudget): Json {
  return {
    budget_percent: { value: percent },
    min_retry_concurrency: minConcurrency,
    ...(intervalMs === null ? {} : { budget_interval: protoDuration(intervalMs) }),
  };
}

/** Pods as endpoints of a locality. */
export function lbEndpoints(pods: readonly LabPod[]): Json[] {
  return pods.map((pod) => ({
    endpoint: { address: { socket_address: { address: pod.address, port_value: pod.port } } },
    health_status: 'HEALTHY',
    load_balancing_weight: 1,
  }));
}

function loadAssignment(name: string, pods: readonly LabPod[]): Json {
  const endpoints = lbEndpoints(pods);
  return {
    cluster_name: name,
    endpoints: endpoints.length === 0 ? [] : [{ locality: {}, lb_endpoints: endpoints }],
    policy: { overprovisioning_factor: 140 },
  };
}
