/** Fewer points, so that a page stays small. What stands out is kept: the highest and the lowest of each part. */
import type { PlotSpec } from '../plot-spec.js';

/** A plot has no more points a series. */
export const MAX_POINTS = 2_000;

type Values = readonly (number | null)[];

/** The plot itself if it has few enough. */
export function thinned(spec: PlotSpec): PlotSpec {
  const { x, series } = spec;
  const lines = series.flatMap(({ values, interval }) =>
    interval === undefined ? [values] : [values, interval.low, interval.high],
  );
  const kept = keptPlaces(x.values.length, lines, MAX_POINTS);
  if (kept.length === x.values.length) return spec;
  const pick = <T>(values: readonly T[]): T[] => kept.map((at) => values[at] as T);
  return {
    ...spec,
    x: { ...x, values: pick(x.values) },
    series: series.map((one) => ({
      ...one,
      values: pick(one.values),
      ...(one.interval === undefined
        ? {}
        : { interval: { low: pick(one.interval.low), high: pick(one.interval.high) } }),
    })),
  };
}

/**
 * Places to keep, rising: the first and the last, and of each of equally long parts those of the highest and the lowest value of each line. Between
 * two places that are kept no line goes higher or lower than at one of the places of that part.
 *
 * @param length places in all
 * @param most at least 4 × `lines`; a plot with so many lines that this is too few keeps the extremes of the first ones
 */
export function keptPlaces(length: number, lines: readonly Values[], most: number): number[] {
  if (length <= most) return Array.from({ length }, (_, i) => i);
  const counted = lines.slice(0, Math.floor((most - 2) / 2));
  const parts = Math.max(1, Math.floor((most - 2) / Math.max(1, 2 * counted.length)));
  const kept = new Set([0, length - 1]);
  for (let part = 0; part < parts; part++) {
    const from = Math.floor((part * length) / parts);
    const to = Math.floor(((part + 1) * length) / parts);
    for (const line of counted) for (const at of extremes(line, from, to)) kept.add(at);
  }
  return [...kept].sort((a, b) => a - b);
}

/** Of the values from `from` to before `to`; empty if there is none. */
function extremes(values: Values, from: number, to: number): number[] {
  let [lowest, highest] = [-1, -1];
  for (let at = from; at < to; at++) {
    const value = values[at] ?? null;
    if (value === null) continue;
    if (lowest < 0 || value < (values[lowest] as number)) lowest = at;
    if (highest < 0 || value > (values[highest] as number)) highest = at;
  }
  return lowest < 0 ? [] : [lowest, highest];
}
