/** How versions are told apart in plots: by colour and by dashes. */
import type { RunResult, TimelineRow, VersionResult } from '../../../analysis/result.js';
import { count } from '../../../text/numbers.js';
import { shownName } from '../frame/markup.js';

/** A plot shows so many versions. */
const MAX_PLOTTED = 8;

export interface PlottedVersion {
  readonly result: VersionResult;
  readonly label: string;
  readonly tone: number;
  readonly dash: number;
}

/** Those with most requests, in the order of the result. */
export function plottedVersions({ versions }: RunResult): PlottedVersion[] {
  const most = new Set([...versions].sort((a, b) => weightOf(b) - weightOf(a)).slice(0, MAX_PLOTTED));
  return versions
    .filter((version) => most.has(version))
    .map((result, i) => ({ result, label: shownName(result.version), tone: i, dash: i % 6 }));
}

/** Expected versions first. */
function weightOf({ expectedShare, requests }: VersionResult): number {
  return requests + (expectedShare === null ? 0 : 1e15);
}

/** Which versions a plot leaves out; nothing if it shows all. */
export function leftOut(result: RunResult): string[] {
  const hidden = result.versions.length - plottedVersions(result).length;
  return hidden === 0
    ? []
    : [`It shows ${count(MAX_PLOTTED)} versions; ${count(hidden)} more are in the tables only.`];
}

/** The timeline by interval: when each began, and its rows by version. */
export interface Interval {
  readonly startMs: number;
  readonly rows: ReadonlyMap<string, TimelineRow>;
}

/** All intervals from the first to the last, also those without rows. */
export function intervalsOf({ timeline, timelineIntervalMs }: RunResult): Interval[] {
  const first = timeline[0]?.startMs;
  const last = timeline.at(-1)?.startMs;
  if (first === undefined || last === undefined) return [];
  const length = Math.round((last - first) / timelineIntervalMs) + 1;
  const intervals = Array.from({ length }, (_, i) => ({
    startMs: first + i * timelineIntervalMs,
    rows: new Map<string, TimelineRow>(),
  }));
  for (const row of timeline) {
    intervals[Math.round((row.startMs - first) / timelineIntervalMs)]?.rows.set(row.version, row);
  }
  return intervals;
}
