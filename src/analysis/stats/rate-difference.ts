/**
 * Bounds for the difference of two independent rates: the limits of each rate are combined as in method 10 of R. G. Newcombe
 * (Statistics in Medicine 17, 1998, p. 873; the general form is MOVER, G. Y. Zou and A. Donner, Statistics in Medicine 27,
 * 2008, p. 1693). The limits are those of Clopper and Pearson and not Wilson's, which are too narrow for one side near 0,
 * where rates of errors are. docs/statistics.md has the chances of a wrong verdict.
 */
import { lowerBound, upperBound } from './clopper-pearson.js';
import type { Rate } from './rate-limit.js';

/**
 * One-sided bounds of `rate − base`, each with a chance of about `alpha` to be wrong; [−1, 1] when one of them has no trials.
 */
export function differenceBounds(rate: Rate, base: Rate, alpha: number): [lo: number, hi: number] {
  if (rate.trials <= 0 || base.trials <= 0) return [-1, 1];
  return [-mostAbove(base, rate, alpha), mostAbove(rate, base, alpha)];
}

/** Upper bound of `rate − base`. */
function mostAbove(rate: Rate, base: Rate, alpha: number): number {
  const seen = rate.events / rate.trials;
  const seenOfBase = base.events / base.trials;
  const up = upperBound(rate.events, rate.trials, alpha) - seen;
  const down = seenOfBase - lowerBound(base.events, base.trials, alpha);
  return Math.min(1, seen - seenOfBase + Math.hypot(up, down));
}
