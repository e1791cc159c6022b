/**
 * Endpoints over time: a row for each, with what it answered, when it was out, and what the gateway says of it. Drawn as
 * markup, so that it needs no script.
 */
import type {
  EjectionsResult,
  EjectionTimeline,
  EjectionWindow,
} from '../../../analysis/ejections/result.js';
import { duration } from '../../../text/durations.js';
import { chosenRows, niceStep } from '../../ejections/timeline.js';
import { nameOf, times } from '../../ejections/windows.js';
import { html, Markup, NOTHING, nameMarkup } from '../frame/markup.js';

/** Endpoints with a row; those that were out come first, then those that failed. */
const MAX_ROWS = 40;
/** Width of a row in its own units: what it is on the page depends on the window. */
const WIDTH = 1000;
const TICKS = 5;

type Row = EjectionTimeline['rows'][number];
type Bounds = readonly [lo: number | null, hi: number | null];

export function gantt(ejections: EjectionsResult): Markup {
  const { timeline } = ejections;
  const slices = timeline.rows.reduce((most, row) => Math.max(most, row.slices.length), 0);
  const shown = chosenRows(timeline.rows, MAX_ROWS);
  if (slices === 0) return NOTHING;
  const chart = new Chart(ejections, slices * timeline.sliceMs);
  const hidden = timeline.rows.length - shown.length;
  const more =
    hidden > 0
      ? html`<p class="more">${hidden} more endpoints, none of which was out more, are not drawn.</p>`
      : NOTHING;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Endpoints over time"><table class="gantt">
<caption>Endpoints over time</caption>
<thead><tr><th scope="col">endpoint</th><th scope="col">${chart.axis()}</th></tr></thead>
<tbody>${shown.map((row) => html`<tr><th scope="row">${nameMarkup(nameOf(row))}</th><td>${chart.row(row)}</td></tr>\n`)}</tbody>
</table></div>${ganttLegend(ejections.gateway !== null)}${more}`;
}

class Chart {
  readonly #ejections: EjectionsResult;
  readonly #lengthMs: number;

  constructor(ejections: EjectionsResult, lengthMs: number) {
    this.#ejections = ejections;
    this.#lengthMs = lengthMs;
  }

  /** Times, each at its place. */
  axis(): Markup {
    const stepMs = niceStep(this.#lengthMs / TICKS);
    const ticks = Array.from({ length: Math.floor(this.#lengthMs / stepMs) + 1 }, (_, i) => i * stepMs);
    return html`<svg class="axis" width="100%" height="18" aria-hidden="true">${ticks.map((ms) => {
      const at = `${((ms / this.#lengthMs) * 100).toFixed(2)}%`;
      // A label at the end would be cut.
      const anchor = ms === 0 ? 'start' : ms / this.#lengthMs > 0.92 ? 'end' : 'middle';
      return html`<text x="${at}" y="13" text-anchor="${anchor}">${ms < 60_000 ? `${Number((ms / 1000).toFixed(1))} s` : duration(ms)}</text>`;
    })}</svg>`;
  }

  row(row: Row): Markup {
    const { windows, gateway } = this.#ejections;
    const own = windows.filter(
      ({ version, endpoint }) => version === row.version && endpoint === row.endpoint,
    );
    const reported = (gateway?.windows ?? []).filter(
      ({ endpoint, windows: its }) =>
        endpoint === row.endpoint || its.some((at) => own.includes(windows[at] as EjectionWindow)),
    );
    const words =
      own.length === 0 ? 'never out' : `out ${own.map((window) => times(window, false)).join(', ')}`;
    return html`<svg width="100%" height="30" viewBox="0 0 ${WIDTH} 30" preserveAspectRatio="none" role="img" aria-label="${nameOf(row)}: ${words}">
${this.#slices(row)}${own.map((window) => this.#window(window))}
${reported.map(({ ejectedMs, unejectedMs }) => shape('gateway', this.#block(middle(ejectedMs) ?? 0, middle(unejectedMs), 22, 6)))}</svg>`;
  }

  /** A thin line where it answered, a low block where it failed, a high one where it was out. */
  #slices({ slices }: Row): Markup {
    const { sliceMs } = this.#ejections.timeline;
    const runs = (character: string, top: number, height: number) =>
      [...slices.matchAll(new RegExp(`[${character}]+`, 'g'))]
        .map(({ 0: run, index }) => this.#block(index * sliceMs, (index + run.length) * sliceMs, top, height))
        .join('');
    return html`${shape('ok', runs('.', 9, 2))}${shape('failing', runs('x', 6, 8))}${shape('out', runs('_', 2, 16))}`;
  }

  /** Between which times it begins and ends, its trigger, and until when errors leaked. */
  #window({ startBoundsMs, endBoundsMs, trigger, leakedForMs }: EjectionWindow): Markup {
    const bounds = [startBoundsMs, endBoundsMs].map((pair) => this.#between(pair)).join('');
    const at = trigger?.lastErrorMs;
    return html`${shape('bound', bounds)}${
      at === undefined ? NOTHING : shape('trigger', `M${this.#x(at)} 0v20`)
    }${
      at === undefined || leakedForMs === null || leakedForMs === 0
        ? NOTHING
        : shape('leaked', `M${this.#x(at)} 1H${this.#x(at + leakedForMs)}`)
    }`;
  }

  #between([lo, hi]: Bounds): string {
    return lo === null || hi === null
      ? ''
      : `M${this.#x(lo)} 6v8M${this.#x(hi)} 6v8M${this.#x(lo)} 10H${this.#x(hi)}`;
  }

  /** @param endMs null: to the end */
  #block(startMs: number, endMs: number | null, top: number, height: number): string {
    const left = this.#x(startMs);
    return `M${left} ${top}H${this.#x(endMs ?? this.#lengthMs)}v${height}H${left}z`;
  }

  #x(ms: number): number {
    return Number((Math.min(Math.max(ms / this.#lengthMs, 0), 1) * WIDTH).toFixed(1));
  }
}

function shape(name: string, path: string): Markup {
  return path === '' ? NOTHING : html`<path class="${name}" d="${new Markup(path)}"/>`;
}

function middle(bounds: readonly [number, number] | null): number | null {
  return bounds === null ? null : (bounds[0] + bounds[1]) / 2;
}

function ganttLegend(hasGateway: boolean): Markup {
  const items: readonly (readonly [name: string, path: string, words: string])[] = [
    ['ok', 'M0 9h28v2h-28z', 'answers'],
    ['failing', 'M0 6h28v8h-28z', 'answers with errors'],
    ['out', 'M0 2h28v16h-28z', 'gets no requests'],
    ['trigger', 'M14 0v20', 'the error that ejects it'],
    ['leaked', 'M0 10h28', 'errors after that one'],
    ['bound', 'M2 6v8M26 6v8M2 10h24', 'it began, or ended, between these times'],
    ...(hasGateway ? ([['gateway', 'M0 7h28v6h-28z', 'ejected, as the gateway reports']] as const) : []),
  ];
  return html`<ul class="legend">${items.map(
    ([name, path, words]) =>
      html`<li><svg width="28" height="20" viewBox="0 0 28 20" aria-hidden="true">${shape(name, path)}</svg> ${words}</li>`,
  )}</ul>`;
}
