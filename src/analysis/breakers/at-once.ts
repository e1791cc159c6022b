/** What the circuit breakers of one cluster let through at once, by their limits. */
import type { BindingLimit } from '../limits/result.js';

/** Null: no limit. */
interface Limits {
  readonly maxConnections: number | null;
  readonly maxPendingRequests: number | null;
  readonly maxRequests: number | null;
  /** Over HTTP/2: requests at once on a connection to the backend. */
  readonly maxConcurrentStreams?: number | null;
}

/** Requests at once; Infinity: no limit. */
export interface Taken {
  /** Requests that a backend works on. */
  readonly underWay: number;
  /** These, and those that wait for a connection. */
  readonly atOnce: number;
  /** The limits that are full then; none: no limit. */
  readonly full: BindingLimit['limits'];
}

/**
 * A request takes a place on a connection, one over HTTP/1.1 and `maxConcurrentStreams` over HTTP/2, and without one it waits. The
 * limit on requests counts those on connections, and nothing waits for it: where it is the smaller one, a request that gets a
 * place beyond it is refused, and so are those that waited. A request waits while its connection is opened, too: without a place to wait
 * nothing gets through (docs/envoy.md).
 */
export function takenAtOnce(limits: Limits, protocol: 'http/1.1' | 'h2'): Taken {
  if (limits.maxPendingRequests === 0) return { underWay: 0, atOnce: 0, full: ['maxPendingRequests'] };
  const requests = limits.maxRequests ?? Number.POSITIVE_INFINITY;
  const places = placesOf(limits, protocol);
  if (places > requests) return { underWay: requests, atOnce: requests, full: ['maxRequests'] };
  if (places === Number.POSITIVE_INFINITY) return { underWay: places, atOnce: places, full: [] };
  const pending = limits.maxPendingRequests ?? Number.POSITIVE_INFINITY;
  return { underWay: places, atOnce: places + pending, full: ['maxConnections', 'maxPendingRequests'] };
}

/** Requests at once on all connections that are allowed. */
function placesOf({ maxConnections, maxConcurrentStreams }: Limits, protocol: 'http/1.1' | 'h2'): number {
  const onEach = protocol === 'h2' ? (maxConcurrentStreams ?? Number.POSITIVE_INFINITY) : 1;
  // Of no connections too: Envoy always opens a first one.
  if (onEach === Number.POSITIVE_INFINITY) return onEach;
  return (maxConnections ?? Number.POSITIVE_INFINITY) * onEach;
}
