/**
 * One-sided tests of a share against a boundary, and the bounds that belong to them: a bound lies above a boundary exactly when
 * the test says so. A run of a fixed size is looked at once, by exact tests; a run that stops when its verdict is known needs
 * tests that hold at every look.
 */
import { lowerBound, upperBound } from './clopper-pearson.js';
import { evidenceAbove, evidenceBelow } from './mixture.js';

/** Counts are of draws and need not be whole; `alpha` is the chance of a wrong statement. */
export interface ShareTest {
  /** Whether the share is shown to be above a boundary. */
  isAbove(k: number, n: number, boundary: number, alpha: number): boolean;
  /** Whether the share is shown to be below a boundary. */
  isBelow(k: number, n: number, boundary: number, alpha: number): boolean;
  /** Every boundary below this is shown to be too low. */
  lower(k: number, n: number, alpha: number): number;
  /** Every boundary above this is shown to be too high. */
  upper(k: number, n: number, alpha: number): number;
}

/** How often a run is looked at: once at its end, or again and again until its verdict is known. */
export type TestMethod = 'fixed' | 'sequential';

/** The tests of one look (Clopper and Pearson 1934). */
const EXACT: ShareTest = {
  isAbove: (k, n, boundary, alpha) => lowerBound(k, n, alpha) > boundary,
  isBelow: (k, n, boundary, alpha) => upperBound(k, n, alpha) < boundary,
  lower: lowerBound,
  upper: upperBound,
};

/**
 * With two versions, one is too high when the other is too low. Both wrong statements together had a chance of up to 1.01 × alpha
 * (computed for 8 splits), so that each gets a little less.
 */
const LEVEL = 0.99;
/** Steps of bisection: to the last bit but a few. */
const STEPS = 48;

/**
 * @param width what the alternatives of a sequential test are measured in: the tolerance of a share
 */
export function shareTest(method: TestMethod, width: number): ShareTest {
  return method === 'fixed' ? EXACT : sequential(width);
}

function sequential(width: number): ShareTest {
  const enough = (alpha: number) => -Math.log(LEVEL * alpha);
  const upper = (k: number, n: number, alpha: number) => {
    if (k >= n) return 1;
    let [low, high] = [k / n, 1];
    for (let step = 0; step < STEPS; step++) {
      const middle = (low + high) / 2;
      if (evidenceBelow(k, n, middle, width) >= enough(alpha)) high = middle;
      else low = middle;
    }
    return high;
  };
  return {
    isAbove: (k, n, boundary, alpha) => n > 0 && evidenceAbove(k, n, boundary, width) >= enough(alpha),
    isBelow: (k, n, boundary, alpha) => n > 0 && evidenceBelow(k, n, boundary, width) >= enough(alpha),
    lower: (k, n, alpha) => 1 - upper(n - k, n, alpha),
    upper,
  };
}
