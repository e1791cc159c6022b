/**
 * The chance that the counts of all versions lie within bounds, exactly: counts of n draws are independent Poisson variables
 * with means n p, given that their sum is n (B. Levin, Annals of Statistics 9, 1981, p. 1123). For two versions it is binomial.
 */
import { deviance, stirlingError } from './loader.js';

/** Additions that are made at most: some tenths of a second. */
const MAX_STEPS = 1e7;

/**
 * @param n draws, a whole number from 1
 * @param shares of all versions, fractions with the sum 1
 * @param bounds for the count of each version, whole numbers, both allowed; none in between: the chance is 0
 * @returns from 0 to 1, with a relative error below 1e-9; null if it would take too long
 */
export function chanceWithin(
  n: number,
  shares: readonly number[],
  bounds: readonly (readonly [lo: number, hi: number])[],
): number | null {
  let restLow = bounds.reduce((sum, [lo]) => sum + lo, 0);
  let restHigh = bounds.reduce((sum, [, hi]) => sum + hi, 0);
  let from = 0;
  /** sums[i]: the chance that the counts so far add up to from + i. */
  let sums = Float64Array.of(1);
  let steps = 0;
  for (const [v, share] of shares.entries()) {
    const [lo, hi] = bounds[v] as [number, number];
    if (lo > hi) return 0;
    restLow -= lo;
    restHigh -= hi;
    // Sums from which n can still be reached.
    const nextFrom = Math.max(from + lo, n - restHigh);
    const nextTo = Math.min(from + sums.length - 1 + hi, n - restLow);
    if (nextTo < nextFrom) return 0;
    // Counts of this version from which a sum before leads to a sum now.
    const first = Math.max(lo, nextFrom - (from + sums.length - 1));
    const counts = Math.min(hi, nextTo - from) - first + 1;
    steps += counts * Math.min(sums.length, nextTo - nextFrom + 1);
    if (steps > MAX_STEPS) return null;
    const next = new Float64Array(nextTo - nextFrom + 1);
    for (let count = first; count < first + counts; count++) {
      const chance = poisson(count, n * share);
      const shift = from + count - nextFrom;
      const end = Math.min(sums.length, next.length - shift);
      for (let i = Math.max(0, -shift); i < end; i++) next[i + shift]! += (sums[i] as number) * chance;
    }
    [from, sums] = [nextFrom, next];
  }
  return Math.min(1, (sums[n - from] ?? 0) / poisson(n, n));
}

/** C. Loader's form, which keeps its digits where factorials would overflow. */
function poisson(k: number, mean: number): number {
  if (mean === 0) return k === 0 ? 1 : 0;
  if (k === 0) return Math.exp(-mean);
  return Math.exp(-stirlingError(k) - deviance(k, mean)) / Math.sqrt(2 * Math.PI * k);
}
