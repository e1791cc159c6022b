/** What the rows of one saved run tell while they go by: all that is left to know of a run whose file is cut. */
import { PHASE, type SampleBlock } from '../../blocks/sample-block.js';

/** Serial numbers of connections in a page, one bit each. */
const PAGE_BITS = 12;
/** Together 8 MiB, for 67 million connections; a file that pretends to more is not followed. */
const MAX_PAGES = 16_384;

export class RowTally {
  /** Measured rows. */
  measured = 0;
  /** Of measured rows, on the run's own clock, µs. */
  firstDueUs = Number.POSITIVE_INFINITY;
  lastEndUs = Number.NEGATIVE_INFINITY;
  /** The first measured row as text: no two requests have the same. Null before it. */
  firstRow: string | null = null;
  readonly #pages = new Map<number, Uint32Array>();
  #connections = 0;
  #followed = true;

  /** Connections that requests were sent on; null when there are too many to tell apart. */
  get connections(): number | null {
    return this.#followed ? this.#connections : null;
  }

  add(block: SampleBlock): void {
    const { dueUs, sendUs, endUs, phase, length } = block;
    for (let row = 0; row < length; row += 1) {
      // Requests before the load are rows without times and connections.
      if (phase[row] === PHASE.preflight || phase[row] === PHASE.settle) continue;
      const sent = sendUs[row] as number;
      // What was never sent was on no connection.
      if (!Number.isNaN(sent)) this.#connection(block.worker[row] as number, block.connection[row] as number);
      if (phase[row] !== PHASE.measured) continue;
      this.measured += 1;
      const due = dueUs[row] as number;
      const end = endUs[row] as number;
      if (due < this.firstDueUs) this.firstDueUs = due;
      if (end > this.lastEndUs) this.lastEndUs = end;
      this.firstRow ??= [
        block.worker[row],
        block.connection[row],
        block.sequence[row],
        due,
        sent,
        end,
      ].join();
    }
  }

  #connection(worker: number, serial: number): void {
    if (!this.#followed) return;
    const key = worker * 2 ** (32 - PAGE_BITS) + (serial >>> PAGE_BITS);
    let page = this.#pages.get(key);
    if (page === undefined) {
      if (this.#pages.size === MAX_PAGES) {
        this.#followed = false;
        this.#pages.clear();
        return;
      }
      page = new Uint32Array(2 ** PAGE_BITS / 32);
      this.#pages.set(key, page);
    }
    const place = serial & (2 ** PAGE_BITS - 1);
    const word = page[place >>> 5] as number;
    const bit = 1 << (place & 31);
    if ((word & bit) !== 0) return;
    page[place >>> 5] = word | bit;
    this.#connections += 1;
  }
}
