/** On paper: light colours, plots as wide as the paper, and all tables open. */
import type { Plot } from './plot.js';

/** Between the margins of A4 and Letter, in CSS pixels. */
const PAPER_WIDTH = 660;

export function whenPrinting(plots: readonly Plot[]): void {
  let opened: HTMLDetailsElement[] = [];
  const root = document.documentElement;
  addEventListener('beforeprint', () => {
    root.classList.add('printing');
    opened = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open])')];
    for (const details of opened) details.open = true;
    for (const plot of plots) {
      plot.fit(PAPER_WIDTH);
      plot.redraw();
    }
  });
  addEventListener('afterprint', () => {
    root.classList.remove('printing');
    for (const details of opened) details.open = false;
    for (const plot of plots) {
      plot.fit();
      plot.redraw();
    }
  });
}
