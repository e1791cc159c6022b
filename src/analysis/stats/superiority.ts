/**
 * The probability that a value of one set is larger than one of another, equal ones counting half: the statistic of Mann and
 * Whitney (Annals of Mathematical Statistics 18, 1947) as a probability.
 *
 * Its variance is that of E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson (Biometrics 44, 1988, p. 837), which holds for any two
 * distributions. It is 0 if the sets do not overlap, although few values do not show that they never do. So for the variance each set
 * gets two more values, one below all and one above all, as A. Agresti and B. Caffo do with proportions (American Statistician 54,
 * 2000, p. 280). The interval is that of Clopper and Pearson for as many draws as have this variance (E. L. Korn and B. I. Graubard,
 * Survey Methodology 24, 1998, p. 193). docs/statistics.md has how often it is wrong.
 */

import type { LogHistogram } from '../../log-histogram.js';
import { lowerBound, upperBound } from './clopper-pearson.js';

interface Values extends Pick<LogHistogram, 'count'> {
  /** From low to high. */
  forEach(use: (value: number, count: number) => void): void;
}

/** How often a value occurs in each set. */
interface Step {
  readonly value: number;
  own: number;
  base: number;
}

/**
 * P(own > base) + P(own = base) ÷ 2, where values in one bucket of the histograms are equal.
 *
 * @param alpha each bound has a chance of about this to be wrong
 * @returns null if one of the sets is empty
 */
export function probabilityAbove(
  own: Values,
  base: Values,
  alpha: number,
): { value: number; interval: [lo: number, hi: number] } | null {
  if (own.count === 0 || base.count === 0) return null;
  const steps = stepsOf(own, base);
  const { mean: value } = placements(steps, own.count, base.count);
  const wider = [step(Number.NEGATIVE_INFINITY, 1, 1), ...steps, step(Number.POSITIVE_INFINITY, 1, 1)];
  const { mean, variance } = placements(wider, own.count + 2, base.count + 2);
  const back = wider.map(({ value: at, own: n, base: m }) => step(at, m, n));
  const { variance: baseVariance } = placements(back, base.count + 2, own.count + 2);
  const draws = (mean * (1 - mean)) / (variance / own.count + baseVariance / base.count);
  const above = value * draws;
  return { value, interval: [lowerBound(above, draws, alpha), upperBound(above, draws, alpha)] };
}

/** Mean and variance of: which part of `base` a value of `own` is above. */
function placements(
  steps: readonly Step[],
  ownCount: number,
  baseCount: number,
): { mean: number; variance: number } {
  let below = 0;
  let sum = 0;
  let squares = 0;
  for (const { own, base } of steps) {
    const part = (below + base / 2) / baseCount;
    sum += own * part;
    squares += own * part * part;
    below += base;
  }
  const mean = Math.min(1, sum / ownCount);
  return { mean, variance: Math.max(0, squares - ownCount * mean * mean) / (ownCount - 1) };
}

/** The values of both sets, from low to high. */
function stepsOf(own: Values, base: Values): Step[] {
  const steps = new Map<number, Step>();
  const at = (value: number): Step => {
    const found = steps.get(value) ?? step(value, 0, 0);
    steps.set(value, found);
    return found;
  };
  own.forEach((value, count) => {
    at(value).own += count;
  });
  base.forEach((value, count) => {
    at(value).base += count;
  });
  return [...steps.values()].sort((a, b) => a.value - b.value);
}

function step(value: number, own: number, base: number): Step {
  return { value, own, base };
}
