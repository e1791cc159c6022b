/**
 * Puts requests in the order in which things happened: each is told twice, when it was sent and when its response
 * was seen. A response can come as late as the time-out allows, and until it is there nobody knows where its
 * request went. So rows are held until everything sent before them has ended.
 */
import { SentRows } from './sent-rows.js';

/** Is told of each request. Times never go back, but for rows that came later than any can. */
export interface OrderedReader {
  /** It was sent, at `rows.sendUs[row]`. */
  sent(rows: SentRows, row: number): void;
  /** Its response was seen, at `rows.seenUs[row]`; after `sent`. */
  seen(rows: SentRows, row: number): void;
  /** All before this time has been told. */
  told(untilUs: number): void;
}

/** Rows held at most: beyond, the oldest are told though slower answers may be missing. */
const MAX_HELD = 262_144;
/** Blocks of workers come about this late, and a time-out is noticed this late on a busy machine. */
const LATE_MS = 1_000;
/** A response is seen after its request was sent, whatever the clock's grain. */
const MIN_US = 1e-3;
const SLICE_US = 50_000;
/** Told slices that are kept for reuse. */
const SPARES = 16;
/** Slices in which rows are held at most. */
const MAX_SLICES = 512;

export class SendOrder {
  /** Rows that came later than any should. */
  late = 0;
  readonly #reader: OrderedReader;
  readonly #holdUs: number;
  readonly #sliceUs: number;
  /** By send time ÷ slice. */
  readonly #slices = new Map<number, SentRows>();
  readonly #spare: SentRows[] = [];
  #lowest = Number.POSITIVE_INFINITY;
  #toldSlice = Number.NEGATIVE_INFINITY;
  #held = 0;
  #newestUs = Number.NEGATIVE_INFINITY;
  readonly #sends = new TimeOrder();
  readonly #sights = new TimeOrder();
  /** Rows that were told as sent and not yet as seen. */
  #underWay = new SentRows();
  #next = new SentRows();

  /** @param timeoutMs no request takes longer */
  constructor(reader: OrderedReader, timeoutMs: number) {
    this.#reader = reader;
    this.#holdUs = (timeoutMs + LATE_MS) * 1000;
    this.#sliceUs = Math.max(SLICE_US, Math.ceil(this.#holdUs / MAX_SLICES));
  }

  add(sendUs: number, seenUs: number, slot: number, endpoint: number, status: number, what: number): void {
    let slice = Math.floor(sendUs / this.#sliceUs);
    let sentUs = sendUs;
    if (slice <= this.#toldSlice) {
      this.late += 1;
      slice = this.#toldSlice + 1;
      sentUs = slice * this.#sliceUs;
    }
    let rows = this.#slices.get(slice);
    if (rows === undefined) {
      rows = this.#spare.pop() ?? new SentRows();
      this.#slices.set(slice, rows);
      if (slice < this.#lowest) this.#lowest = slice;
    }
    rows.add(sentUs, Math.max(seenUs, sentUs + MIN_US), slot, endpoint, status, what);
    this.#held += 1;
  }

  /** @param endUs nothing that is still to come ended before this time, but for what workers post late */
  advance(endUs: number): void {
    if (endUs > this.#newestUs) this.#newestUs = endUs;
    const complete = Math.floor((this.#newestUs - this.#holdUs) / this.#sliceUs) - 1;
    while (this.#slices.size > 0 && (this.#lowest <= complete || this.#held > MAX_HELD)) this.#tellLowest();
  }

  /** Nothing more comes. */
  finish(): void {
    while (this.#slices.size > 0) this.#tellLowest();
    const { seenUs, length } = this.#underWay;
    if (length === 0) return;
    const fromUs = this.#toldSlice * this.#sliceUs;
    this.#tell(
      new SentRows(),
      fromUs,
      seenUs.subarray(0, length).reduce((a, b) => Math.max(a, b), fromUs),
    );
  }

  #tellLowest(): void {
    const slice = this.#lowest;
    const rows = this.#slices.get(slice) as SentRows;
    this.#slices.delete(slice);
    this.#toldSlice = slice;
    this.#held -= rows.length;
    this.#lowest = Number.POSITIVE_INFINITY;
    for (const other of this.#slices.keys()) if (other < this.#lowest) this.#lowest = other;
    this.#tell(rows, slice * this.#sliceUs, (slice + 1) * this.#sliceUs);
    rows.length = 0;
    if (this.#spare.length < SPARES) this.#spare.push(rows);
  }

  /** Tells a slice's rows, and in between all responses up to its end. */
  #tell(rows: SentRows, fromUs: number, untilUs: number): void {
    const reader = this.#reader;
    const underWay = this.#underWay;
    for (let row = 0; row < rows.length; row += 1) underWay.copy(rows, row);
    const left = this.#next;
    left.length = 0;
    for (let row = 0; row < underWay.length; row += 1) {
      if ((underWay.seenUs[row] as number) > untilUs) left.copy(underWay, row);
    }
    const sends = this.#sends.sort(rows.sendUs, rows.length, fromUs, untilUs);
    const sights = this.#sights.sort(underWay.seenUs, underWay.length, fromUs, untilUs);
    let next = 0;
    const seenUntil = (us: number) => {
      for (; next < sights; next += 1) {
        const row = this.#sights.row(next);
        if ((underWay.seenUs[row] as number) > us) return;
        reader.seen(underWay, row);
      }
    };
    for (let i = 0; i < sends; i += 1) {
      const row = this.#sends.row(i);
      seenUntil(rows.sendUs[row] as number);
      reader.sent(rows, row);
    }
    seenUntil(untilUs);
    this.#next = underWay;
    this.#underWay = left;
    reader.told(untilUs);
  }
}

/**
 * Numbers of rows by time, to a microsecond; of equal times in the order in which they came. Keys that hold both are
 * sorted as plain numbers, which takes a tenth of the time that comparing rows does.
 */
class TimeOrder {
  #keys = new Float64Array(1024);
  #rows = 1;

  /** Sorts the times up to `untilUs`; returns how many these are. */
  sort(timesUs: Float64Array, length: number, fromUs: number, untilUs: number): number {
    while (this.#keys.length < length) this.#keys = new Float64Array(this.#keys.length * 2);
    this.#rows = this.#keys.length;
    let count = 0;
    for (let row = 0; row < length; row += 1) {
      const us = timesUs[row] as number;
      if (us > untilUs) continue;
      this.#keys[count] = Math.floor(Math.max(0, us - fromUs)) * this.#rows + row;
      count += 1;
    }
    this.#keys.subarray(0, count).sort();
    return count;
  }

  /** The row in this place. */
  row(place: number): number {
    return (this.#keys[place] as number) % this.#rows;
  }
}
