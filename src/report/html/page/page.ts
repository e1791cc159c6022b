/** The script of a page: draws its plots and lets the command line be copied. Nothing is fetched. */
import type { PlotSpec } from '../plot-spec.js';
import { copyButtons } from './copy.js';
import { Plot } from './plot.js';
import { whenPrinting } from './print.js';
import { whenThemeChanges } from './theme.js';

const specs = JSON.parse(document.getElementById('plot-data')?.textContent ?? '[]') as PlotSpec[];
const plots = specs.flatMap((spec) => {
  const place = document.getElementById(spec.id);
  return place === null ? [] : [new Plot(place, spec)];
});
const sizes = new ResizeObserver(() => {
  for (const plot of plots) plot.fit();
});
for (const plot of plots) sizes.observe(plot.place);
whenThemeChanges(() => {
  for (const plot of plots) plot.redraw();
});
document.getElementById('no-plots')?.remove();
whenPrinting(plots);
copyButtons();
