/** The line below a plot: the figures where the pointer is, or where the arrow keys have led. */
import type uPlot from 'uplot';
import type { PlotSpec } from '../plot-spec.js';
import { X_VALUES, Y_VALUES } from './format.js';

/** Steps of Page Up and Page Down. */
const PAGE = 10;

export class Readout {
  readonly #spec: PlotSpec;
  readonly #line: Element | null;

  constructor(spec: PlotSpec) {
    this.#spec = spec;
    this.#line = document.querySelector(`[data-for="${spec.id}"]`);
    this.show(null);
  }

  /** @param at place among the x values; null: nowhere */
  show(at: number | null): void {
    if (this.#line === null) return;
    this.#line.textContent =
      at === null ? 'Point at the plot, or use the arrow keys in it, for figures.' : this.#text(at);
  }

  /** Lets the arrow keys move through the plot. */
  byKeys(place: HTMLElement, u: uPlot): void {
    const last = this.#spec.x.values.length - 1;
    place.addEventListener('keydown', (event) => {
      const at = u.cursor.idx ?? null;
      const next = nextPlace(event.key, at, last);
      if (next === null) return;
      event.preventDefault();
      u.setCursor({ left: u.valToPos(this.#spec.x.values[next] as number, 'x'), top: 0 });
    });
  }

  #text(at: number): string {
    const { x, y, series } = this.#spec;
    const figures = series.flatMap(({ label, values }) => {
      const value = values[at] ?? null;
      return value === null ? [] : [`${label} ${Y_VALUES[y.unit](value)}`];
    });
    const place = X_VALUES[x.unit](x.values[at] as number);
    return `${place}: ${figures.length === 0 ? 'none' : figures.join(' · ')}`;
  }
}

function nextPlace(key: string, at: number | null, last: number): number | null {
  const from = at ?? -1;
  const places: Readonly<Record<string, number>> = {
    ArrowRight: from + 1,
    ArrowLeft: from - 1,
    PageDown: from + PAGE,
    PageUp: from - PAGE,
    Home: 0,
    End: last,
  };
  const next = places[key];
  return next === undefined ? null : Math.min(Math.max(next, 0), last);
}
