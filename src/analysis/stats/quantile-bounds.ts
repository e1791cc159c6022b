/**
 * Bounds for a quantile by order statistics: they hold for every distribution (W. R. Thompson, Annals of Mathematical
 * Statistics 7, 1936; H. A. David and H. N. Nagaraja, Order Statistics, 2003, 7.1). The number of samples up to the quantile q
 * is binomial, so that the l-th smallest sample exceeds the quantile with the chance P(X < l). Both ranks follow from the
 * bounds of Clopper and Pearson: P(X <= l − 1) <= α if and only if the upper bound of l − 1 of n is at most q.
 */
import { lowerBound, upperBound } from './clopper-pearson.js';

/** Ranks of two samples, counted from 1 in ascending order; null: no sample is a bound on this side. */
export interface QuantileRanks {
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * The ranks of the samples that bound a quantile from below and from above, each with a chance of at most `alpha` to be wrong.
 *
 * An upper bound for the 99th percentile at 95 % needs 299 samples: with fewer, the largest one is none.
 *
 * @param quantile between 0 and 1, both excluded
 * @param n how many samples there are
 */
export function quantileRanks(quantile: number, n: number, alpha: number): QuantileRanks {
  // True for small ranks, then false.
  const isBelow = (rank: number) => upperBound(rank - 1, n, alpha) <= quantile;
  const isNotAbove = (rank: number) => lowerBound(rank, n, alpha) < quantile;
  const low = lastWhere(isBelow, n);
  const high = lastWhere(isNotAbove, n) + 1;
  return { low: low === 0 ? null : low, high: high > n ? null : high };
}

/** How many samples an upper bound for the quantile needs: 299 for the 99th percentile at 95 %. */
export function samplesForUpperBound(quantile: number, alpha: number): number {
  return Math.ceil(Math.log(alpha) / Math.log(quantile));
}

/** The last whole number from 1 to n for which `holds` is true, if it is true up to there; 0 if it is not true of 1. */
function lastWhere(holds: (rank: number) => boolean, n: number): number {
  let [low, high] = [0, n + 1];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}
