/** What the circuit breakers let through at once, by their limits alone: how long backends take is not known before the run. */
import { sum } from '../../collections.js';
import type { ExpectedVersion, LoadPlan } from '../../plan/plan.js';
import type { BreakerLimits } from '../../plan/policy/breaker-limits.js';
import type { BreakersResult } from './result.js';

const NO_LIMIT = Number.POSITIVE_INFINITY;

/** @param limits null: not known */
export function breakersOf(
  limits: readonly BreakerLimits[] | null,
  expected: readonly ExpectedVersion[],
  { mode, connections, streams, maxInFlight }: LoadPlan,
): BreakersResult {
  const rows = (limits ?? []).map((one) => ({
    ...one,
    atOnce: { http1: overHttp1(one), http2: one.maxRequests },
  }));
  return {
    limits: limits === null ? null : rows,
    concurrency: concurrencyOf(limits ?? [], expected),
    inFlight: mode === 'open' ? maxInFlight : connections * streams,
  };
}

/**
 * Requests under way and waiting, over HTTP/1.1 to the backend: a request takes a connection, and without one it waits. The limit
 * on requests counts those under way too; where it is the smaller one, nothing waits (docs/envoy.md).
 */
function overHttp1({ maxConnections, maxPendingRequests, maxRequests }: BreakerLimits): number | null {
  const connections = maxConnections ?? NO_LIMIT;
  const requests = maxRequests ?? NO_LIMIT;
  const most = connections <= requests ? connections + (maxPendingRequests ?? NO_LIMIT) : requests;
  return Number.isFinite(most) ? most : null;
}

/**
 * How many requests in flight bring the first version to its limits, on average, if all answer equally fast. When version v is at
 * its limits, each other version u has share_u ÷ share_v times as many under way as v has, or is at its own limits.
 *
 * @returns null: no limit is ever met
 */
function concurrencyOf(
  limits: readonly BreakerLimits[],
  expected: readonly ExpectedVersion[],
): number | null {
  const together = limits.find(({ version }) => version === null);
  if (together !== undefined) return overHttp1(together);
  const versions = expected
    .filter(({ share }) => share > 0)
    .map(({ name, share }) => {
      const own = limits.find(({ version }) => version === name);
      const underWay = Math.min(own?.maxConnections ?? NO_LIMIT, own?.maxRequests ?? NO_LIMIT);
      return { share, underWay, most: (own && overHttp1(own)) ?? NO_LIMIT };
    });
  const knees = versions.map((v) =>
    sum(
      versions.map((u) => {
        if (u === v) return v.most;
        const followed = (u.share / v.share) * v.underWay;
        return followed < u.underWay ? followed : u.most;
      }),
    ),
  );
  const least = Math.floor(Math.min(...knees));
  return Number.isFinite(least) ? least : null;
}
