/** Steps above the first refusals: up until refusals are many, then the same levels again until the knee is known well. */
import { kneeOf } from './knee.js';
import { levelOf } from './levels.js';
import { overloadOf } from './overload.js';
import type { SearchKind, StepResult } from './result.js';

const RISE = 1.2;
/** A level is left out if there is one so near to it. */
const NEAR = 1.08;
/** Enough levels, and one of them refuses so much of what it accepts: a line needs points that are apart. */
const LEVELS = 3;
const OVERLOAD = 0.5;
const MAX_LEVELS = 16;
const MIN_WINDOWS = 6;
const MAX_WINDOWS = 12;
/** Half of the interval, as a part of the knee. */
const PRECISION = 0.02;

interface Bounds {
  readonly kind: SearchKind;
  readonly maxLevel: number;
}

/**
 * @param firstRefusal smallest level that is refused
 * @returns the level of the next step; null: the knee is known well enough, or cannot be
 */
export function nextAbove(
  done: readonly StepResult[],
  firstRefusal: number,
  { kind, maxLevel }: Bounds,
): number | null {
  return higher(done, firstRefusal, { kind, maxLevel }) ?? again(done, kind);
}

/** A level that has not been tried; null: there are enough. */
function higher(
  done: readonly StepResult[],
  firstRefusal: number,
  { kind, maxLevel }: Bounds,
): number | null {
  const { steps, bentFrom } = overloadOf(done, kind);
  const usable = [...new Set(steps.map(({ level }) => level))].sort((a, b) => a - b);
  const tried = [...new Set(done.map(levelOf))];
  if (tried.filter((level) => level > firstRefusal).length >= MAX_LEVELS) return null;
  const isWide = bentFrom !== null || steps.some(({ overload }) => overload >= OVERLOAD);
  if (usable.length >= LEVELS && isWide) return null;
  const end = Math.min(...usable, bentFrom ?? Number.POSITIVE_INFINITY);
  const calm = Math.max(firstRefusal, ...tried.filter((level) => level >= firstRefusal && level < end));
  if (bentFrom !== null) return between([calm, ...usable, bentFrom]);
  let level = calm;
  while (level < maxLevel) {
    level = Math.min(Math.max(Math.round(level * RISE), level + 1), maxLevel);
    if (!tried.some((own) => isNear(own, level))) return level;
  }
  return null;
}

/** In the middle of the widest gap; null: none is wide. */
function between(levels: readonly number[]): number | null {
  const gaps = levels.slice(1).map((level, i) => ({ from: levels[i] ?? level, to: level }));
  const widest = gaps.toSorted((a, b) => b.to / b.from - a.to / a.from)[0];
  if (widest === undefined || widest.to < NEAR * NEAR * widest.from) return null;
  const middle = Math.round(Math.sqrt(widest.from * widest.to));
  return middle > widest.from && middle < widest.to ? middle : null;
}

function isNear(a: number, b: number): boolean {
  return Math.max(a, b) < NEAR * Math.min(a, b);
}

/** The level of those that the knee is computed from that was held least often; null: the knee is known well enough. */
function again(done: readonly StepResult[], kind: SearchKind): number | null {
  const knee = kneeOf(done, kind);
  if (knee === null) return null;
  const windows = knee.levels.map((level) => done.filter((step) => levelOf(step) === level).length);
  const all = windows.reduce((sum, count) => sum + count, 0);
  if (all >= MAX_WINDOWS) return null;
  const half = knee.bounds === null ? Number.POSITIVE_INFINITY : (knee.bounds[1] - knee.bounds[0]) / 2;
  if (all >= MIN_WINDOWS && half <= PRECISION * knee.knee) return null;
  return knee.levels[windows.indexOf(Math.min(...windows))] ?? null;
}
