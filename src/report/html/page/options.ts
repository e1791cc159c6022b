/** What uPlot is told of a plot. */
import uPlot from 'uplot';
import type { PlotSeries, PlotSpec, PlotX, PlotY } from '../plot-spec.js';
import { X_TICKS, Y_TICKS } from './format.js';
import { drawBands, drawMarks } from './hooks.js';
import { stacked } from './stack.js';
import { areaColor, color, dashPattern, toneColor } from './theme.js';

/** Places of uPlot's lists; the bounds of an interval are series of their own, behind its line. */
interface Placed {
  readonly series: uPlot.Series[];
  readonly bands: uPlot.Band[];
  readonly data: (number | null)[][];
}

export function optionsOf(
  spec: PlotSpec,
  size: { width: number; height: number },
  moved: (u: uPlot) => void,
): uPlot.Options {
  const { series, bands } = placed(spec);
  return {
    ...size,
    series: [{}, ...series],
    bands,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { size: 7 }, y: false },
    scales: {
      x: { time: false, range: (_, min, max) => xRange(spec.x, min, max) },
      y: scaleOf(spec.y),
    },
    axes: [xAxis(spec.x), yAxis(spec.y)],
    hooks: {
      drawAxes: [(u) => drawBands(u, spec.bands)],
      draw: [(u) => drawMarks(u, spec.marks)],
      setCursor: [moved],
    },
  };
}

export function dataOf(spec: PlotSpec): uPlot.AlignedData {
  return [[...spec.x.values], ...placed(spec).data] as uPlot.AlignedData;
}

function placed({ series: all }: PlotSpec): Placed {
  const result: Placed = { series: [], bands: [], data: [] };
  const add = (series: uPlot.Series, values: readonly (number | null)[]) => {
    result.series.push(series);
    return result.data.push([...values]);
  };
  for (const { series, values } of stacked(all)) {
    if (series.interval !== undefined) {
      const bound = { width: 0, points: { show: false }, stroke: () => areaColor(series.tone) };
      const low = add(bound, series.interval.low);
      const high = add(bound, series.interval.high);
      result.bands.push({ series: [high, low], fill: () => areaColor(series.tone) });
    }
    add(seriesOptions(series), values);
  }
  return result;
}

function seriesOptions(series: PlotSeries): uPlot.Series {
  const { label, tone, dash, style } = series;
  const isBars = style === 'bars';
  return {
    label,
    stroke: () => toneColor(tone),
    width: style === 'thin' ? 1 : 2,
    dash: dashPattern(dash),
    points: { show: pointsIfFew(series), fill: () => color('back') },
    ...(isBars ? { fill: () => toneColor(tone) } : {}),
    ...(isBars ? barPaths() : {}),
  };
}

function barPaths(): Partial<uPlot.Series> {
  const paths = uPlot.paths.bars?.({ size: [0.9, 40], align: 1 });
  return paths === undefined ? {} : { paths };
}

/** A value between two gaps has no line: only points show it. */
function pointsIfFew({ values, style }: PlotSeries): boolean {
  return style !== 'bars' && values.filter((value) => value !== null).length < 60;
}

/** A little room at both ends; a single value in the middle. */
function xRange({ unit, values }: PlotX, min: number, max: number): [number, number] {
  if (unit === 'percentile') return [0, Math.max(max, 1)];
  if (unit !== 'seconds') return [0, max * 1.05];
  const step = values.length > 1 ? (values[1] as number) - (values[0] as number) : 1;
  return [Math.min(0, min), max + step / 2];
}

function scaleOf({ scale, from, to }: PlotY): uPlot.Scale {
  if (scale === 'log') return { distr: 3 };
  return {
    range: (_, min, max) => {
      const [low, high] = [from ?? min, to ?? max];
      // Nothing but one value, or none.
      return high > low ? [low, to ?? high + (high - low) * 0.08] : [low, low + 1];
    },
  };
}

/** Steps of an axis of time that people count in. */
const SECONDS = [
  0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800,
  21_600, 43_200, 86_400,
];

function xAxis({ unit, label }: PlotX): uPlot.Axis {
  return {
    ...axisLook(label),
    size: 40,
    ...(unit === 'seconds' ? { incrs: SECONDS } : {}),
    labelSize: 22,
    values: (_, splits) => splits.map((value) => X_TICKS[unit](value)),
    ...(unit === 'percentile'
      ? { splits: (_u: uPlot, _i: number, _min: number, max: number) => percentileTicks(max) }
      : {}),
  };
}

/** 0 %, 50 %, and then a tick for each nine. */
function percentileTicks(max: number): number[] {
  const nines = Array.from({ length: Math.max(1, Math.floor(max)) }, (_, i) => i + 1);
  return [0, Math.log10(2), ...nines];
}

function yAxis({ unit, label, scale }: PlotY): uPlot.Axis {
  return {
    ...axisLook(label),
    size: 64,
    labelSize: 22,
    values: (_, splits) => splits.map((value) => (value === null ? '' : Y_TICKS[unit](value))),
    // Of a logarithmic axis only the powers of ten, and a few between, have room.
    ...(scale === 'log' ? { filter: (_u: uPlot, splits: number[]) => splits.map(logTick) } : {}),
  };
}

function logTick(value: number): number | null {
  const first = Number(value.toExponential().split('e')[0]);
  return first === 1 || first === 2 || first === 5 ? value : null;
}

function axisLook(label: string): uPlot.Axis {
  const line = { stroke: () => color('grid'), width: 1 };
  return {
    label,
    stroke: () => color('muted'),
    grid: line,
    ticks: line,
    font: '12px system-ui, sans-serif',
    labelFont: '12px system-ui, sans-serif',
    gap: 4,
  };
}
