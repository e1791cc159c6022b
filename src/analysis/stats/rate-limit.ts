/**
 * Whether a rate, such as that of errors, is below or above a limit: one-sided exact binomial tests by the bounds of Clopper
 * and Pearson (1934). docs/statistics.md says it in words.
 */
import type { Verdict } from '../verdict.js';
import { lowerBound, upperBound } from './clopper-pearson.js';
import { roundedUp, smallestFactor } from './smallest-factor.js';

/** How many of `trials` were counted. */
export interface Rate {
  readonly events: number;
  readonly trials: number;
}

/** What a rate is held against. All are fractions. */
export interface RateRule {
  readonly limit: number;
  /** Chance of a wrong pass. */
  readonly alpha: number;
  /** Chance of a wrong fail: `alpha`, divided among the rates of which one is enough to fail. */
  readonly failAlpha: number;
}

/** Beyond this many trials in all, "more" is no advice. */
const MAX_TRIALS = 1e9;

/** `pass`: the rate is shown to be below the limit; `fail`: shown to be above. Without trials it is inconclusive. */
export function judgeRate({ events, trials }: Rate, { limit, alpha, failAlpha }: RateRule): Verdict {
  if (trials <= 0) return 'inconclusive';
  if (upperBound(events, trials, alpha) < limit) return 'pass';
  return lowerBound(events, trials, failAlpha) > limit ? 'fail' : 'inconclusive';
}

/**
 * How many trials in all would about decide if the rate stays as it was seen: 299 without an event, for a limit of 1 % at 95 %.
 *
 * @returns exact without events, else rounded up to two digits; null when no number would, because the rate lies on the limit
 */
export function trialsToDecide({ events, trials }: Rate, rule: RateRule): number | null {
  if (events === 0) return Math.ceil(Math.log(rule.alpha) / Math.log1p(-rule.limit));
  const decidedAt = (factor: number) =>
    judgeRate({ events: events * factor, trials: trials * factor }, rule) !== 'inconclusive';
  const factor = smallestFactor(decidedAt, MAX_TRIALS / trials);
  return factor === null ? null : roundedUp(factor * trials);
}
