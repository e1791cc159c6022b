/** The one line that is drawn on standard error while a run goes on. */
import type { LiveCounts } from '../analysis/run-fold.js';
import { duration } from '../text/durations.js';
import { count, rate } from '../text/numbers.js';
import { terminalText } from '../text/printable.js';
import { cut } from './layout/text.js';
import { UNFINISHED, VERSION_UNKNOWN } from './terms.js';

/** The state of a run at one moment. */
export interface ProgressPoint {
  /** ms since the first measured request was due. */
  readonly elapsedMs: number;
  readonly live: LiveCounts;
}

/** What ends the run, whichever comes first; null for no such limit. */
export interface ProgressGoal {
  readonly requests: number | null;
  readonly durationMs: number | null;
}

/** Versions named in the line. */
const MAX_VERSIONS = 4;
const MAX_LABEL = 24;

/**
 * `3.2 s · 1,998/s · backend-v1 5,760 · backend-v2 634 · 2 failed · 6.8 s left`
 *
 * @param before the rate is counted from this earlier moment; null: from the start
 * @param columns the line is at most this wide
 */
export function progressLine(
  now: ProgressPoint,
  before: ProgressPoint | null,
  goal: ProgressGoal,
  columns: number,
): string {
  const { live } = now;
  const perSecond = ratePerSecond(now, before);
  const versions = live.versions
    .slice(0, MAX_VERSIONS)
    .map(({ version, requests }) => `${cut(terminalText(version), MAX_LABEL)} ${count(requests)}`);
  const hidden = live.versions.length - versions.length;
  const left = leftMs(now, perSecond, goal);
  const parts = [
    duration(now.elapsedMs),
    rate(perSecond),
    ...versions,
    ...(hidden > 0 ? [`${hidden} more versions`] : []),
    ...(live.unattributed > 0 ? [`${VERSION_UNKNOWN} ${count(live.unattributed)}`] : []),
    ...(live.failed > 0 ? [`${count(live.failed)} failed`] : []),
    ...(live.cutOff > 0 ? [`${count(live.cutOff)} ${UNFINISHED}`] : []),
  ];
  if (left === null) return cut(parts.join(' · '), columns);
  // The time left stays readable however much the rest is cut.
  const last = ` · ${duration(left)} left`;
  return cut(`${cut(parts.join(' · '), Math.max(1, columns - last.length))}${last}`, columns);
}

function done({ live }: ProgressPoint): number {
  return live.attributed + live.unattributed + live.failed;
}

function ratePerSecond(now: ProgressPoint, before: ProgressPoint | null): number {
  const ms = now.elapsedMs - (before?.elapsedMs ?? 0);
  return ms <= 0 ? 0 : ((done(now) - (before === null ? 0 : done(before))) * 1000) / ms;
}

/** The shorter of the times until the duration is over and until the requests are done at this rate. */
function leftMs(now: ProgressPoint, perSecond: number, goal: ProgressGoal): number | null {
  const times: number[] = [];
  if (goal.durationMs !== null) times.push(goal.durationMs - now.elapsedMs);
  if (goal.requests !== null && perSecond > 0) times.push(((goal.requests - done(now)) * 1000) / perSecond);
  return times.length === 0 ? null : Math.max(0, Math.min(...times));
}
