/** What the circuit breakers let through at once, by their limits alone: how long backends take is not known before the run. */

import type { BreakerLimits } from '../../plan/limit-facts.js';
import type { ExpectedVersion, LoadPlan } from '../../plan/plan.js';
import { takenAtOnce } from '../breakers/at-once.js';
import { kneeInFlight } from '../breakers/knee.js';
import type { BreakersResult } from './result.js';

const UNLIMITED = { maxConnections: null, maxPendingRequests: null, maxRequests: null };

/** @param limits null: not known */
export function breakersOf(
  limits: readonly BreakerLimits[] | null,
  expected: readonly ExpectedVersion[],
  { mode, connections, streams, maxInFlight }: LoadPlan,
): BreakersResult {
  const rows = (limits ?? []).map((one) => ({
    ...one,
    atOnce: {
      http1: finite(takenAtOnce(one, 'http/1.1').atOnce),
      http2: finite(takenAtOnce(one, 'h2').atOnce),
    },
  }));
  return {
    limits: limits === null ? null : rows,
    concurrency: concurrencyOf(limits ?? [], expected),
    inFlight: mode === 'open' ? maxInFlight : connections * streams,
  };
}

/**
 * How many requests in flight bring the first version to its limits, on average, over HTTP/1.1 and if all answer equally fast.
 *
 * @returns null: no limit is ever met
 */
function concurrencyOf(
  limits: readonly BreakerLimits[],
  expected: readonly ExpectedVersion[],
): number | null {
  const together = limits.find(({ version }) => version === null);
  const parts =
    together === undefined
      ? expected.map(({ name, share }) => ({
          share,
          limits: limits.find(({ version }) => version === name) ?? UNLIMITED,
        }))
      : [{ share: 1, limits: together }];
  const clusters = parts.map((part) => ({
    share: part.share,
    time: 1,
    ...takenAtOnce(part.limits, 'http/1.1'),
  }));
  return finite(Math.floor(kneeInFlight(clusters).load));
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
