/** Moments of made-up runs as the live view shows them. */
import type { FoldContext } from '../../src/analysis/fold-context.js';
import { RunFold } from '../../src/analysis/run-fold.js';
import type { LiveGoal, LivePicture } from '../../src/report/live/picture.js';
import { BlockMaker, judgePlan, type Row } from './blocks.js';
import { answers } from './results.js';

/** A run of 20 s at 400 requests per second. */
export const GOAL: LiveGoal = {
  title: 'GET http://127.0.0.1:8080/ · Host shop.example.com',
  notes: [],
  requests: null,
  durationMs: 20_000,
  untilVerdict: false,
  ratePerSecond: 400,
  atOnce: 20,
  rampMs: 0,
  warmup: false,
};

export interface LiveChanges {
  readonly goal?: Partial<LiveGoal>;
  readonly judge?: Partial<FoldContext['judge']>;
  readonly context?: Partial<FoldContext>;
  readonly elapsedMs?: number;
}

/** After 10 s: rows folded with `{v1: 90, v2: 10}` to judge, or null for nothing. */
export function pictureOf(
  rows: readonly Row[],
  weights: Record<string, number> | null,
  { goal, judge, context, elapsedMs = 10_000 }: LiveChanges = {},
): LivePicture {
  const maker = new BlockMaker();
  const fold = new RunFold({ ...maker.context({ ...judgePlan(weights), ...judge }), ...context });
  fold.add(maker.block(rows));
  const soFar = rows.length === 0 ? null : fold.soFar();
  return { goal: { ...GOAL, ...goal }, now: { elapsedMs, live: fold.live() }, before: null, soFar };
}

/** The everyday run: 90/10 kept, a few errors. */
export function everydayPicture(changes: LiveChanges = {}): LivePicture {
  const rows: Row[] = [
    ...answers(4000, { 'backend-v1': 0.9, 'backend-v2': 0.1 }),
    { version: 'backend-v2', status: 500, dueUs: 5e6 },
    { outcome: 'timeout', status: 0, origin: 'unknown', dueUs: 5e6 },
  ];
  return pictureOf(rows, { 'backend-v1': 90, 'backend-v2': 10 }, changes);
}
