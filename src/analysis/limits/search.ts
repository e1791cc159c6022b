/**
 * Which step a search makes next, from those that it has made: up in large steps until the gateway refuses, then between the largest
 * level that it accepts and the smallest that it refuses, then above, where the knee is measured. docs/limits.md says it in words.
 */
import { nextAbove } from './above.js';
import { isBehind } from './client-limits.js';
import { isShownAccepted, isShownRefused, type Level, levelsOf } from './levels.js';
import type { SearchKind, StepPurpose, StepResult } from './result.js';
import { type StepTimesMs, stepTimes } from './step-times.js';

export interface SearchOptions {
  readonly kind: SearchKind;
  /** Connections, or requests per second. */
  readonly maxLevel: number;
  /** A fraction: a level counts as refused if its refused share is shown to be above this. */
  readonly refusalThreshold: number;
  /** Exactly these levels, in this order; null: search. */
  readonly given: readonly number[] | null;
  /** The knee by limits and service times; null: not known. Only the way up is shorter with it. */
  readonly predicted: number | null;
  /** The time-out of a request: a step without an answer lasts so long. */
  readonly timeoutMs: number;
}

export interface NextStep extends StepTimesMs {
  /** Connections, or requests per second: a whole number. */
  readonly level: number;
  readonly purpose: StepPurpose;
}

/** Where a search by rate begins. Slower, refusals take too long to be seen. */
const FIRST_RATE = 10;
const RISE = 2;
/** What was given up has its row by then. */
const AFTER_TIMEOUT_MS = 500;
/** With a prediction, up to a half of it. */
const FAST_RISE = 4;
/** By rate: after so many levels that could not be sent in time, no higher one is tried. */
const BEHIND_LEVELS = 2;
/** First refusals are found to within this part. */
const PRECISION = 0.05;

/** @returns null: the search is over */
export function nextStep(done: readonly StepResult[], options: SearchOptions): NextStep | null {
  const next = options.given === null ? searched(done, options) : givenStep(done, options.given);
  return next === null ? null : { ...next, ...stepTimes(next.purpose, done) };
}

/** Whether the window of a step has lasted long enough: refusals are shown, or shown to be few, or its time is over. */
export function isStepOver(
  step: NextStep,
  soFar: { requests: number; refused: number; windowMs: number },
  { refusalThreshold, timeoutMs }: SearchOptions,
): boolean {
  // How long requests take is not known before the first one has ended.
  if (soFar.requests === 0) return soFar.windowMs >= Math.max(step.maxMs, timeoutMs + AFTER_TIMEOUT_MS);
  if (soFar.windowMs >= step.maxMs) return true;
  if (soFar.windowMs < step.minMs) return false;
  if (step.purpose === 'above' || step.purpose === 'recovery') return true;
  // On the way up it is enough to have seen none: the levels in between are tested longer.
  if (step.purpose === 'rising' && soFar.refused === 0) return true;
  return isShownRefused(soFar, refusalThreshold) || isShownAccepted(soFar, refusalThreshold);
}

interface Choice {
  readonly level: number;
  readonly purpose: StepPurpose;
}

function givenStep(done: readonly StepResult[], given: readonly number[]): Choice | null {
  const level = given[done.filter(({ purpose }) => purpose === 'given').length];
  return level === undefined ? null : { level, purpose: 'given' };
}

function searched(done: readonly StepResult[], options: SearchOptions): Choice | null {
  const levels = levelsOf(done, options.refusalThreshold);
  const first = levels.findIndex(({ isRefused }) => isRefused);
  const refused = levels[first];
  if (refused === undefined) return rising(levels, options);
  const between = narrowing(levels[first - 1], refused, options);
  if (between !== null) return between;
  const level = nextAbove(done, refused.level, options);
  return level === null ? null : { level, purpose: 'above' };
}

function rising(levels: readonly Level[], { kind, maxLevel, predicted }: SearchOptions): Choice | null {
  const purpose = 'rising';
  const highest = levels.at(-1);
  if (highest === undefined) return { level: Math.min(kind === 'rate' ? FIRST_RATE : 1, maxLevel), purpose };
  const { level } = highest;
  if (level >= maxLevel) return null;
  // Two such rates show what the limit is. At a higher one only more requests would be late, and steps longer.
  if (kind === 'rate' && levels.filter(isLevelBehind).length >= BEHIND_LEVELS) return null;
  const isFar = predicted !== null && level * FAST_RISE <= predicted / 2;
  return { level: Math.min(level * (isFar ? FAST_RISE : RISE), maxLevel), purpose };
}

function isLevelBehind({ level, ...counts }: Level): boolean {
  return isBehind({ ...counts, ratePerSecond: level });
}

function narrowing(accepted: Level | undefined, refused: Level, options: SearchOptions): Choice | null {
  const purpose = 'narrowing';
  if (accepted === undefined) {
    return refused.level <= 1 ? null : { level: Math.max(Math.floor(refused.level / 2), 1), purpose };
  }
  if (refused.level - accepted.level > Math.max(1, PRECISION * refused.level)) {
    const middle = Math.round(Math.sqrt(accepted.level * refused.level));
    return { level: Math.min(Math.max(middle, accepted.level + 1), refused.level - 1), purpose };
  }
  // It may have been tested for a moment only, on the way up.
  const isSure = accepted.windows > 1 || isShownAccepted(accepted, options.refusalThreshold);
  return isSure ? null : { level: accepted.level, purpose };
}
