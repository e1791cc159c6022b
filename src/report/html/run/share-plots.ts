/** The share of each version over time. */
import type { RunResult } from '../../../analysis/result.js';
import { inSeconds } from '../../../text/durations.js';
import { percent, plain } from '../../../text/numbers.js';
import type { GridData } from '../../layout/grid.js';
import { label, number, text } from '../../table/columns.js';
import type { PlotParts } from '../frame/plot.js';
import type { PlotSeries } from '../plot-spec.js';
import { type Interval, intervalsOf, leftOut, type PlottedVersion, plottedVersions } from './versions.js';

/** Versions with a plot of their own; the shares of all are in the table. */
const MAX_OWN_PLOTS = 4;

/** A plot for each version but the one of most weight, whose share follows from the others'; without expected shares, one for all. */
export function sharePlots(result: RunResult): PlotParts[] {
  const intervals = intervalsOf(result);
  const versions = plottedVersions(result);
  if (intervals.length < 2 || versions.length === 0) return [];
  const judged = versions.filter(({ result: { shareBounds } }) => shareBounds !== null);
  const table = shareTable(result, versions, intervals);
  if (judged.length === 0) return [allShares(result, versions, intervals, table)];
  return withoutLargest(judged)
    .slice(0, MAX_OWN_PLOTS)
    .map((version, i) => ownShare(result, version, intervals, table, i));
}

function ownShare(
  result: RunResult,
  version: PlottedVersion,
  intervals: readonly Interval[],
  table: GridData,
  i: number,
): PlotParts {
  const { label: name, result: own } = version;
  const running = runningShare(result, version, intervals);
  const each: PlotSeries = {
    ...shareOf(version, intervals),
    label: `in each ${inSeconds(result.timelineIntervalMs)}`,
    style: 'thin',
    tone: 5,
    dash: 0,
  };
  const [low, high] = own.shareBounds ?? [null, null];
  const bounds =
    low === null
      ? `at most ${percent(high)} %`
      : high === null
        ? `at least ${percent(low)} %`
        : `${percent(low)} % to ${percent(high)} %`;
  return {
    heading: `Share of ${name} over time`,
    summary: [
      `Expected ${percent(own.expectedShare)} %, allowed ${bounds}; ${name} got ${percent(own.share)} % of the answers that name a version.`,
      thinAndThick(result, running),
    ],
    spec: {
      id: `share-${i + 1}`,
      x: timeAxis(result, intervals),
      y: { unit: 'share', label: 'share', scale: 'linear', ...heights([each, running], low, high) },
      series: [each, running],
      bands: [{ label: 'allowed', low: low ?? 0, high: high ?? 1, tone: 5 }],
      marks: [],
    },
    table,
  };
}

function allShares(
  result: RunResult,
  versions: readonly PlottedVersion[],
  intervals: readonly Interval[],
  table: GridData,
): PlotParts {
  return {
    heading: 'Shares over time',
    summary: [
      `No share was expected. Each point is the share of the answers that name a version, in ${inSeconds(result.timelineIntervalMs)}.`,
      ...leftOut(result),
    ],
    spec: {
      id: 'share-all',
      x: timeAxis(result, intervals),
      y: { unit: 'share', label: 'share', scale: 'linear', from: 0, to: 1 },
      series: versions.map((version) => shareOf(version, intervals)),
      bands: [],
      marks: [],
    },
    table,
  };
}

/** Room for the lines and what is allowed, and not for intervals of the first few requests, which are as wide as can be. */
function heights(
  lines: readonly PlotSeries[],
  low: number | null,
  high: number | null,
): { readonly from: number; readonly to: number } {
  const values = [...lines.flatMap((line) => line.values), low, high].filter((value) => value !== null);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = Math.max((most - least) * 0.1, 0.005);
  return { from: Math.max(0, least - room), to: Math.min(1, most + room) };
}

/** What the two lines of a plot are, and how sure the thick one is. */
function thinAndThick({ timelineIntervalMs, split }: RunResult, { interval }: PlotSeries): string {
  const thin = `Thin line: the share in each ${inSeconds(timelineIntervalMs)}, which varies by chance.`;
  const thick = 'Thick line: the share of all requests so far';
  if (interval === undefined) {
    return `${thin} ${thick}. It has no interval, since connections keep to versions, so that requests are no draws of their own.`;
  }
  const confidence = `${plain((split?.intervalConfidence ?? 0) * 100)} %`;
  const wider =
    split?.method === 'fixed'
      ? ' The interval in the table is narrower: it is for one look, at the end.'
      : '';
  return `${thin} ${thick}, with its ${confidence} interval, which may be looked at at any time.${wider}`;
}

/** The share so far, at the end of each interval. */
function runningShare(
  { runningShares, timelineIntervalMs }: RunResult,
  { label: name, tone, result: own }: PlottedVersion,
  intervals: readonly Interval[],
): PlotSeries {
  const rows = new Map(
    runningShares
      .filter(({ version }) => version === own.version)
      .map((row) => [Math.round(row.endMs / timelineIntervalMs), row]),
  );
  const at = intervals.map(({ startMs }) => rows.get(Math.round(startMs / timelineIntervalMs) + 1));
  const bound = (side: 0 | 1) => at.map((row) => row?.shareInterval?.[side] ?? null);
  const isKnown = at.some((row) => row !== undefined && row.shareInterval !== null);
  return {
    label: isKnown ? `${name} so far, with its interval` : `${name} so far`,
    values: at.map((row) => row?.share ?? null),
    style: 'line',
    tone,
    dash: 0,
    ...(isKnown ? { interval: { low: bound(0), high: bound(1) } } : {}),
  };
}

/** At the end of each interval. */
export function timeAxis({ timelineIntervalMs }: RunResult, intervals: readonly Interval[]) {
  return {
    unit: 'seconds',
    label: 'time since the start',
    values: intervals.map(({ startMs }) => (startMs + timelineIntervalMs) / 1000),
  } as const;
}

function shareOf(
  { label: name, tone, dash, result }: PlottedVersion,
  intervals: readonly Interval[],
): PlotSeries {
  const values = intervals.map(({ rows }) => shareIn(rows, result.version));
  return { label: name, values, style: 'line', tone, dash };
}

/** 0 where only other versions answered, null where none did. */
function shareIn(rows: Interval['rows'], version: string): number | null {
  const own = rows.get(version);
  if (own !== undefined) return own.share;
  return [...rows.values()].some(({ share }) => share !== null && share > 0) ? 0 : null;
}

function withoutLargest(versions: readonly PlottedVersion[]): readonly PlottedVersion[] {
  const largest = Math.max(...versions.map(({ result }) => result.expectedShare ?? -1));
  const at = versions.findLastIndex(({ result }) => result.expectedShare === largest);
  return versions.length === 1 ? versions : versions.filter((_, i) => i !== at);
}

function shareTable(
  { timelineIntervalMs }: RunResult,
  versions: readonly PlottedVersion[],
  intervals: readonly Interval[],
): GridData {
  return {
    columns: [label('from'), ...versions.map(({ label: name }) => number(`${name} %`))],
    rows: intervals.map(({ startMs, rows }) =>
      text(
        inSeconds(Math.round(startMs / timelineIntervalMs) * timelineIntervalMs),
        ...versions.map(({ result }) => percent(shareIn(rows, result.version))),
      ),
    ),
  };
}
