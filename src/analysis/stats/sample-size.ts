/**
 * How many requests a run needs that is looked at once. Two one-sided tests per version (Schuirmann 1987), all of which must
 * pass, with the usual normal approximation of their power: S.-C. Chow, J. Shao and H. Wang, Sample Size Calculations in
 * Clinical Research, 2nd ed., 2008, section 4.1.3 (one-sample equivalence of a proportion).
 *
 * A kept version of share p misses a boundary at the distance d with the chance P(Z > d √n ÷ √(p (1 − p)) − z), where z is the
 * quantile of the confidence. The chances are added up over boundaries and versions. Versions do not miss independently: where
 * one has too many, others have too few. So the chance that both miss is taken off for each pair of the version that misses
 * most and another (D. Hunter, J. Appl. Prob. 13, 1976: still an upper bound). With two versions, which mirror each other, that
 * leaves one event.
 */
import { jointTail, normalQuantile, normalTail } from './normal.js';
import { shareBounds } from './two-one-sided.js';

/** Relative precision of the search; the approximation is far coarser. */
const PRECISION = 1e-4;

/** A kept version, as far as its chance to miss a boundary goes. */
interface Version {
  readonly share: number;
  /** Standard deviation of one draw, √(p (1 − p)). */
  readonly deviation: number;
  /** Distances from the share to its boundaries; null: not tested. */
  readonly down: number | null;
  readonly up: number | null;
}

/**
 * The size of a run that passes a split that is kept with the chance `power`, about. It is 2,435 for 90/10 ± 2 points at 95 % and
 * a power of 90 %.
 *
 * It is never smaller than what a pass needs at least by the exact tests, nor than what shows that a version got nothing:
 * (1 − p)^n <= α ÷ K. It is somewhat low: by the exact tests 90/10 ± 2 passes in 89 % and not in 90 %, and near shares of 0 and
 * 1 the difference is larger (planning/needed.ts makes up for it).
 *
 * @param shares expected shares, fractions
 * @param tolerances for each version, above 0, fractions
 * @param confidence 0.95: a wrong pass has at most 5 % chance
 * @param power between 0 and 1
 * @returns a whole number from 1; may be larger than any run
 */
export function fixedSize(
  shares: readonly number[],
  tolerances: readonly number[],
  confidence: number,
  power = 0.9,
): number {
  const alpha = 1 - confidence;
  const versions = shares
    .map((share, i) => versionOf(share, tolerances[i] as number))
    .filter(({ share }) => share > 0)
    .sort((a, b) => reach(a) - reach(b));
  const z = normalQuantile(alpha);
  const least = leastSize(shares, tolerances, alpha);
  const enough = (n: number) => misses(versions, n, z) <= 1 - power;
  if (enough(least)) return least;
  let low = least;
  let high = least * 2;
  while (!enough(high)) [low, high] = [high, high * 2];
  while (high - low > Math.max(0.5, high * PRECISION)) {
    const middle = (low + high) / 2;
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return Math.ceil(high);
}

function versionOf(share: number, tolerance: number): Version {
  const [low, high] = shareBounds(share, tolerance);
  return {
    share,
    deviation: Math.sqrt(share * (1 - share)),
    down: low === null ? null : share - low,
    up: high === null ? null : high - share,
  };
}

/** Standard deviations to the nearer boundary: the version that misses most has the least. */
function reach({ down, up, deviation }: Version): number {
  return Math.min(down ?? Number.POSITIVE_INFINITY, up ?? Number.POSITIVE_INFINITY) / deviation;
}

/** The chance that some version of a kept split does not pass after n requests: an upper bound. */
function misses(versions: readonly Version[], n: number, z: number): number {
  const [first, ...others] = versions.map((version) => ({
    odds: version.share / (1 - version.share),
    down: margin(version.down, version.deviation, n) - z,
    up: margin(version.up, version.deviation, n) - z,
  }));
  if (first === undefined) return 0;
  let sum = normalTail(first.down) + normalTail(first.up);
  for (const { odds, down, up } of others) {
    const correlation = Math.min(1, Math.sqrt(first.odds * odds));
    sum += normalTail(down) - jointTail(first.up, down, correlation);
    sum += normalTail(up) - jointTail(first.down, up, correlation);
  }
  return sum;
}

/** How many standard deviations of the mean a boundary is away. */
function margin(distance: number | null, deviation: number, n: number): number {
  return distance === null || deviation === 0
    ? Number.POSITIVE_INFINITY
    : (distance * Math.sqrt(n)) / deviation;
}

/** Below this a pass is impossible whatever the counts, or a version that got nothing is not yet found out. */
function leastSize(shares: readonly number[], tolerances: readonly number[], alpha: number): number {
  const weighted = shares.filter((share) => share > 0).length;
  const sizes = shares.flatMap((share, i) => {
    // None of n shows less than the tolerance.
    if (share === 0) return [Math.log(alpha) / Math.log1p(-(tolerances[i] as number))];
    const [low, high] = shareBounds(share, tolerances[i] as number);
    return [
      share === 1 ? 1 : Math.log(alpha / weighted) / Math.log1p(-share),
      low === null ? 1 : Math.log(alpha) / Math.log(low),
      high === null ? 1 : Math.log(alpha) / Math.log1p(-high),
    ];
  });
  return Math.max(1, ...sizes.map(Math.ceil));
}
