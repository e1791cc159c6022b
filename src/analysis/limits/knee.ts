/**
 * The knee: the level from which refusals grow with the load.
 *
 * Once a version is full, the requests that the gateway takes at once are n = K + b r: K is the knee, r is the rate of refusals, and b r is
 * what the other versions take more of because clients ask more often. With equal versions that are full together, b is 0 and
 * n is a plateau. This holds whatever clients do after a refusal, as long as the other versions stay as they are: full, or
 * far from it. So K is where the line through (r, n) of the steps above the knee meets r = 0. A step so high that another
 * version fills too lies off the line, and is left out. For a search by rate, n is accepted requests per second.
 */
import { predictionError, risingLine } from '../stats/straight-line.js';
import { tQuantile } from '../stats/student-t.js';
import { levelOf } from './levels.js';
import { type OverloadedStep, overloadOf } from './overload.js';
import type { SearchKind, StepResult } from './result.js';

export interface Knee {
  /** Connections, or requests per second. */
  readonly knee: number;
  /** 95 %; null: too few steps for an interval. */
  readonly bounds: [lo: number, hi: number] | null;
  /** Levels that it was computed from. */
  readonly levels: number[];
}

/** Both sides together. */
const CONFIDENCE = 0.95;
/** How much of the places that random routing leaves free is added. Backends with even times leave fewer, uneven ones more. */
const LIKELY_FREE = 1;
const MOST_FREE = 1.7;
/** Levels above this multiple of the lowest overloaded one are left out: there, other versions may fill. */
const FARTHEST = 2;
/** The highest level is off the line of the others if it is so many standard deviations from it, and such a part of it. */
const OFF_DEVIATIONS = 3;
const OFF_PART = 0.03;
const LEAST_LEVELS = 3;

/**
 * @param streams requests at once on a connection
 * @returns null if no step has enough refusals
 */
export function kneeOf(steps: readonly StepResult[], kind: SearchKind, streams = 1): Knee | null {
  const overload = overloadOf(steps, kind);
  // On a plateau the line is level: all steps say the same, wherever they are.
  const all = overload.isPlateau
    ? overload.steps.map((step) => ({ ...step, refusedPerSecond: 0 }))
    : overload.steps;
  const used = onOneLine(all);
  const likely = crossing(used, LIKELY_FREE);
  const [least, most] = [crossing(used, 0), crossing(used, MOST_FREE)];
  if (likely === null || least === null || most === null) return null;
  const unit = kind === 'connections' ? streams : 1;
  const floor = kind === 'connections' ? acceptedLevel(steps) : 0;
  const atLeast = (value: number) => Math.max(value / unit, floor);
  const lo = least.error === null ? null : atLeast(least.value - least.error);
  const hi = most.error === null ? null : atLeast(most.value + most.error);
  return {
    knee: atLeast(likely.value),
    bounds: lo === null || hi === null ? null : [lo, hi],
    levels: levelsIn(used),
  };
}

/** A level without any refusal, below the first with some: the knee is no lower. */
function acceptedLevel(steps: readonly StepResult[]): number {
  const loads = steps.filter(({ purpose }) => purpose !== 'recovery');
  const first = Math.min(...loads.filter(({ refused }) => refused > 0).map(levelOf));
  return Math.max(0, ...loads.map(levelOf).filter((level) => level < first));
}

function crossing(
  steps: readonly OverloadedStep[],
  part: number,
): { value: number; error: number | null } | null {
  const line = risingLine(pointsOf(steps, part));
  if (line === null) return null;
  const { interceptError: error, df } = line;
  const quantile = df > 0 ? tQuantile((1 + CONFIDENCE) / 2, df) : null;
  return { value: line.intercept, error: error === null || quantile === null ? null : error * quantile };
}

function pointsOf(steps: readonly OverloadedStep[], part: number): { x: number; y: number }[] {
  return steps.map(({ refusedPerSecond, taken, missing }) => ({
    x: refusedPerSecond,
    y: taken + part * missing,
  }));
}

function levelsIn(steps: readonly OverloadedStep[]): number[] {
  return [...new Set(steps.map(({ level }) => level))].sort((a, b) => a - b);
}

/** Without the highest levels that bend the line. */
function onOneLine(all: readonly OverloadedStep[]): OverloadedStep[] {
  const lowest = Math.min(...all.map(({ level }) => level));
  let steps = all.filter(({ level }) => level <= FARTHEST * lowest);
  for (;;) {
    const levels = levelsIn(steps);
    if (levels.length <= LEAST_LEVELS) return steps;
    const below = steps.filter(({ level }) => level !== levels.at(-1));
    const top = steps.filter(({ level }) => level === levels.at(-1));
    if (!isOff(top, below, 0) || !isOff(top, below, MOST_FREE)) return steps;
    steps = below;
  }
}

/** Whether the mean of the highest level is off the line through the others. */
function isOff(top: readonly OverloadedStep[], below: readonly OverloadedStep[], part: number): boolean {
  const points = pointsOf(below, part);
  const line = risingLine(points);
  if (line === null) return false;
  const [x, y] = meanOf(pointsOf(top, part));
  const error = predictionError(points, line, x);
  const off = Math.abs(y - line.intercept - line.slope * x);
  return error !== null && off > OFF_DEVIATIONS * error && off > OFF_PART * y;
}

function meanOf(points: readonly { x: number; y: number }[]): [x: number, y: number] {
  const sum = points.reduce((total, { x, y }) => ({ x: total.x + x, y: total.y + y }), { x: 0, y: 0 });
  return [sum.x / points.length, sum.y / points.length];
}
