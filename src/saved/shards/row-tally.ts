/** Figures from the rows of one saved run. Of a run whose file has no end, nothing else is known. */
import { PHASE, type SampleBlock } from '../../blocks/sample-block.js';

/** A page has 2^12 serial numbers of connections, one bit each. */
const PAGE_BITS = 12;
/** Together 8 MiB, for 67 million connections. For a file with more pages, connections are no longer counted. */
const MAX_PAGES = 16_384;

/** Counts the rows of one saved run. */
export class RowTally {
  /** Measured requests. */
  measured = 0;
  /** Earliest due time of a measured request, µs on the run's own clock; Infinity before the first. */
  firstDueUs = Number.POSITIVE_INFINITY;
  /** Latest end of a measured request, likewise; -Infinity before the first. */
  lastEndUs = Number.NEGATIVE_INFINITY;
  /** The first measured row as text, by which two files with the same run are found; null before it. */
  firstRow: string | null = null;
  readonly #pages = new Map<number, Uint32Array>();
  #connections = 0;
  #counting = true;

  /** Connections on which requests were sent; null when there are too many to count. */
  get connections(): number | null {
    return this.#counting ? this.#connections : null;
  }

  /** Counts the rows of a block. */
  add(block: SampleBlock): void {
    const { dueUs, sendUs, endUs, phase, length } = block;
    for (let row = 0; row < length; row += 1) {
      // Rows of requests before the load have neither times nor connections.
      if (phase[row] === PHASE.preflight || phase[row] === PHASE.settle) continue;
      const sent = sendUs[row] as number;
      // A request that was never sent had no connection.
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
    if (!this.#counting) return;
    const key = worker * 2 ** (32 - PAGE_BITS) + (serial >>> PAGE_BITS);
    let page = this.#pages.get(key);
    if (page === undefined) {
      if (this.#pages.size === MAX_PAGES) {
        this.#counting = false;
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
