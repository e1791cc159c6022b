/** Makes the windows of the result, before they are compared with rules. */
import type { StreakState } from './detect/failure-streak.js';
import type { VersionWatch } from './detect/version-watch.js';
import type { BoundedWindow } from './detect/window-bounds.js';
import { type EjectionFindings, endpointName, msOrNull, versionName } from './findings.js';
import type { EjectionTrigger, EjectionWindow } from './result.js';
import type { StreakRecord } from './rules/streak-record.js';

/** The windows of one version. `sequence`, `sequenceBounds`, `expectedDurationMs` and `verdict` are placeholders. */
export function windowsOf(findings: EjectionFindings, watch: VersionWatch): EjectionWindow[] {
  const all = findings.windows.get(watch.slot) ?? [];
  return all.map((window) => toResult(findings, watch, window, all));
}

/** Streaks that filled a rule's count; all streaks of versions without a rule. */
export function streakRecords(findings: EjectionFindings): StreakRecord[] {
  return [...findings.watches.values()].flatMap((watch) =>
    watch.streaks.map(({ endpoint, state, endedBy }) => ({
      version: versionName(findings, watch.slot),
      endpoint: endpointName(findings, endpoint),
      consecutive: state.consecutive,
      statuses: byStatus(state.statuses),
      firstErrorMs: state.firstSendUs / 1000,
      lastErrorMs: state.lastSeenUs / 1000,
      triggerMs: state.trigger === null ? null : state.trigger.seenUs / 1000,
      cause: state.trigger?.cause ?? null,
      endedBy,
    })),
  );
}

function toResult(
  findings: EjectionFindings,
  watch: VersionWatch,
  window: BoundedWindow,
  all: readonly BoundedWindow[],
): EjectionWindow {
  const { detected, startUs, startBoundsUs, endUs, endBoundsUs } = window;
  const { streak } = detected;
  const trigger = streak?.trigger ?? null;
  const leaked = streak === null || trigger === null ? null : streak.consecutive - trigger.position;
  const leakedForMs =
    streak === null || trigger === null ? null : Math.max(0, streak.lastSeenUs - trigger.seenUs) / 1000;
  return {
    version: versionName(findings, detected.slot),
    endpoint: endpointName(findings, detected.endpoint),
    kind: detected.kind,
    startMs: msOrNull(startUs),
    startBoundsMs: [msOrNull(startBoundsUs[0]), startBoundsUs[1] / 1000],
    endMs: msOrNull(endUs),
    endBoundsMs: [endBoundsUs[0] / 1000, msOrNull(endBoundsUs[1])],
    durationMs: startUs === null || endUs === null ? null : (endUs - startUs) / 1000,
    trigger: streak === null ? null : toTrigger(streak, detected.endpointKnown),
    errorsBefore: byStatus(detected.errorsBefore),
    leaked,
    leakedForMs,
    sequence: 1,
    sequenceBounds: [1, 1],
    outAtOnce: { out: maxOutDuring(window, all), of: watch.size },
    fraction: detected.drop?.fraction ?? 1,
    expectedDurationMs: null,
    verdict: null,
    source: 'client',
    reported: null,
  };
}

function toTrigger(streak: StreakState, endpointKnown: boolean): EjectionTrigger {
  const { trigger } = streak;
  return {
    consecutive: trigger?.position ?? streak.consecutive,
    firstErrorMs: streak.firstSendUs / 1000,
    lastErrorMs: (trigger?.seenUs ?? streak.lastSeenUs) / 1000,
    statuses: byStatus(streak.statuses),
    inFlight: trigger?.inFlight ?? 0,
    endpointKnown,
  };
}

/** The largest number of endpoints of the version that were out at the same time during the window. */
function maxOutDuring(window: BoundedWindow, all: readonly BoundedWindow[]): number {
  const from = ({ startUs }: BoundedWindow) => startUs ?? Number.NEGATIVE_INFINITY;
  const to = ({ endUs }: BoundedWindow) => endUs ?? Number.POSITIVE_INFINITY;
  const out = all.filter(({ detected }) => detected.kind !== 'joined');
  // The number grows only where a window begins.
  const moments = [window, ...out].map(from).filter((at) => at >= from(window) && at < to(window));
  const countAt = (at: number) => {
    const current = out.filter((other) => from(other) <= at && at < to(other));
    return new Set(current.map(({ detected }) => detected.endpoint)).size;
  };
  return Math.max(1, ...moments.map(countAt));
}

function byStatus(statuses: ReadonlyMap<number, number>): Record<string, number> {
  return Object.fromEntries([...statuses].map(([status, count]) => [String(status), count]));
}
