/** Bars that stand on each other. */
import type { PlotSeries } from '../plot-spec.js';

/** In the order in which they are drawn: of bars the highest first, so that the lower ones stand in front of it. */
export function stacked(
  all: readonly PlotSeries[],
): { readonly series: PlotSeries; readonly values: readonly (number | null)[] }[] {
  const sums: number[] = [];
  const bars = all
    .filter(({ style }) => style === 'bars')
    .map((series) => ({
      series,
      values: series.values.map((value, i) => {
        sums[i] = (sums[i] ?? 0) + (value ?? 0);
        return value === null || value === 0 ? null : (sums[i] as number);
      }),
    }));
  const others = all
    .filter(({ style }) => style !== 'bars')
    .map((series) => ({ series, values: series.values }));
  return [...bars.reverse(), ...others];
}
