/** Whether a rate, such as that of errors, is below or above a limit: one-sided tests. docs/statistics.md says it in words. */
import type { Verdict } from '../verdict.js';
import { type ShareTest, shareTest, type TestMethod } from './share-test.js';
import { roundedUp, smallestFactor } from './smallest-factor.js';

/** How many of `trials` were counted. */
export interface Rate {
  readonly events: number;
  readonly trials: number;
}

/** What a rate is held against. All are fractions. */
export interface RateRule {
  readonly method: TestMethod;
  readonly limit: number;
  /** Chance of a wrong pass. */
  readonly alpha: number;
  /** Chance of a wrong fail: `alpha`, divided among the rates of which one is enough to fail. */
  readonly failAlpha: number;
}

/** Alternatives of a sequential test: a tenth and 0.55 of the limit below it, 1.45 and 1.9 times the limit above it. */
const WIDTH = 1.125;
/** Beyond this many trials in all, "more" is no advice. */
const MAX_TRIALS = 1e9;

/** `pass`: the rate is shown to be below the limit; `fail`: shown to be above. Without trials it is inconclusive. */
export function judgeRate({ events, trials }: Rate, { method, limit, alpha, failAlpha }: RateRule): Verdict {
  if (trials <= 0) return 'inconclusive';
  const test = rateTest(method, limit);
  if (test.isBelow(events, trials, limit, alpha)) return 'pass';
  return test.isAbove(events, trials, limit, failAlpha) ? 'fail' : 'inconclusive';
}

/** The test of a rate against a limit, a fraction. */
export function rateTest(method: TestMethod, limit: number): ShareTest {
  return shareTest(method, WIDTH * limit);
}

/**
 * How many trials in all would about decide if the rate stays as it was seen: 299 without an event, for a limit of 1 % at 95 % that
 * is looked at once.
 *
 * @returns exact without events at one look, else rounded up to two digits; null when no number would, because the rate lies on the limit
 */
export function trialsToDecide({ events, trials }: Rate, rule: RateRule): number | null {
  if (events === 0 && rule.method === 'fixed')
    return Math.ceil(Math.log(rule.alpha) / Math.log1p(-rule.limit));
  const decidedAt = (factor: number) =>
    judgeRate({ events: events * factor, trials: trials * factor }, rule) !== 'inconclusive';
  if (trials <= 0) return null;
  const factor = smallestFactor(decidedAt, MAX_TRIALS / trials);
  return factor === null ? null : roundedUp(factor * trials);
}
