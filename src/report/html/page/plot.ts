/** A plot of the page, drawn by uPlot. */
import uPlot from 'uplot';
import type { PlotSpec } from '../plot-spec.js';
import { dataOf, optionsOf } from './options.js';
import { Readout } from './readout.js';

const HEIGHT = 300;
/** On a telephone. */
const LOW_HEIGHT = 240;
const NARROW = 500;

export class Plot {
  readonly #uplot: uPlot;
  readonly #place: HTMLElement;

  constructor(place: HTMLElement, spec: PlotSpec) {
    this.#place = place;
    const readout = new Readout(spec);
    this.#uplot = new uPlot(
      optionsOf(spec, this.#size(), (u) => readout.show(u.cursor.idx ?? null)),
      dataOf(spec),
      place,
    );
    readout.byKeys(place, this.#uplot);
  }

  get place(): HTMLElement {
    return this.#place;
  }

  /** As wide as its place, or as said. */
  fit(width?: number): void {
    const size = this.#size(width);
    if (size.width !== this.#uplot.width || size.height !== this.#uplot.height) this.#uplot.setSize(size);
  }

  /** In the colours of the theme. */
  redraw(): void {
    this.#uplot.redraw(false, true);
  }

  #size(width: number = this.#place.clientWidth): { width: number; height: number } {
    return { width: Math.max(width, 200), height: width < NARROW ? LOW_HEIGHT : HEIGHT };
  }
}
