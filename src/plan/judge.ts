/** The options about the verdict: checked, and put in the place of the values that apply without them. */
import { OptionError } from '../errors.js';
import { applyMap, expectedVersions } from './expectations.js';
import type { ExpectedVersion, JudgePlan } from './plan.js';
import type { JudgeOptions } from './plan-options.js';
import { CONFIDENCE, checkPositive, checkRange } from './ranges.js';

/** The options that are given; undefined for the others. */
export interface GivenJudge {
  readonly expected: readonly ExpectedVersion[] | undefined;
  readonly map: JudgeOptions['map'];
  readonly tolerance: number | undefined;
  readonly confidence: number | undefined;
}

/** @throws OptionError naming the option that is wrong */
export function givenJudge({ expect, map, tolerance, confidence }: JudgeOptions): GivenJudge {
  if (tolerance !== undefined) checkPositive(tolerance, 'tolerance', 1);
  if (confidence !== undefined) checkRange(confidence, 'confidence', CONFIDENCE);
  return {
    expected: expect === undefined ? undefined : expectedVersions(expect),
    map,
    tolerance,
    confidence,
  };
}

/**
 * @param base what applies where no option is given
 * @param sources the options that can say which versions are expected, for the error
 * @throws OptionError naming `map`, if no versions are expected or if its labels do not fit them
 */
export function judgeWith(given: GivenJudge, base: JudgePlan, sources: readonly string[]): JudgePlan {
  const { expected = base.expected, map, tolerance = base.tolerance, confidence = base.confidence } = given;
  if (map === undefined) return { expected, tolerance, confidence };
  if (expected === null) {
    throw new OptionError(
      (name) =>
        `${name('map')} says what stands for an expected version: give ${sources.map((one) => name(one)).join(' or ')} too.`,
    );
  }
  return { expected: applyMap(expected, map), tolerance, confidence };
}

/** Whether an option about the verdict is given. */
export function isJudgeGiven(given: GivenJudge): boolean {
  return Object.values(given).some((value) => value !== undefined);
}
