/** How the line of a series runs. */
import uPlot from 'uplot';
import type { PlotSeries } from '../plot-spec.js';

const BARS = uPlot.paths.bars?.({ size: [0.9, 40], align: 1 });
const NONE = uPlot.paths.points?.();

export function pathsOf(style: PlotSeries['style']): Partial<uPlot.Series> {
  if (style === 'bars' && BARS !== undefined) return { paths: BARS };
  if (style === 'points' && NONE !== undefined) return { paths: () => null };
  return {};
}
