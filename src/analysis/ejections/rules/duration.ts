/** Compares how long a window lasted with base × n, rounded up to the next sweep. */

import type { EjectionRule } from '../../../plan/plan.js';
import { MERGE_WINDOW_MS } from '../../../plan/policy/envoy-defaults.js';
import { SLACK_MS } from '../../envoy-timing.js';
import type { Verdict } from '../../result.js';
import type { EjectionWindow, ReportedWindow } from '../result.js';
import { ejectionMs, type Sequence } from './sequence.js';

/** The client may see start and end this much later than they were decided. */
const LATE_MS = MERGE_WINDOW_MS + SLACK_MS;
/** n may be one of two neighbouring values. */
const MAX_UNSURE = 1;

/** Bounds of a window's length, ms; high is null if the window began before or ended after the run. */
export function lengthBounds({
  startBoundsMs,
  endBoundsMs,
}: EjectionWindow): [lo: number, hi: number | null] {
  const lo = Math.max(0, endBoundsMs[0] - startBoundsMs[1]);
  const hi = startBoundsMs[0] === null || endBoundsMs[1] === null ? null : endBoundsMs[1] - startBoundsMs[0];
  return [lo, hi];
}

/** Whether a window certainly lasted longer than expected, whenever it ended. */
export function isLonger(window: EjectionWindow): boolean {
  const [, longest] = window.expectedDurationMs ?? [0, Number.POSITIVE_INFINITY];
  return lengthBounds(window)[0] > longest + LATE_MS;
}

/**
 * Why the length of a window with the verdict `inconclusive` decides nothing.
 *
 * @param sure as in {@link judgeDuration}
 */
export function whyUndecided(window: EjectionWindow, sure: boolean): string {
  const [shortest] = window.expectedDurationMs ?? [0];
  const [, hi] = lengthBounds(window);
  const doubt = 'but it may not be an ejection by this rule, or not by a single gateway';
  if (isLonger(window)) {
    return sure
      ? 'longer, which ejections before the first counted request would explain'
      : `longer, ${doubt}`;
  }
  if (window.endBoundsMs[1] === null) return 'it was still out at the end';
  if (hi === null) return 'it was out from the beginning';
  if (hi < shortest - LATE_MS) return `shorter, ${doubt}`;
  const [least, most] = window.sequenceBounds;
  return most - least > MAX_UNSURE
    ? 'n is not known exactly enough'
    : 'its start and end are not known exactly enough';
}

/** The shortest and the longest duration that the rule allows for the nth ejection, ms. */
export function allowedMs(rule: EjectionRule, { bounds }: Sequence): [lo: number, hi: number] {
  return [ejectionMs(rule, bounds[0]), ejectionMs(rule, bounds[1]) + rule.intervalMs];
}

/**
 * `pass` if the rule allows every possible length, `fail` if it allows none. If n has many possible values, nearly any
 * length is allowed, which proves nothing.
 *
 * @param sure false: it may not be an ejection by this rule, or not by a single gateway, so it never fails
 */
export function judgeDuration(
  window: EjectionWindow,
  rule: EjectionRule,
  sequence: Sequence,
  sure: boolean,
): Verdict {
  return judgeLength(lengthBounds(window), LATE_MS, rule, sequence, sure);
}

/** The same by the gateway's own times: it decides and measures with one clock, and nothing is merged before it is logged. */
export function judgeReported(
  { durationMs }: ReportedWindow,
  rule: EjectionRule,
  sequence: Sequence,
): Verdict {
  return durationMs === null ? 'inconclusive' : judgeLength(durationMs, SLACK_MS, rule, sequence, true);
}

function judgeLength(
  [lo, hi]: readonly [lo: number, hi: number | null],
  lateMs: number,
  rule: EjectionRule,
  sequence: Sequence,
  sure: boolean,
): Verdict {
  const [shortest, longest] = allowedMs(rule, sequence);
  const within = hi !== null && lo >= shortest - lateMs && hi <= longest + lateMs;
  if (within && sequence.bounds[1] - sequence.bounds[0] <= MAX_UNSURE) return 'pass';
  if (within || !sure) return 'inconclusive';
  const longestOfAll = ejectionMs(rule, sequence.most) + rule.intervalMs + lateMs;
  const outside = lo > longestOfAll || (hi !== null && hi < shortest - lateMs);
  return outside ? 'fail' : 'inconclusive';
}
