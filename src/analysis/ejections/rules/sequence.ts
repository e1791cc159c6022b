/**
 * n of the duration base × n, as Envoy counts it (outlier_detection_impl.cc): it grows by one with each ejection and falls by
 * one with each sweep at which the endpoint is not ejected. Sweeps are `interval` apart, and an endpoint is put back at a
 * sweep. So the number of sweeps between two windows is known, except for sweeps close to the windows' ends.
 */

import type { EjectionRule } from '../../../plan/plan.js';
import { MAX_EJECTION_MS, MERGE_WINDOW_MS } from '../../../plan/policy/envoy-defaults.js';
import { SLACK_MS } from '../../envoy-timing.js';
import type { EjectionWindow } from '../result.js';
import type { StreakRecord } from './streak-record.js';

/** The time between sweeps counts from the end of the earlier one, so they may be so much further apart than `interval`. */
const DRIFT = 1.005;

/**
 * An endpoint that answers at the beginning of a run may have been ejected in a row right before it, in the run before for
 * example. Longer than this it is not assumed to have gone on, ms.
 */
const UNSEEN_MS = 120_000;

/** n of a window. */
export interface Sequence {
  readonly estimate: number;
  readonly bounds: readonly [lo: number, hi: number];
  /** The upper bound if the endpoint may have been ejected before the run. */
  readonly most: number;
}

/** How long the nth ejection lasts at least, ms; it ends at the next sweep. */
export function ejectionMs({ baseEjectionTimeMs: base }: EjectionRule, n: number): number {
  return Math.min(n * base, longestMs(base));
}

/**
 * n of each window of one endpoint. Windows that are not certainly ejections raise only the upper bound, and so do
 * ejections that are too short to be seen.
 *
 * @param windows of one endpoint, in order of start
 * @param streaks its streaks of 5xx
 * @param isSure whether a window is certainly an ejection by the rule
 */
export function sequencesOf(
  windows: readonly EjectionWindow[],
  streaks: readonly StreakRecord[],
  rule: EjectionRule,
  isSure: (window: EjectionWindow) => boolean,
): Sequence[] {
  const most = mostInARow(rule);
  let before: Before = {
    // Ejections before the run, which ended at its beginning at the latest.
    unseen: { n: mostBefore(rule), endMs: 0 },
    high: { n: 0, endMs: 0 },
    low: { n: 0, endMs: 0 },
    best: { n: 0, endMs: 0 },
  };
  return windows.map((window) => {
    const hidden = hiddenBefore(window, streaks, before.high.endMs, rule);
    const found = sequenceAfter(before, window, hidden, rule, most);
    before = after(before, window, found, isSure(window));
    return found;
  });
}

/**
 * How many ejections there may have been between a window and the one before it without being seen. Envoy's merging hides
 * ejections that are hardly longer than its delay, and too little traffic hides short ones. Each needs the rule's count of
 * 5xx, and the base ejection time.
 */
function hiddenBefore(
  { startBoundsMs, trigger, leaked }: EjectionWindow,
  streaks: readonly StreakRecord[],
  fromMs: number,
  rule: EjectionRule,
): number {
  const counts = [rule.consecutive5xx, rule.consecutiveGatewayErrors].filter((count) => count > 0);
  if (counts.length === 0) return 0;
  const asked = Math.min(...counts);
  const within = (errors: number, beginMs: number, endMs: number) =>
    Math.min(Math.floor(errors / asked), Math.floor((endMs - beginMs) / rule.baseEjectionTimeMs));
  const own =
    trigger === null || leaked === null
      ? 0
      : Math.max(0, within(leaked, trigger.lastErrorMs, startBoundsMs[1]));
  return streaks
    .filter(
      ({ endedBy, triggerMs, lastErrorMs }) =>
        endedBy !== 'absence' &&
        triggerMs !== null &&
        lastErrorMs >= fromMs &&
        lastErrorMs <= startBoundsMs[1],
    )
    .reduce(
      (sum, { consecutive, firstErrorMs, lastErrorMs }) =>
        sum + Math.max(1, within(consecutive, firstErrorMs, lastErrorMs)),
      own,
    );
}

/** n as it was left by the last ejection, and when that ended. */
interface Left {
  readonly n: number;
  readonly endMs: number;
}

/** What earlier ejections left, for each way to count them. */
interface Before {
  /** The upper bound, with an ejection before the run. */
  readonly unseen: Left;
  readonly high: Left;
  readonly low: Left;
  readonly best: Left;
}

function sequenceAfter(
  before: Before,
  window: EjectionWindow,
  hidden: number,
  rule: EjectionRule,
  most: number,
): Sequence {
  const { startBoundsMs, trigger, startMs, fraction } = window;
  const [loMs, hiMs] = startBoundsMs;
  const next = (n: number) => Math.min(most, n + 1);
  // It began before the run, so nothing is known about it.
  if (loMs === null) return { estimate: 1, bounds: [1, most], most };
  const soonestMs = loMs - MERGE_WINDOW_MS - SLACK_MS;
  const leftAt = ({ n, endMs }: Left, atMs: number, interval: number) =>
    Math.max(0, n - Math.max(0, Math.floor((atMs - endMs) / interval)));
  const { intervalMs } = rule;
  // Sweeps at which it was out do not count.
  const highest = (left: Left) =>
    hidden === 0 ? next(leftAt(left, soonestMs, intervalMs * DRIFT)) : Math.min(most, left.n + hidden + 1);
  const high = highest(before.high);
  // Only some of several gateways ejected it, and each counts separately.
  const low = fraction < 1 ? 1 : Math.min(high, next(leftAt(before.low, hiMs, intervalMs)));
  const best = next(leftAt(before.best, trigger?.lastErrorMs ?? startMs ?? hiMs, intervalMs));
  return {
    estimate: Math.min(high, Math.max(low, best)),
    bounds: [low, high],
    most: Math.max(high, highest(before.unseen)),
  };
}

function after(
  before: Before,
  window: EjectionWindow,
  { estimate, bounds, most }: Sequence,
  sure: boolean,
): Before {
  const { kind, fraction, endMs, endBoundsMs, startBoundsMs } = window;
  const [soonestMs, latestMs] = endBoundsMs;
  const lastMs = latestMs ?? Number.POSITIVE_INFINITY;
  const surelyEjected = sure && fraction >= 1;
  const replaced = kind === 'left' || startBoundsMs[0] === null;
  return {
    unseen: { n: most, endMs: lastMs },
    high: { n: bounds[1], endMs: lastMs },
    low: surelyEjected
      ? { n: bounds[0], endMs: soonestMs - MERGE_WINDOW_MS - SLACK_MS }
      : replaced
        ? { n: 0, endMs: soonestMs }
        : before.low,
    best: kind === 'ejected' ? { n: estimate, endMs: endMs ?? soonestMs } : before.best,
  };
}

/** The most ejections in a row that fit into the time before the run that is allowed for: n of them last n (n + 1) ÷ 2 × base. */
function mostBefore({ baseEjectionTimeMs: base }: EjectionRule): number {
  const n = Math.floor((Math.sqrt(1 + (8 * UNSEEN_MS) / base) - 1) / 2);
  return Math.max(1, n);
}

/** From this n on, ejections do not last longer. */
function mostInARow({ baseEjectionTimeMs: base }: EjectionRule): number {
  return Math.ceil(longestMs(base) / base) + 1;
}

function longestMs(baseMs: number): number {
  return Math.max(MAX_EJECTION_MS, baseMs);
}
