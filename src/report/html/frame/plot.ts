/** A plot in the page: what it shows in words above it, a legend, and its figures in a table behind it. */
import type { GridData } from '../../layout/grid.js';
import type { PlotSpec } from '../plot-spec.js';
import { html, type Markup, NOTHING, nameMarkup, type Part } from './markup.js';
import { type Section, section } from './section.js';
import { tableMarkup } from './table.js';

export interface PlotParts {
  readonly heading: string;
  /** What the plot shows and what is to be seen in it, in sentences. */
  readonly summary: readonly string[];
  readonly spec: PlotSpec;
  readonly table: GridData;
  /** Rows of the table that are shown. */
  readonly maxRows?: number;
}

/** All plots of a page; empty without one. The page must have their specifications too. */
export function plotSection(plots: readonly PlotParts[]): Section[] {
  if (plots.length === 0) return [];
  return [
    section(
      'plots',
      'Plots',
      html`<p id="no-plots">Plots need JavaScript. The table behind each plot has its figures.</p>`,
      plots.map(plotFigure),
    ),
  ];
}

/** The page's script draws the plot by its specification, which must be among the page's {@link PlotSpec}s. */
function plotFigure({ heading, summary, spec, table, maxRows }: PlotParts): Markup {
  return html`<section class="plot-section" aria-labelledby="${spec.id}-heading">
<h3 id="${spec.id}-heading">${heading}</h3>
${summary.map((text) => html`<p>${text}</p>`)}
<figure>
<div class="plot" id="${spec.id}" role="img" tabindex="0" aria-label="${heading}. ${summary.join(' ')}"></div>
<p class="readout" data-for="${spec.id}" aria-live="polite">&#160;</p>
<figcaption>${legend(spec)}</figcaption>
</figure>
${behind(`Table: ${heading}`, tableMarkup(heading, table, maxRows))}
</section>`;
}

/** Something that is shown on request. */
export function behind(summary: string, body: Part): Markup {
  return html`<details><summary>${summary}</summary>${body}</details>`;
}

function legend({ series, bands, marks }: PlotSpec): Markup {
  const items = [
    ...series.map(({ label, tone, dash, style }) =>
      key(style === 'bars' ? 'bar' : 'line', tone, dash, label),
    ),
    ...bands.map(({ label, tone }) => key('area', tone, 0, label)),
    ...marks.map(({ label, tone, dash }) => key('mark', tone, dash, label)),
  ];
  return items.length === 0 ? NOTHING : html`<ul class="legend">${items}</ul>`;
}

/** A sample of how it looks in the plot, and its name. */
function key(kind: 'line' | 'bar' | 'area' | 'mark', tone: number, dash: number, label: string): Markup {
  const shape =
    kind === 'line'
      ? html`<line class="stroke${tone} dash${dash}" x1="0" y1="6" x2="28" y2="6"/>`
      : kind === 'mark'
        ? html`<line class="stroke${tone} dash${dash}" x1="14" y1="0" x2="14" y2="12"/>`
        : html`<rect class="fill${tone} ${kind}" x="0" y="1" width="28" height="10"/>`;
  return html`<li><svg width="28" height="12" aria-hidden="true">${shape}</svg> ${nameMarkup(label)}</li>`;
}
