/** How Envoy speaks to the endpoints of a cluster: TCP keep-alive, protocol, limits per connection. */
import { isHttp2Port } from '../../plan/policy/backend-protocol.js';
import type { ConnectionPool } from '../../plan/policy/connection-pool.js';
import type { OutlierDetection } from '../../plan/policy/outlier-detection.js';
import type { LabService } from '../mesh/topology.js';
import { type Json, protoDuration } from './json.js';
import { errorMatcher } from './outlier-detection.js';

type Port = LabService['ports'][number];

export function keepalive(pool: ConnectionPool): Json {
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
export function httpProtocolOptions(
  pool: ConnectionPool,
  port: Port,
  detection: OutlierDetection | null,
): Json | null {
  const common = {
    ...(pool.maxRequestsPerConnection === null
      ? {}
      : { max_requests_per_connection: pool.maxRequestsPerConnection }),
    ...(pool.idleTimeoutMs === null ? {} : { idle_timeout: protoDuration(pool.idleTimeoutMs) }),
    ...(pool.maxConnectionDurationMs === null
      ? {}
      : { max_connection_duration: protoDuration(pool.maxConnectionDurationMs) }),
  };
  const set = {
    ...(Object.keys(common).length === 0 ? {} : { common_http_protocol_options: common }),
    ...(detection === null ? {} : errorMatcher(detection)),
  };
  const http2 =
    pool.maxConcurrentStreams === null ? {} : { max_concurrent_streams: pool.maxConcurrentStreams };
  if (pool.useClientProtocol) {
    return {
      ...set,
      use_downstream_protocol_config: { http_protocol_options: {}, http2_protocol_options: http2 },
    };
  }
  if (pool.h2Upgrade || isHttp2Port(port)) {
    return { ...set, explicit_http_config: { http2_protocol_options: http2 } };
  }
  return Object.keys(set).length === 0
    ? null
    : { ...set, explicit_http_config: { http_protocol_options: {} } };
}
