/** What the steps of a search say of each level: whether it is refused. */
import { upperBound } from '../stats/clopper-pearson.js';
import { rateTest } from '../stats/rate-limit.js';
import { isBehind } from './client-limits.js';
import type { StepResult } from './result.js';

/** Chance of a wrong statement that a level is refused, or is not: 95 % on each side. */
const ALPHA = 0.05;

/** Counts of requests that ended. */
export interface RefusalCounts {
  readonly requests: number;
  readonly refused: number;
}

export interface Level extends RefusalCounts {
  /** Connections, or requests per second. */
  readonly level: number;
  readonly windowMs: number;
  readonly windows: number;
  readonly isRefused: boolean;
  /** The same of requests without an answer, or there was no answer at all: it says nothing of limits that none was refused. */
  readonly isFailing: boolean;
}

/** The level that a step held. */
export function levelOf(step: StepResult): number {
  return step.connections ?? step.ratePerSecond ?? 0;
}

/**
 * Whether the refused share is shown to be above the threshold. The counts are looked at often while a step goes on, so the test is one
 * that holds at every look. It takes requests as independent, which refusals are not: a version that is full refuses several
 * in a row. So near the threshold it errs more often than its 5 %: it then names a level too low by a little, because the share
 * grows steeply with the load (docs/limits.md has figures). A step lasts several times the response time at least, so
 * that one burst is not all that it sees.
 */
export function isShownRefused({ requests, refused }: RefusalCounts, threshold: number): boolean {
  return rateTest('sequential', threshold).isAbove(refused, requests, threshold, ALPHA);
}

/** Whether the refused share is shown to be below the threshold; see {@link isShownRefused}. */
export function isShownAccepted({ requests, refused }: RefusalCounts, threshold: number): boolean {
  return rateTest('sequential', threshold).isBelow(refused, requests, threshold, ALPHA);
}

/** Each level with all of its steps together, lowest first. The recovery is not counted: refusals of the load before end in it. */
export function levelsOf(steps: readonly StepResult[], threshold: number): Level[] {
  const byLevel = new Map<number, StepResult[]>();
  for (const step of steps.filter(({ purpose }) => purpose !== 'recovery')) {
    const own = byLevel.get(levelOf(step)) ?? [];
    own.push(step);
    byLevel.set(levelOf(step), own);
  }
  return [...byLevel]
    .sort(([a], [b]) => a - b)
    .map(([level, own]) => {
      const total = (of: (step: StepResult) => number) => own.reduce((sum, step) => sum + of(step), 0);
      const counts = { requests: total((step) => step.requests), refused: total((step) => step.refused) };
      const failed = total((step) => step.failed);
      return {
        level,
        ...counts,
        windowMs: total((step) => step.windowMs),
        windows: own.length,
        isRefused: isShownRefused(counts, threshold),
        isFailing:
          failed === counts.requests ||
          isShownRefused({ requests: counts.requests, refused: failed }, threshold) ||
          own.some(isBehind),
      };
    });
}

export interface FirstRefusal {
  /** Smallest level that was refused; null: none was. */
  firstRefusal: number | null;
  /** Largest level below it, and below any at which requests failed, that was not; 0: there is none. Null: no step was made. */
  lastAccepted: number | null;
}

/** Where refusals begin. */
export function firstRefusalOf(steps: readonly StepResult[], threshold: number): FirstRefusal {
  const levels = levelsOf(steps, threshold);
  if (levels.length === 0) return { firstRefusal: null, lastAccepted: null };
  const first = levels.find(({ isRefused }) => isRefused) ?? null;
  const end = levels.findIndex(({ isRefused, isFailing }) => isRefused || isFailing);
  const below = end < 0 ? levels : levels.slice(0, end);
  return { firstRefusal: first?.level ?? null, lastAccepted: below.at(-1)?.level ?? 0 };
}

/**
 * Bounds of the refused share, each side at 95 %. The lower one is that of {@link isShownRefused}: above the threshold exactly if that says
 * so. The upper one is that of Clopper and Pearson.
 */
export function refusedBounds(
  { requests, refused }: RefusalCounts,
  threshold: number,
): [lo: number, hi: number] {
  const lower = rateTest('sequential', threshold).lower(refused, requests, ALPHA);
  return [lower, upperBound(refused, requests, ALPHA)];
}
