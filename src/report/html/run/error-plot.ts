/** Errors by kind over time. */
import type { RunResult } from '../../../analysis/result.js';
import { sum } from '../../../collections.js';
import { inSeconds } from '../../../text/durations.js';
import { count, counted, plain, tally } from '../../../text/numbers.js';
import type { GridData } from '../../layout/grid.js';
import { label, number, text } from '../../table/columns.js';
import type { PlotParts } from '../frame/plot.js';
import type { PlotSeries } from '../plot-spec.js';
import { type Interval, intervalsOf } from './versions.js';

/** Kinds with a colour of their own; the rest are one. */
const MAX_KINDS = 6;
const OTHER = 'other kinds';

/** Empty where there was no error. */
export function errorPlots(result: RunResult): PlotParts[] {
  const intervals = intervalsOf(result);
  const perInterval = intervals.map(errorsIn);
  const kinds = kindsOf(perInterval);
  if (kinds.length === 0 || intervals.length < 2) return [];
  const values = (kind: string) => perInterval.map((errors) => errors[kind] ?? 0);
  const totals = perInterval.map((errors) => sum(Object.values(errors)));
  const worst = totals.indexOf(Math.max(...totals));
  const { errors, requests } = result.errors;
  return [
    {
      heading: 'Errors over time',
      summary: [
        `${counted(errors, 'error')} in ${counted(requests, 'request')} (${plain((100 * errors) / Math.max(1, requests))} %): ${tally(result.errors.kinds)}.`,
        `Most came in the ${inSeconds(result.timelineIntervalMs)} from ${inSeconds(intervals[worst]?.startMs ?? 0)} on: ${count(totals[worst] ?? 0)}.`,
      ],
      spec: {
        id: 'errors-over-time',
        x: {
          unit: 'seconds',
          label: 'time since the start',
          values: intervals.map(({ startMs }) => startMs / 1000),
        },
        y: {
          unit: 'requests',
          label: `errors in each ${inSeconds(result.timelineIntervalMs)}`,
          scale: 'linear',
          from: 0,
        },
        series: kinds.map(
          (kind, i): PlotSeries => ({ label: kind, values: values(kind), style: 'bars', tone: i, dash: 0 }),
        ),
        bands: [],
        marks: [],
      },
      table: errorTimes(intervals, kinds, perInterval),
    },
  ];
}

/** Only intervals with errors. */
function errorTimes(
  intervals: readonly Interval[],
  kinds: readonly string[],
  perInterval: readonly Readonly<Record<string, number>>[],
): GridData {
  return {
    columns: [label('from'), ...kinds.map((kind) => number(kind))],
    rows: intervals.flatMap(({ startMs }, i) => {
      const errors = perInterval[i] ?? {};
      if (sum(Object.values(errors)) === 0) return [];
      return [text(inSeconds(startMs), ...kinds.map((kind) => count(errors[kind] ?? 0)))];
    }),
  };
}

/** Of all versions together. */
function errorsIn({ rows }: Interval): Record<string, number> {
  const all: Record<string, number> = {};
  for (const { errors } of rows.values()) {
    for (const [kind, n] of Object.entries(errors)) all[kind] = (all[kind] ?? 0) + n;
  }
  return all;
}

/** The most frequent first; in each interval, what has no name of its own becomes one. */
function kindsOf(perInterval: Record<string, number>[]): string[] {
  const totals = new Map<string, number>();
  for (const errors of perInterval) {
    for (const [kind, n] of Object.entries(errors)) totals.set(kind, (totals.get(kind) ?? 0) + n);
  }
  const sorted = [...totals].sort(([, a], [, b]) => b - a).map(([kind]) => kind);
  if (sorted.length <= MAX_KINDS) return sorted;
  const named = sorted.slice(0, MAX_KINDS - 1);
  for (const errors of perInterval) {
    const rest = Object.keys(errors).filter((kind) => !named.includes(kind));
    const n = sum(rest.map((kind) => errors[kind] ?? 0));
    for (const kind of rest) delete errors[kind];
    if (n > 0) errors[OTHER] = n;
  }
  return [...named, OTHER];
}
