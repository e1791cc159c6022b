/** The percentile curves of the results over each other. */
import type { CompareResult } from '../../../analysis/compare/result.js';
import { time } from '../../../text/durations.js';
import { count } from '../../../text/numbers.js';
import type { GridData } from '../../layout/grid.js';
import { label, number, text } from '../../table/columns.js';
import { shownName } from '../frame/markup.js';
import type { PlotParts } from '../frame/plot.js';
import type { PlotSeries } from '../plot-spec.js';

/** Curves of a plot. */
const MAX_SERIES = 8;
/** Every so many points there is a row in the table. */
const TABLE_STEP = 5;

/** A plot, or none without a curve. The colour tells the version, the dashes the result. */
export function curvePlot(
  { results, curvePercentiles }: CompareResult,
  names: readonly string[],
): PlotParts[] {
  const versions = [...new Set(results.flatMap(({ curves }) => curves.map(({ version }) => version)))];
  const all = versions.flatMap((version, tone) =>
    results.flatMap(({ curves }, dash) =>
      curves
        .filter((curve) => curve.version === version)
        .map((curve) => ({
          name: shownName(`${version ?? 'all backends'}, ${names[dash]}`),
          timesUs: curve.timesUs,
          tone,
          dash: dash % 6,
        })),
    ),
  );
  const shown = all.slice(0, MAX_SERIES);
  const last = Math.max(...shown.map(({ timesUs }) => timesUs.findLastIndex((us) => us !== null)));
  if (shown.length === 0 || last < 1) return [];
  const percentiles = curvePercentiles.slice(0, last + 1);
  return [
    {
      heading: 'Latency by percentile',
      summary: [
        'Each curve says which part of the answers took no longer than the time at the left. The colour is the version, the dashes are the result. A curve ends where there are too few answers for a percentile.',
        ...(all.length > shown.length
          ? [
              `It shows ${count(shown.length)} curves; ${count(all.length - shown.length)} more are in --json.`,
            ]
          : []),
      ],
      spec: {
        id: 'curves',
        x: {
          unit: 'percentile',
          label: 'percentile',
          values: percentiles.map((percent) => -Math.log10(1 - percent / 100)),
        },
        y: { unit: 'us', label: 'latency', scale: 'log' },
        series: shown.map(
          ({ name, timesUs, tone, dash }): PlotSeries => ({
            label: name,
            // A logarithmic axis has no 0.
            values: percentiles.map((_, at) => {
              const us = timesUs[at] ?? null;
              return us === null ? null : Math.max(us, 1);
            }),
            style: 'line',
            tone,
            dash,
          }),
        ),
        bands: [],
        marks: [],
      },
      table: tableOf(shown, percentiles),
    },
  ];
}

function tableOf(
  shown: readonly { readonly name: string; readonly timesUs: readonly (number | null)[] }[],
  percentiles: readonly number[],
): GridData {
  return {
    columns: [label('percentile'), ...shown.map(({ name }) => number(name))],
    rows: percentiles.flatMap((percent, at) =>
      at % TABLE_STEP === 0
        ? [text(`p${Number(percent.toFixed(4))}`, ...shown.map(({ timesUs }) => time(timesUs[at] ?? null)))]
        : [],
    ),
  };
}
