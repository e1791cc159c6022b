/** Services and DestinationRules as Envoy clusters, the way istiod makes them (docs/envoy.md). */
import type { ManifestSet } from '../../plan/manifests/model.js';
import type { ConnectionPool } from '../../plan/policy/connection-pool.js';
import { appliedRules } from '../../plan/policy/destination-rules.js';
import { type EffectivePolicy, effectivePolicy } from '../../plan/policy/effective-policy.js';
import type { LoadBalancer } from '../../plan/policy/load-balancer.js';
import type { OutlierDetection } from '../../plan/policy/outlier-detection.js';
import { clusterName, type Json, protoDuration } from '../mesh/destinations.js';
import type { LabPod, LabService, Topology } from '../mesh/topology.js';

/** A cluster with the policy it was made from. */
export interface BuiltCluster {
  readonly name: string;
  readonly cluster: Json;
  readonly policy: EffectivePolicy;
}

type Port = LabService['ports'][number];

/** One cluster per service, port and subset, in the topology's order. */
export function buildClusters(set: ManifestSet, topology: Topology): readonly BuiltCluster[] {
  return topology.services.flatMap((service) =>
    service.ports.flatMap((port) =>
      [null, ...appliedRules(set, service).subsets.keys()].map((subset) => {
        const policy = effectivePolicy(set, service, port.port, subset);
        const name = clusterName(service.host, port.port, subset);
        return { name, policy, cluster: buildCluster(name, port, policy, service.pods) };
      }),
    ),
  );
}

function buildCluster(name: string, port: Port, policy: EffectivePolicy, pods: readonly LabPod[]): Json {
  const { connectionPool: pool, outlierDetection, loadBalancer } = policy;
  const labels = Object.entries(policy.subsetLabels ?? {});
  const chosen = pods.filter((pod) => labels.every(([key, value]) => pod.labels[key] === value));
  const passthrough = loadBalancer.policy === 'PASSTHROUGH';
  const http = httpProtocolOptions(pool, isHttp2(port));
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
        },
      ],
    },
    ...(outlierDetection === null ? {} : { outlier_detection: outlier(outlierDetection) }),
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
    ...(passthrough ? {} : { load_assignment: loadAssignment(name, chosen) }),
  };
}

function loadAssignment(name: string, pods: readonly LabPod[]): Json {
  const endpoints = pods.map((pod) => ({
    endpoint: { address: { socket_address: { address: pod.address, port_value: pod.port } } },
    health_status: 'HEALTHY',
    load_balancing_weight: 1,
  }));
  return {
    cluster_name: name,
    endpoints: endpoints.length === 0 ? [] : [{ locality: {}, lb_endpoints: endpoints }],
    policy: { overprovisioning_factor: 140 },
  };
}

/** ROUND_ROBIN is Envoy's own default and so absent, as in istiod's output. */
function loadBalancing(balancer: LoadBalancer): Json {
  switch (balancer.policy) {
    case 'LEAST_REQUEST':
    case 'ROUND_ROBIN': {
      const config = balancer.policy === 'ROUND_ROBIN' ? 'round_robin_lb_config' : 'least_request_lb_config';
      return {
        ...(balancer.policy === 'ROUND_ROBIN' ? {} : { lb_policy: balancer.policy }),
        ...(balancer.warmup === null
          ? {}
          : {
              [config]: {
                slow_start_config: {
                  slow_start_window: protoDuration(balancer.warmup.durationMs),
                  // The key is required; nothing sets it.
                  aggression: { default_value: balancer.warmup.aggression, runtime_key: 'lab.slow_start' },
                  min_weight_percent: { value: balancer.warmup.minimumPercent },
                },
              },
            }),
      };
    }
    case 'RANDOM':
      return { lb_policy: 'RANDOM' };
    case 'PASSTHROUGH':
      return { lb_policy: 'CLUSTER_PROVIDED' };
    case 'RING_HASH':
      return {
        lb_policy: 'RING_HASH',
        ring_hash_lb_config: { minimum_ring_size: String(balancer.minimumRingSize) },
      };
    case 'MAGLEV':
      return {
        lb_policy: 'MAGLEV',
        ...(balancer.tableSize === null
          ? {}
          : { maglev_lb_config: { table_size: String(balancer.tableSize) } }),
      };
  }
}

