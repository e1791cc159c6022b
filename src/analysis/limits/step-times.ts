/** How long steps last: they follow the response times of the step before. */
import type { StepPurpose, StepResult } from './result.js';

export interface StepTimesMs {
  /** From when the level is held until its window begins. */
  readonly settleMs: number;
  /** Of the window. */
  readonly minMs: number;
  readonly maxMs: number;
}

/** Where no response time is known yet. */
const UNKNOWN_MS = 100;
/** In response times. A queue in front of a version settles within a few of them; a window has some, so that its ends matter little. */
const SETTLE = 2;
const WINDOW = 5;
const LONG_WINDOW = 20;
/** Connections are opened and the client's own pace settles. */
const LEAST_SETTLE_MS = 200;
const LEAST_WINDOW_MS = 500;
const LEAST_LONG_WINDOW_MS = 3000;
/** Where the knee is measured, a window has so many answers, if its longest time allows. */
const ANSWERS = 200;

export function stepTimes(purpose: StepPurpose, done: readonly StepResult[]): StepTimesMs {
  const ms = responseMs(done);
  const shortest = Math.max(LEAST_WINDOW_MS, WINDOW * ms);
  const longest = Math.max(LEAST_LONG_WINDOW_MS, LONG_WINDOW * ms);
  const minMs = purpose === 'above' ? clamp(answersMs(done), shortest, longest) : shortest;
  return {
    settleMs: Math.max(LEAST_SETTLE_MS, SETTLE * ms),
    minMs,
    maxMs: purpose === 'above' ? minMs : longest,
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

/** How long that many answers take at the goodput of the last step. */
function answersMs(done: readonly StepResult[]): number {
  return (1000 * ANSWERS) / (done.at(-1)?.goodput || Number.POSITIVE_INFINITY);
}

/** The mean of the slowest version in the last step that has one. */
function responseMs(done: readonly StepResult[]): number {
  for (const step of done.toReversed()) {
    const times = [step.latencyUs.accepted, ...step.versions.map(({ latencyUs }) => latencyUs.accepted)];
    const longest = Math.max(...times.map(({ mean }) => mean ?? 0));
    if (longest > 0) return longest / 1000;
  }
  return UNKNOWN_MS;
}
