/** Versions in the order of sending: counts in windows of send time, which blocks may fill in any order. */
import { columnCount, columnOf } from './version-columns.js';
import { NONE } from './version-slots.js';

/** Counts kept, of all windows and versions together: 1 MiB. */
const MAX_CELLS = 262_144;
/** If a run needs more windows, each two neighbours become one. */
const MAX_WINDOWS = 16_384;
/** Width of a window at first. */
const FIRST_US = 1000;

/** A part of a run: what was sent in some time. */
export interface Part {
  readonly fromUs: number;
  readonly toUs: number;
  /** Responses that name a version. */
  readonly responses: number;
  /** Of these, by column. */
  readonly counts: Float64Array;
  /** Requests that were sent and whose version is not known. */
  readonly unknown: number;
}

export class SendWindows {
  readonly columns: number;
  /** Columns and one for unknown versions. */
  readonly #stride: number;
  readonly #windows: number;
  readonly #counts: Uint32Array;
  #widthUs = FIRST_US;
  /** Windows up to the last one with a request. */
  #used = 0;

  /** @param expected number of expected versions: their slots are the first */
  constructor(expected: number) {
    this.columns = columnCount(expected);
    this.#stride = this.columns + 1;
    this.#windows = Math.min(MAX_WINDOWS, 2 ** Math.floor(Math.log2(MAX_CELLS / this.#stride)));
    this.#counts = new Uint32Array(this.#windows * this.#stride);
  }

  /**
   * @param sendUs on the run clock, from 0; readers of files bound it
   * @param slot of the version; NONE: it is not known
   */
  add(sendUs: number, slot: number): void {
    while (sendUs >= this.#widthUs * this.#windows) this.#join();
    const window = sendUs > 0 ? Math.floor(sendUs / this.#widthUs) : 0;
    const column = slot === NONE ? this.columns : columnOf(slot, this.columns);
    const at = window * this.#stride + column;
    (this.#counts[at] as number)++;
    if (window >= this.#used) this.#used = window + 1;
  }

  /** The whole run as one part. */
  whole(): Part {
    return this.parts(Number.POSITIVE_INFINITY)[0] as Part;
  }

  /**
   * Parts with at least so many responses each, in the order of sending. What is left at the end belongs to the last one.
   *
   * @param size at least 1
   */
  parts(size: number): Part[] {
    const parts: OpenPart[] = [];
    let open = new OpenPart(0, this.columns);
    for (let window = 0; window < this.#used; window++) {
      open.add(this.#counts, window * this.#stride, (window + 1) * this.#widthUs);
      if (open.responses < size) continue;
      parts.push(open);
      open = new OpenPart(open.toUs, this.columns);
    }
    const last = parts.at(-1);
    if (last === undefined) return [open];
    last.join(open);
    return parts;
  }

  #join(): void {
    for (let window = 0; window < this.#windows; window++) {
      for (let column = 0; column < this.#stride; column++) {
        const [to, from] = [window * this.#stride + column, 2 * window * this.#stride + column];
        this.#counts[to] = (this.#counts[from] ?? 0) + (this.#counts[from + this.#stride] ?? 0);
      }
    }
    this.#widthUs *= 2;
    this.#used = Math.ceil(this.#used / 2);
  }
}

class OpenPart implements Part {
  responses = 0;
  unknown = 0;
  readonly counts: Float64Array;
  toUs: number;

  constructor(
    readonly fromUs: number,
    columns: number,
  ) {
    this.counts = new Float64Array(columns);
    this.toUs = fromUs;
  }

  /** @param at where the window's counts begin: by column, then of unknown versions */
  add(counts: Uint32Array, at: number, endUs: number): void {
    for (let column = 0; column < this.counts.length; column++) {
      const count = counts[at + column] as number;
      this.counts[column] = (this.counts[column] as number) + count;
      this.responses += count;
    }
    this.unknown += counts[at + this.counts.length] as number;
    this.toUs = endUs;
  }

  join(part: OpenPart): void {
    part.counts.forEach((count, column) => {
      this.counts[column] = (this.counts[column] as number) + count;
    });
    this.responses += part.responses;
    this.unknown += part.unknown;
    this.toUs = Math.max(this.toUs, part.toUs);
  }
}