/** Only what the manifest gives is written; the rest is Envoy's default, except success rate: off. */
function outlier(detection: OutlierDetection): Json {
  const given = new Set(detection.given);
  const counted = (field: string, name: string, value: number): Json =>
    given.has(field) ? { [name]: value, [`enforcing_${name}`]: value > 0 ? 100 : 0 } : {};
  const split = detection.splitExternalLocalOriginErrors;
  return {
    ...counted('consecutive5xxErrors', 'consecutive_5xx', detection.consecutive5xxErrors),
    ...(given.has('interval') ? { interval: protoDuration(detection.intervalMs) } : {}),
    ...(given.has('baseEjectionTime')
      ? { base_ejection_time: protoDuration(detection.baseEjectionTimeMs) }
      : {}),
    ...(given.has('maxEjectionPercent') ? { max_ejection_percent: detection.maxEjectionPercent } : {}),
    enforcing_success_rate: 0,
    ...counted('consecutiveGatewayErrors', 'consecutive_gateway_failure', detection.consecutiveGatewayErrors),
    ...(split ? { split_external_local_origin_errors: true, enforcing_local_origin_success_rate: 0 } : {}),
    ...counted(
      'consecutiveLocalOriginFailures',
      'consecutive_local_origin_failure',
      detection.consecutiveLocalOriginFailures ?? 0,
    ),
  };
}

function keepalive(pool: ConnectionPool): Json {
  if (pool.tcpKeepalive === null) {
    return {};
  }
  const { probes, timeMs, intervalMs } = pool.tcpKeepalive;
  return {
    upstream_connection_options: {
      tcp_keepalive: {
        ...(probes === null ? {} : { keepalive_probes: probes }),
        ...(timeMs === null ? {} : { keepalive_time: Math.floor(timeMs / 1000) }),
        ...(intervalMs === null ? {} : { keepalive_interval: Math.floor(intervalMs / 1000) }),
      },
    },
  };
}

/** Null: Envoy's default, HTTP/1.1 without limits per connection. */
function httpProtocolOptions(pool: ConnectionPool, portIsHttp2: boolean): Json | null {
  const common = {
    ...(pool.maxRequestsPerConnection === null
      ? {}
      : { max_requests_per_connection: pool.maxRequestsPerConnection }),
    ...(pool.idleTimeoutMs === null ? {} : { idle_timeout: protoDuration(pool.idleTimeoutMs) }),
    ...(pool.maxConnectionDurationMs === null
      ? {}
      : { max_connection_duration: protoDuration(pool.maxConnectionDurationMs) }),
  };
  const withCommon = Object.keys(common).length === 0 ? {} : { common_http_protocol_options: common };
  const http2 =
    pool.maxConcurrentStreams === null ? {} : { max_concurrent_streams: pool.maxConcurrentStreams };
  if (pool.useClientProtocol) {
    return {
      ...withCommon,
      use_downstream_protocol_config: { http_protocol_options: {}, http2_protocol_options: http2 },
    };
  }
  if (pool.h2Upgrade || portIsHttp2) {
    return { ...withCommon, explicit_http_config: { http2_protocol_options: http2 } };
  }
  return Object.keys(common).length === 0
    ? null
    : { ...withCommon, explicit_http_config: { http_protocol_options: {} } };
}

/** A gateway speaks HTTP/2 to ports declared so, and HTTP/1.1 to all others: it does not sniff. */
function isHttp2(port: Port): boolean {
  const declared = port.appProtocol ?? port.name?.split('-')[0] ?? '';
  return ['grpc', 'http2', 'kubernetes.io/h2c'].includes(declared.toLowerCase());
}
