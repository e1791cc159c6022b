/** The one line that is drawn on standard error while a run goes on. */
import type { LiveCounts } from '../analysis/live-counts.js';
import { duration } from '../text/durations.js';
import { count, rate } from '../text/numbers.js';
import { terminalText } from '../text/printable.js';
import { widthOf } from '../text/width.js';
import { cut } from './layout/text.js';
import { LEVELS, leavesOut, liveVersion, shortNames } from './live-version.js';
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
 * `3 s · 1,998/s · v1 90.1 % (90) · v2 9.9 % (10) err 0 % p99 12.1 ms · 2 failed · 7 s left`
 *
 * In a narrow terminal it says less (live-version.ts).
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
  const perSecond = ratePerSecond(now, before);
  const left = leftMs(now, perSecond, goal);
  const last = left === null ? '' : ` · ${inWholeSeconds(left)} left`;
  let line = '';
  for (const level of LEVELS.keys()) {
    line = parts(now, perSecond, level).join(' · ');
    if (widthOf(line) + last.length <= columns) return `${line}${last}`;
  }
  // The time left stays readable however much the rest is cut.
  return cut(`${cut(line, Math.max(1, columns - last.length))}${last}`, columns);
}

function parts({ live, elapsedMs }: ProgressPoint, perSecond: number, level: number): string[] {
  const shown = live.versions.slice(0, MAX_VERSIONS);
  const hidden = live.versions.length - shown.length;
  const names = shortNames(shown.map(({ version }) => terminalText(version)));
  const most = Math.max(...shown.map(({ requests }) => requests));
  const largest = shown.findIndex(({ requests }) => requests === most);
  return [
    ...(leavesOut(level, 'without the time so far') ? [] : [inWholeSeconds(elapsedMs)]),
    ...(leavesOut(level, 'without the rate') ? [] : [rate(perSecond)]),
    ...shown.map((version, i) =>
      liveVersion(version, cut(names[i] ?? '', MAX_LABEL), live.attributed, i === largest, level),
    ),
    ...(hidden > 0 ? [`${hidden} more versions`] : []),
    ...(live.unattributed > 0 ? [`${VERSION_UNKNOWN} ${count(live.unattributed)}`] : []),
    ...(live.failed > 0 ? [`${count(live.failed)} failed`] : []),
    ...(live.cutOff > 0 ? [`${count(live.cutOff)} ${UNFINISHED}`] : []),
  ];
}

/** Requests that ended, of those that are counted. */
export function done({ live }: ProgressPoint): number {
  return live.attributed + live.unattributed + live.failed;
}

/** Requests per second that ended since an earlier moment. */
export function ratePerSecond(now: ProgressPoint, before: ProgressPoint | null): number {
  const ms = now.elapsedMs - (before?.elapsedMs ?? 0);
  return ms <= 0 ? 0 : ((done(now) - (before === null ? 0 : done(before))) * 1000) / ms;
}

/** ms: the shorter of the times until the duration is over and until the requests are done at this rate. */
export function leftMs(now: ProgressPoint, perSecond: number, goal: ProgressGoal): number | null {
  const times: number[] = [];
  if (goal.durationMs !== null) times.push(goal.durationMs - now.elapsedMs);
  if (goal.requests !== null && perSecond > 0) times.push(((goal.requests - done(now)) * 1000) / perSecond);
  return times.length === 0 ? null : Math.max(0, Math.min(...times));
}

/** `7 s`, `2m05s` */
export function inWholeSeconds(ms: number): string {
  return ms < 59_500 ? `${Math.round(ms / 1000)} s` : duration(ms);
}
