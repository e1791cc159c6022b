/** A rule for ejections, for tests. */

import type { EjectionWindow } from '../../src/analysis/ejections/result.js';
import type { StreakRecord } from '../../src/analysis/ejections/rules/streak-record.js';
import type { EjectionRule } from '../../src/plan/plan.js';
import { triggerOf, windowOf } from './ejections.js';

/** The samples' rule, for every version, of three endpoints. */
export function ruleWith(changes: Partial<EjectionRule> = {}): EjectionRule {
  return {
    version: null,
    scope: 'version',
    source: 'the test',
    errorCodes: null,
    consecutive5xx: 5,
    consecutiveGatewayErrors: 0,
    consecutiveLocalOriginFailures: null,
    intervalMs: 30_000,
    baseEjectionTimeMs: 30_000,
    maxEjectionPercent: 50,
    alwaysEjectsOne: false,
    minHealthPercent: 0,
    endpoints: 3,
    asked: false,
    ...changes,
  };
}

/** A window of version v, known to 10 ms on either side; null: it has no end in the run. */
export function outFrom(
  startMs: number,
  endMs: number | null,
  changes: Partial<EjectionWindow> = {},
): EjectionWindow {
  return windowOf({
    version: 'v',
    endpoint: 'a',
    startMs,
    startBoundsMs: [startMs - 10, startMs + 10],
    endMs,
    endBoundsMs: endMs === null ? [startMs + 20_000, null] : [endMs - 10, endMs + 10],
    durationMs: endMs === null ? null : endMs - startMs,
    trigger: triggerOf({ firstErrorMs: startMs - 50, lastErrorMs: startMs }),
    ...changes,
  });
}

/** 500 in a row of endpoint `a` of version v, of which the fifth came 100 ms after the first. */
export function streakFrom(
  firstErrorMs: number,
  lastErrorMs: number,
  consecutive: number,
  changes: Partial<StreakRecord> = {},
): StreakRecord {
  return {
    version: 'v',
    endpoint: 'a',
    consecutive,
    statuses: { 500: consecutive },
    firstErrorMs,
    lastErrorMs,
    triggerMs: firstErrorMs + 100,
    cause: '5xx',
    endedBy: 'answer',
    ...changes,
  };
}
