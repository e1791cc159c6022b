/** Latency of each version: by percentile, and over time. */
import type { RunResult, TimelineRow } from '../../../analysis/result.js';
import { inSeconds, time } from '../../../text/durations.js';
import { plain } from '../../../text/numbers.js';
import type { GridData } from '../../layout/grid.js';
import { percentilesUs } from '../../percentiles.js';
import { label, number, text } from '../../table/columns.js';
import type { PlotParts } from '../frame/plot.js';
import type { PlotSeries } from '../plot-spec.js';
import { timeAxis } from './share-plots.js';
import { intervalsOf, leftOut, type PlottedVersion, plottedVersions } from './versions.js';

/** Points of a curve between 90 % and 99 %, and for each further nine. */
const POINTS_A_NINE = 40;
/** No run has answers enough for more nines: 4,000,000,000 requests at most. */
const MOST_NINES = 9;
/** Of the table behind the curve. */
const TABLE_PERCENTILES = [0, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99, 99.999];

export function latencyPlots(result: RunResult): PlotParts[] {
  const answered = plottedVersions(result).filter(({ result: { latencyUs } }) => latencyUs.count > 1);
  if (answered.length === 0) return [];
  return [percentilePlot(result, answered), ...overTime(result, answered)];
}

/** What HdrHistogram's plots show: the axis has the same room for each further nine. */
function percentilePlot(result: RunResult, versions: readonly PlottedVersion[]): PlotParts {
  const nines = Array.from({ length: MOST_NINES * POINTS_A_NINE + 1 }, (_, i) => i / POINTS_A_NINE);
  const percents = nines.map((nine) => 100 * (1 - 10 ** -nine));
  const curves = versions.map(({ result: { latencyUs } }) => percentilesUs(latencyUs, percents));
  const end = Math.max(...curves.map((curve) => curve.findLastIndex((value) => value !== null)));
  const x = nines.slice(0, end + 1);
  const slowest = versions.toSorted((a, b) => p99(b) - p99(a))[0];
  return {
    heading: 'Latency by percentile',
    summary: [
      `${ofWhat(result)} Each curve says which part of a version's answers took no longer than the time at the left. A curve ends where there are too few answers for a percentile.`,
      ...(versions.length > 1 && slowest !== undefined && p99(slowest) > 0
        ? [`The highest p99 is that of ${slowest.label}: ${time(p99(slowest))}.`]
        : []),
      ...leftOut(result),
    ],
    spec: {
      id: 'percentiles',
      x: { unit: 'percentile', label: 'percentile', values: x },
      y: { unit: 'us', label: 'latency', scale: 'log' },
      series: versions.map(
        ({ label: name, tone, dash }, i): PlotSeries => ({
          label: name,
          values: x.map((_, at) => positive(curves[i]?.[at] ?? null)),
          style: 'line',
          tone,
          dash,
        }),
      ),
      bands: [],
      marks: [],
    },
    table: percentileTable(versions),
  };
}

function percentileTable(versions: readonly PlottedVersion[]): GridData {
  const columns = versions.map(({ result }) => percentilesUs(result.latencyUs, TABLE_PERCENTILES));
  return {
    columns: [label('percentile'), ...versions.map(({ label: name }) => number(name))],
    rows: [
      ...TABLE_PERCENTILES.map((percentile, i) =>
        text(
          percentile === 0 ? 'min' : `p${plainPercentile(percentile)}`,
          ...columns.map((times) => time(times[i] ?? null)),
        ),
      ),
      text('max', ...versions.map(({ result }) => time(result.latencyUs.max))),
    ],
  };
}

function overTime(result: RunResult, versions: readonly PlottedVersion[]): PlotParts[] {
  const intervals = intervalsOf(result);
  if (intervals.length < 2) return [];
  const of = (version: PlottedVersion, figure: (row: TimelineRow) => number | null) =>
    intervals.map(({ rows }) => {
      const row = rows.get(version.result.version);
      return row === undefined ? null : figure(row);
    });
  const p50s = versions.map((version) => of(version, ({ p50Us }) => p50Us));
  const p99s = versions.map((version) => of(version, ({ p99Us }) => p99Us));
  const hasGaps = [...p50s, ...(p99s.flat().some((us) => us !== null) ? p99s : [])].flat().includes(null);
  const hasP99 = p99s.some((values) => values.some((value) => value !== null));
  if (!p50s.some((values) => values.some((value) => value !== null))) return [];
  return [
    {
      heading: 'Latency over time',
      summary: [
        `${ofWhat(result)} Of those that ended in each ${inSeconds(result.timelineIntervalMs)}: ${hasP99 ? 'p50 as a thick line, p99 as a thin one.' : 'p50. No interval has answers enough for p99.'}`,
        ...(hasGaps ? ['Where a line is missing there are too few answers for the percentile.'] : []),
        ...leftOut(result),
      ],
      spec: {
        id: 'latency-over-time',
        x: timeAxis(result, intervals),
        y: { unit: 'us', label: 'latency', scale: 'log' },
        series: versions.flatMap(({ label: name, tone, dash }, i): PlotSeries[] => [
          { label: `${name} p50`, values: (p50s[i] ?? []).map(positive), style: 'line', tone, dash },
          ...(hasP99
            ? [
                {
                  label: `${name} p99`,
                  values: (p99s[i] ?? []).map(positive),
                  style: 'thin',
                  tone,
                  dash,
                } as const,
              ]
            : []),
        ]),
        bands: [],
        marks: [],
      },
      table: {
        columns: [
          label('from'),
          ...versions.flatMap(({ label: name }) => [number(`${name} p50`), number(`${name} p99`)]),
        ],
        rows: intervals.map(({ startMs }, at) =>
          text(
            inSeconds(startMs),
            ...versions.flatMap((_, i) => [time(p50s[i]?.[at] ?? null), time(p99s[i]?.[at] ?? null)]),
          ),
        ),
      },
    },
  ];
}

function ofWhat({ load }: RunResult): string {
  return load.mode === 'open'
    ? 'Answers of backends, from the due time of the request to the end of the answer.'
    : 'Answers of backends, from sending the request to the end of the answer.';
}

function p99({ result: { latencyUs } }: PlottedVersion): number {
  return latencyUs.percentiles['99'] ?? 0;
}

/** A logarithmic axis has no 0: such a time is shown as 1 µs. */
function positive(us: number | null): number | null {
  return us === null ? null : Math.max(us, 1);
}

function plainPercentile(percentile: number): string {
  return Number.isInteger(percentile) ? plain(percentile) : String(percentile);
}
