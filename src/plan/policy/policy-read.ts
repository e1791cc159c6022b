/** The three blocks of a trafficPolicy that decide what a client sees, as typed values. */
import type { Block } from './policy-block.js';

/** No limit, as Istio writes it: 2^32 - 1. */
export const UNLIMITED = 4_294_967_295;

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

export interface OutlierDetection {
  /** 5xx in a row that eject; 0: this rule is off. */
  readonly consecutive5xxErrors: number;
  /** 502, 503, 504 in a row that eject; 0: this rule is off. */
  readonly consecutiveGatewayErrors: number;
  /** Failures to connect in a row that eject, counted apart; null: they count as 5xx. */
  readonly consecutiveLocalOriginFailures: number | null;
  readonly splitExternalLocalOriginErrors: boolean;
  readonly intervalMs: number;
  readonly baseEjectionTimeMs: number;
  readonly maxEjectionPercent: number;
  /** Percent of healthy endpoints below which ejections are ignored; Istio's default is 0, never. */
  readonly minHealthPercent: number;
  /** Names of the fields that the manifest gives; the others hold defaults. */
  readonly given: readonly string[];
}

/** What a hash balancer hashes. */
export type HashOn =
  | { readonly header: string }
  | { readonly queryParameter: string }
  | {
      readonly cookie: { readonly name: string; readonly path: string | null; readonly ttlMs: number | null };
    }
  | { readonly sourceIp: true };

export type LoadBalancer =
  | {
      readonly policy: 'LEAST_REQUEST' | 'ROUND_ROBIN';
      readonly warmup: {
        readonly durationMs: number;
        readonly minimumPercent: number;
        readonly aggression: number;
      } | null;
    }
  | { readonly policy: 'RANDOM' | 'PASSTHROUGH' }
  | { readonly policy: 'RING_HASH'; readonly hashOn: HashOn | null; readonly minimumRingSize: number }
  | { readonly policy: 'MAGLEV'; readonly hashOn: HashOn | null; readonly tableSize: number | null };

/** Appends the lines for values that nobody set. */
type Defaults = string[];

/** @param block null when the policy has none; then and for unset fields Istio's defaults hold */
export function readConnectionPool(
  block: Block | null,
  origin: string,
  defaults: Defaults,
  notes: string[],
): ConnectionPool {
  const tcp = block?.child(block.values, 'tcp') ?? null;
  const http = block?.child(block.values, 'http') ?? null;
  const keepalive = tcp?.child(tcp.values, 'tcpKeepalive') ?? null;
  const unset: string[] = [];
  const limit = (from: Block | null, group: string, key: string): number => {
    // Istio takes 0 as "not set" (pilot, applyConnectionPool).
    const value = from?.number(key, 0, UNLIMITED) ?? 0;
    if (value === 0) {
      unset.push(`${group}.${key}`);
      return UNLIMITED;
    }
    return value;
  };
  const connectTimeoutMs = tcp?.durationMs('connectTimeout') ?? null;
  if (connectTimeoutMs === null) {
    defaults.push(`connectionPool.tcp.connectTimeout of ${origin}: 10s (Istio's default)`);
  }
  const upgrade = http?.text('h2UpgradePolicy') ?? null;
  if (http !== null && upgrade !== null && !['DEFAULT', 'UPGRADE', 'DO_NOT_UPGRADE'].includes(upgrade)) {
    throw http.bad('h2UpgradePolicy', upgrade, 'DEFAULT, UPGRADE or DO_NOT_UPGRADE');
  }
  if (tcp?.has('idleTimeout')) {
    notes.push(`${tcp.where('idleTimeout')} has no effect on HTTP`);
  }
  const limits = {
    maxConnections: limit(tcp, 'tcp', 'maxConnections'),
    http1MaxPendingRequests: limit(http, 'http', 'http1MaxPendingRequests'),
    http2MaxRequests: limit(http, 'http', 'http2MaxRequests'),
    maxRetries: limit(http, 'http', 'maxRetries'),
  };
  if (unset.length > 0) {
    defaults.push(`connectionPool of ${origin}: no limit (2^32-1) for ${unset.join(', ')} (Istio's default)`);
  }
  return {
    ...limits,
    maxRequestsPerConnection: http?.number('maxRequestsPerConnection', 0, UNLIMITED) || null,
    connectTimeoutMs: connectTimeoutMs ?? 10_000,
    idleTimeoutMs: http?.durationMs('idleTimeout') ?? null,
    maxConnectionDurationMs: tcp?.durationMs('maxConnectionDuration') ?? null,
    tcpKeepalive:
      keepalive === null
        ? null
        : {
            probes: keepalive.number('probes', 0, UNLIMITED) || null,
            timeMs: keepalive.durationMs('time'),
            intervalMs: keepalive.durationMs('interval'),
          },
    h2Upgrade: upgrade === 'UPGRADE',
    useClientProtocol: http?.boolean('useClientProtocol') ?? false,
    maxConcurrentStreams: http?.number('maxConcurrentStreams', 0, UNLIMITED) || null,
  };
}

/**
 * Istio turns success-rate ejection off and leaves what is unset to Envoy, whose count of consecutive 5xx
 * (5) is in force even when only `consecutiveGatewayErrors` is given.
 */
