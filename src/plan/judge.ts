/** The options about the verdict: checked, and put in the place of the values that apply without them. */
import { OptionError } from '../errors.js';
import { checkKinds } from './check-kinds.js';
import { DEFAULT_CONFIDENCE, DEFAULT_ERROR_STATUSES } from './defaults.js';
import { checkErrorLimits, errorLimits, errorStatuses } from './error-limits.js';
import { applyMap, expectedVersions } from './expectations.js';
import { checkLatencyVersions, latencyLimits, latencyRatios } from './latency-limits.js';
import type { JudgePlan } from './plan.js';
import type { JudgeOptions } from './plan-options.js';
import { CONFIDENCE, checkBetween, checkRange } from './ranges.js';
import { checkToleranceVersions, tolerances } from './tolerance.js';

/** What applies where no option is given. */
export const DEFAULT_JUDGE: JudgePlan = {
  expected: null,
  tolerance: null,
  confidence: DEFAULT_CONFIDENCE,
  only: null,
  maxErrorRate: null,
  maxErrorIncrease: null,
  maxLatency: [],
  maxLatencyRatio: [],
  errorStatuses: DEFAULT_ERROR_STATUSES,
};

/** The options that are given; undefined for the others. */
export type GivenJudge = { readonly [Member in keyof JudgePlan]: JudgePlan[Member] | undefined } & {
  readonly map: JudgeOptions['map'];
};

/** @throws OptionError naming the option that is wrong */
export function givenJudge(options: JudgeOptions): GivenJudge {
  const { expect, map, tolerance, confidence, only, maxErrorRate, maxErrorIncrease } = options;
  if (confidence !== undefined) checkRange(confidence, 'confidence', CONFIDENCE);
  if (maxErrorIncrease !== undefined) checkBetween(maxErrorIncrease, 'maxErrorIncrease', 0, 1);
  return {
    expected: expect === undefined ? undefined : expectedVersions(expect),
    map,
    tolerance: tolerance === undefined ? undefined : tolerances(tolerance),
    confidence,
    only: only === undefined ? undefined : checkKinds(only),
    maxErrorRate: maxErrorRate === undefined ? undefined : errorLimits(maxErrorRate),
    maxErrorIncrease,
    maxLatency: options.maxLatency === undefined ? undefined : latencyLimits(options.maxLatency),
    maxLatencyRatio:
      options.maxLatencyRatio === undefined ? undefined : latencyRatios(options.maxLatencyRatio),
    errorStatuses: options.errorStatuses === undefined ? undefined : errorStatuses(options.errorStatuses),
  };
}

/**
 * @param base what applies where no option is given
 * @param sources the options that can say which versions are expected, for the error
 * @throws OptionError naming `map`, if no versions are expected or if its labels do not fit them, or `tolerance` or
 *   `maxErrorRate`, if it names a version that is not expected
 */
export function judgeWith(
  { map, ...given }: GivenJudge,
  base: JudgePlan,
  sources: readonly string[],
): JudgePlan {
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const judge: JudgePlan = { ...base, ...set };
  const { expected } = judge;
  if (given.tolerance != null) checkToleranceVersions(given.tolerance, expected);
  if (given.maxErrorRate != null) checkErrorLimits(given.maxErrorRate, expected);
  if (given.maxLatency !== undefined) checkLatencyVersions(given.maxLatency, expected);
  if (map === undefined) return judge;
  if (expected === null) {
    throw new OptionError(
      (name) =>
        `${name('map')} says what stands for an expected version: give ${sources.map((one) => name(one)).join(' or ')} too.`,
    );
  }
  return { ...judge, expected: applyMap(expected, map) };
}

/** Whether an option about the verdict is given. */
export function isJudgeGiven(given: GivenJudge): boolean {
  return Object.values(given).some((value) => value !== undefined);
}
