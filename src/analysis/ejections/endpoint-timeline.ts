/** What each endpoint answered over time: a row per endpoint, a character per slice of time. */
import type { BoundedWindow } from './detect/window-bounds.js';

const FIRST_SLICE_MS = 100;
/** If there are more slices, every two become one. */
const MAX_SLICES = 240;
/** At most so many endpoints have rows. */
const MAX_ROWS = 64;
/** The key of a row is slot × this + endpoint label. */
const LABELS = 65_536;

/** Answers by slice. */
class Row {
  readonly good = new Float64Array(MAX_SLICES);
  readonly failed = new Float64Array(MAX_SLICES);

  /** Every two slices become one. */
  halve(): void {
    for (const counts of [this.good, this.failed]) {
      for (let slice = 0; slice < MAX_SLICES; slice += 1) {
        const first = 2 * slice;
        counts[slice] = first < MAX_SLICES ? (counts[first] as number) + (counts[first + 1] as number) : 0;
      }
    }
  }
}

/** The row of one endpoint. */
export interface TimelineRow {
  readonly slot: number;
  /** Label. */
  readonly endpoint: number;
  readonly slices: string;
}

export class EndpointTimeline {
  #sliceUs = FIRST_SLICE_MS * 1000;
  readonly #rows = new Map<number, Row>();
  /** The last slice in use. */
  #last = -1;

  get sliceMs(): number {
    return this.#sliceUs / 1000;
  }

  /** Counts an answer of a backend. */
  add(slot: number, endpoint: number, seenUs: number, failed: boolean): void {
    while (seenUs >= this.#sliceUs * MAX_SLICES) this.#double();
    const slice = seenUs > 0 ? Math.floor(seenUs / this.#sliceUs) : 0;
    if (slice > this.#last) this.#last = slice;
    const key = slot * LABELS + endpoint;
    let row = this.#rows.get(key);
    if (row === undefined) {
      if (this.#rows.size >= MAX_ROWS) return;
      row = new Row();
      this.#rows.set(key, row);
    }
    const counts = failed ? row.failed : row.good;
    counts[slice] = (counts[slice] as number) + 1;
  }

  /** @param windows of all versions */
  result(windows: readonly BoundedWindow[]): TimelineRow[] {
    return [...this.#rows].map(([key, row]) => {
      const slot = Math.floor(key / LABELS);
      const endpoint = key % LABELS;
      const own = windows.filter(({ detected }) => detected.slot === slot && detected.endpoint === endpoint);
      const slices = Array.from({ length: this.#last + 1 }, (_, slice) => this.#character(row, slice, own));
      return { slot, endpoint, slices: slices.join('') };
    });
  }

  #character(row: Row, slice: number, windows: readonly BoundedWindow[]): string {
    const middleUs = (slice + 0.5) * this.#sliceUs;
    const out = windows.some(
      ({ detected, startUs, endUs }) =>
        detected.kind !== 'joined' &&
        (startUs ?? Number.NEGATIVE_INFINITY) <= middleUs &&
        middleUs < (endUs ?? Number.POSITIVE_INFINITY),
    );
    if (out) return '_';
    if ((row.failed[slice] as number) > 0) return 'x';
    return (row.good[slice] as number) > 0 ? '.' : ' ';
  }

  #double(): void {
    this.#sliceUs *= 2;
    this.#last = this.#last < 0 ? -1 : this.#last >> 1;
    for (const row of this.#rows.values()) row.halve();
  }
}
