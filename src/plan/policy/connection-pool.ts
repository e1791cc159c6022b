/** `connectionPool` of a trafficPolicy: the limits of a cluster. */
import { istioDuration } from '../manifests/durations.js';
import type { Field } from '../manifests/fields.js';
import type { PolicyRemarks } from './policy-remarks.js';

/** No limit, as Istio writes it: 2^32 - 1. */
export const UNLIMITED = 4_294_967_295;

/** Null: no limit. */
export function limitOf(value: number): number | null {
  return value >= UNLIMITED ? null : value;
}

/** Istio's `connectTimeout`. */
const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;

export interface ConnectionPool {
  /** Connections to all endpoints together; soft, each worker may open one per endpoint. */
  readonly maxConnections: number;
  /** Requests waiting for a connection. */
  readonly http1MaxPendingRequests: number;
  /** Requests under way; binds HTTP/1.1 as well. */
  readonly http2MaxRequests: number;
  /** Retries under way at once. */
  readonly maxRetries: number;
  /** Null: a connection takes any number of requests. */
  readonly maxRequestsPerConnection: number | null;
  readonly connectTimeoutMs: number;
  /** Null: Envoy's own (one hour). */
  readonly idleTimeoutMs: number | null;
  /** Null: no bound. */
  readonly maxConnectionDurationMs: number | null;
  readonly tcpKeepalive: {
    readonly probes: number | null;
    readonly timeMs: number | null;
    readonly intervalMs: number | null;
  } | null;
  /** `h2UpgradePolicy: UPGRADE` */
  readonly h2Upgrade: boolean;
  readonly useClientProtocol: boolean;
  /** Over HTTP/2 only. */
  readonly maxConcurrentStreams: number | null;
}

/**
 * @param block null when the policy has none; then and for unset fields Istio's defaults hold
 * @param origin what the policy is of, for remarks
 * @throws UserError naming file, line, resource and field
 */
export function readConnectionPool(
  block: Field | null,
  origin: string,
  remarks: PolicyRemarks,
): ConnectionPool {
  const tcp = block?.get('tcp');
  const http = block?.get('http');
  const unset: string[] = [];
  const limit = (group: 'tcp' | 'http', key: string): number => {
    // Istio takes 0 as "not set" (pilot, applyConnectionPool).
    const value = wholeOrNull(block?.get(group), key);
    if (value === null) unset.push(`${group}.${key}`);
    return value ?? UNLIMITED;
  };
  const connectTimeoutMs = durationOf(tcp, 'connectTimeout');
  if (connectTimeoutMs === null) {
    remarks.defaults.push(`connectionPool.tcp.connectTimeout of ${origin}: 10s (Istio's default)`);
  }
  const tcpIdleTimeout = tcp?.get('idleTimeout');
  if (tcpIdleTimeout?.present) remarks.notes.push(`${tcpIdleTimeout.where} has no effect on HTTP`);
  const limits = {
    maxConnections: limit('tcp', 'maxConnections'),
    http1MaxPendingRequests: limit('http', 'http1MaxPendingRequests'),
    http2MaxRequests: limit('http', 'http2MaxRequests'),
    maxRetries: limit('http', 'maxRetries'),
  };
  if (unset.length > 0) {
    remarks.defaults.push(
      `connectionPool of ${origin}: no limit (2^32-1) for ${unset.join(', ')} (Istio's default)`,
    );
  }
  return {
    ...limits,
    maxRequestsPerConnection: wholeOrNull(http, 'maxRequestsPerConnection'),
    connectTimeoutMs: connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
    idleTimeoutMs: durationOf(http, 'idleTimeout'),
    maxConnectionDurationMs: durationOf(tcp, 'maxConnectionDuration'),
    tcpKeepalive: readKeepalive(tcp?.get('tcpKeepalive')),
    h2Upgrade: http?.get('h2UpgradePolicy').oneOf('DEFAULT', 'UPGRADE', 'DO_NOT_UPGRADE') === 'UPGRADE',
    useClientProtocol: http?.get('useClientProtocol').boolean() ?? false,
    maxConcurrentStreams: wholeOrNull(http, 'maxConcurrentStreams'),
  };
}

function readKeepalive(keepalive: Field | undefined): ConnectionPool['tcpKeepalive'] {
  if (!keepalive?.present) return null;
  return {
    probes: wholeOrNull(keepalive, 'probes'),
    timeMs: durationOf(keepalive, 'time'),
    intervalMs: durationOf(keepalive, 'interval'),
  };
}

/** Null when absent and when 0, which is "not set" to Istio. */
function wholeOrNull(block: Field | undefined, key: string): number | null {
  return block?.get(key).whole(0, UNLIMITED) || null;
}

function durationOf(block: Field | undefined, key: string): number | null {
  return block === undefined ? null : istioDuration(block.get(key));
}
