/** How each version's answers compare with those of the baseline, the version of most weight. */
import {
  baselineOf,
  type CheckInput,
  type CountedVersion,
  intervalConfidence,
  isSeen,
} from './checks/check-input.js';
import { differenceOf, rateOf } from './checks/rates.js';
import type { ComparisonResult, Estimate } from './result.js';
import { percentileBounds } from './stats/percentile-bounds.js';
import { quantileDifference } from './stats/quantile-difference.js';
import { differenceBounds } from './stats/rate-difference.js';
import type { Rate } from './stats/rate-limit.js';
import { probabilityAbove } from './stats/superiority.js';

/** Percentiles of latency that are compared. */
export const COMPARED_PERCENTILES: readonly number[] = [50, 90, 99];

/** One for each version with weight or with answers, besides the baseline. */
export function comparisons(input: CheckInput): ComparisonResult[] {
  const { versions, judge } = input;
  const baseline = baselineOf(versions);
  if (baseline === null) return [];
  const alpha = 1 - judge.confidence;
  return versions
    .filter((version) => version !== baseline && isSeen(version))
    .map((version) => ({
      version: version.version,
      baseline: baseline.version,
      intervalConfidence: intervalConfidence(input),
      latencyUs: Object.fromEntries(
        COMPARED_PERCENTILES.map((percent) => [
          String(percent),
          percentileDifference(version.latency, baseline.latency, percent, alpha),
        ]),
      ),
      slower: probabilityAbove(version.latency, baseline.latency, alpha),
      errorPoints: rateDifference(rateOf(version.errors), rateOf(baseline.errors), alpha),
    }));
}

/**
 * A percentile minus the other's, with its interval; null: one of them has too few values for a bound on each side.
 *
 * @param alpha each bound has a chance of about this to be wrong
 */
export function percentileDifference(
  own: CountedVersion['latency'],
  base: CountedVersion['latency'],
  percent: number,
  alpha: number,
): Estimate | null {
  const [a, b] = [own, base].map((values) => percentileBounds(values, percent, alpha));
  if (a?.figure == null || b?.figure == null || a.high === null || b.high === null) return null;
  const { figure, low, high } = quantileDifference(
    { figure: a.figure, low: a.low, high: a.high },
    { figure: b.figure, low: b.low, high: b.high },
  );
  return { value: figure, interval: [low, high] };
}

/** A rate minus the other, in percentage points; null: one of them has no trial. `alpha` as of percentiles. */
export function rateDifference(rate: Rate, base: Rate, alpha: number): Estimate | null {
  const difference = differenceOf(rate, base);
  if (difference === null) return null;
  const [low, high] = differenceBounds(rate, base, alpha);
  return { value: difference * 100, interval: [low * 100, high * 100] };
}