export function readOutlierDetection(
  block: Block | null,
  origin: string,
  defaults: Defaults,
  notes: string[],
): OutlierDetection | null {
  if (block === null) {
    defaults.push(`outlierDetection of ${origin}: none, no endpoint is ejected (Istio's default)`);
    return null;
  }
  const given: string[] = [];
  const orDefault = (key: string, value: number | null, fallback: number, shown: string): number => {
    if (value === null) {
      defaults.push(`outlierDetection.${key} of ${origin}: ${shown} (Envoy's default)`);
      return fallback;
    }
    given.push(key);
    return value;
  };
  if (block.has('consecutiveErrors')) {
    notes.push(`${block.where('consecutiveErrors')} is no longer read by Istio: use consecutive5xxErrors`);
  }
  const split = block.boolean('splitExternalLocalOriginErrors') ?? false;
  const localFailures = block.number('consecutiveLocalOriginFailures', 0, UNLIMITED) || null;
  if (localFailures !== null && !split) {
    notes.push(
      `${block.where('consecutiveLocalOriginFailures')} has no effect without splitExternalLocalOriginErrors: true`,
    );
  }
  const gatewayErrors = block.number('consecutiveGatewayErrors', 0, UNLIMITED);
  if (gatewayErrors !== null) {
    given.push('consecutiveGatewayErrors');
  }
  return {
    consecutive5xxErrors: orDefault(
      'consecutive5xxErrors',
      block.number('consecutive5xxErrors', 0, UNLIMITED),
      5,
      '5',
    ),
    consecutiveGatewayErrors: gatewayErrors ?? 0,
    // Envoy's own default is 5, in force once external and local errors are split.
    consecutiveLocalOriginFailures: split ? (localFailures ?? 5) : null,
    splitExternalLocalOriginErrors: split,
    intervalMs: orDefault('interval', positive(block, 'interval'), 10_000, '10s'),
    baseEjectionTimeMs: orDefault('baseEjectionTime', positive(block, 'baseEjectionTime'), 30_000, '30s'),
    // 0 is "not set" to Istio.
    maxEjectionPercent: orDefault(
      'maxEjectionPercent',
      block.number('maxEjectionPercent', 0, 100) || null,
      10,
      '10',
    ),
    minHealthPercent: block.number('minHealthPercent', 0, 100) ?? 0,
    given: localFailures !== null && split ? [...given, 'consecutiveLocalOriginFailures'] : given,
  };
}

function positive(block: Block, key: string): number | null {
  const ms = block.durationMs(key);
  if (ms !== null && ms < 1) {
    throw block.bad(key, block.values[key], 'a duration of at least 1ms');
  }
  return ms;
}

const SIMPLE = ['UNSPECIFIED', 'LEAST_CONN', 'LEAST_REQUEST', 'ROUND_ROBIN', 'RANDOM', 'PASSTHROUGH'];

export function readLoadBalancer(
  block: Block | null,
  origin: string,
  defaults: Defaults,
  notes: string[],
): LoadBalancer {
  const simple = block?.text('simple') ?? null;
  if (block !== null && simple !== null && !SIMPLE.includes(simple)) {
    throw block.bad('simple', simple, `one of ${SIMPLE.join(', ')}`);
  }
  if (block?.has('localityLbSetting')) {
    notes.push(`${block.where('localityLbSetting')} is not applied: the lab's pods have no locality`);
  }
  const hash = block?.child(block.values, 'consistentHash') ?? null;
  if (block !== null && hash !== null) {
    return readConsistentHash(hash);
  }
  if (simple === 'RANDOM' || simple === 'PASSTHROUGH') {
    return { policy: simple };
  }
  if (simple === null || simple === 'UNSPECIFIED') {
    defaults.push(`loadBalancer of ${origin}: LEAST_REQUEST (Istio's default)`);
  }
  return {
    policy: simple === 'ROUND_ROBIN' ? 'ROUND_ROBIN' : 'LEAST_REQUEST',
    warmup: block === null ? null : readWarmup(block),
  };
}

function readWarmup(block: Block): { durationMs: number; minimumPercent: number; aggression: number } | null {
  const warmup = block.child(block.values, 'warmup');
  const durationMs = warmup === null ? block.durationMs('warmupDurationSecs') : warmup.durationMs('duration');
  if (durationMs === null) {
    return null;
  }
  return {
    durationMs,
    minimumPercent: warmup?.fraction('minimumPercent', 0, 100) ?? 10,
    aggression: warmup?.fraction('aggression', 1, 1000) ?? 1,
  };
}

function readConsistentHash(hash: Block): LoadBalancer {
  const header = hash.text('httpHeaderName');
  const queryParameter = hash.text('httpQueryParameterName');
  const cookie = hash.child(hash.values, 'httpCookie');
  let hashOn: HashOn | null = null;
  if (header !== null) {
    hashOn = { header };
  } else if (cookie !== null) {
    hashOn = {
      cookie: {
        name: cookie.text('name') ?? '',
        path: cookie.text('path'),
        ttlMs: cookie.durationMs('ttl'),
      },
    };
  } else if (hash.boolean('useSourceIp') === true) {
    hashOn = { sourceIp: true };
  } else if (queryParameter !== null) {
    hashOn = { queryParameter };
  }
  const maglev = hash.child(hash.values, 'maglev');
  if (maglev !== null) {
    return { policy: 'MAGLEV', hashOn, tableSize: maglev.number('tableSize', 2, 5_000_011) };
  }
  const ring = hash.child(hash.values, 'ringHash');
  return {
    policy: 'RING_HASH',
    hashOn,
    minimumRingSize:
      ring?.number('minimumRingSize', 0, 8_388_608) ?? hash.number('minimumRingSize', 0, 8_388_608) ?? 1024,
  };
}
