/**
 * Delivers requests in order of time. Each request is delivered twice: when it was sent, and when its response was seen. The
 * endpoint is known only from the response, which can take as long as the time-out. So rows are kept until all requests that
 * were sent before them have ended.
 */
import { SentRows } from './sent-rows.js';
import { TimeOrder } from './time-order.js';

/** Receives requests in order. Times never go back, except for rows that came too late. */
export interface OrderedReader {
  /** A request was sent, at `rows.sendUs[row]`. */
  sent(rows: SentRows, row: number): void;
  /** Its response was seen, at `rows.seenUs[row]`; always after `sent`. */
  seen(rows: SentRows, row: number): void;
  /** All that happened before this time has been delivered. */
  sliceDone(untilUs: number): void;
}

/** At most so many rows are kept. If there are more, the oldest are delivered although slower answers may be missing. */
const MAX_HELD = 262_144;
/** Blocks of worker threads come up to this much later, and time-outs are noticed this much later on a busy machine. */
const LATE_MS = 1_000;
/** A response is seen after its request was sent, even if the clock shows the same time. */
const MIN_US = 1e-3;
const MIN_SLICE_US = 50_000;
/** The rows of a slice are in pages of so many, which are used again: slices have as many rows as came in their time. */
const PAGE = 256;
/** Slices in which rows are held. */
const MAX_SLICES = 512;

export class SendOrder {
  /** Rows that came too late to be put in order. */
  late = 0;
  readonly #reader: OrderedReader;
  readonly #holdUs: number;
  readonly #sliceUs: number;
  /** By send time ÷ slice. */
  readonly #slices = new Map<number, SentRows[]>();
  readonly #spare: SentRows[] = [];
  #lowest = Number.POSITIVE_INFINITY;
  /** The last slice that was delivered. */
  #doneSlice = Number.NEGATIVE_INFINITY;
  #held = 0;
  #newestUs = Number.NEGATIVE_INFINITY;
  readonly #sendOrder = new TimeOrder();
  readonly #seenOrder = new TimeOrder();
  /** Rows of the slice that is delivered. */
  readonly #sent = new SentRows();
  /** Rows that were delivered as sent but not yet as seen. */
  #inFlight = new SentRows();
  #next = new SentRows();

  /** @param timeoutMs time-out of requests: none takes longer */
  constructor(reader: OrderedReader, timeoutMs: number) {
    this.#reader = reader;
    this.#holdUs = (timeoutMs + LATE_MS) * 1000;
    this.#sliceUs = Math.max(MIN_SLICE_US, Math.ceil(this.#holdUs / MAX_SLICES));
  }

  add(sendUs: number, seenUs: number, slot: number, endpoint: number, status: number, fate: number): void {
    let slice = Math.floor(sendUs / this.#sliceUs);
    let sentUs = sendUs;
    if (slice <= this.#doneSlice) {
      this.late += 1;
      slice = this.#doneSlice + 1;
      sentUs = slice * this.#sliceUs;
    }
    this.#pageOf(slice).add(sentUs, Math.max(seenUs, sentUs + MIN_US), slot, endpoint, status, fate);
    this.#held += 1;
  }

  /** Up to this time, ms, all was delivered; 0: nothing was yet. */
  get doneMs(): number {
    return Math.max(0, ((this.#doneSlice + 1) * this.#sliceUs) / 1000);
  }

  /** @param endUs all requests that ended before this time are in the rows so far, except those in late blocks */
  advance(endUs: number): void {
    if (endUs > this.#newestUs) this.#newestUs = endUs;
    const complete = Math.floor((this.#newestUs - this.#holdUs) / this.#sliceUs) - 1;
    while (this.#slices.size > 0 && (this.#lowest <= complete || this.#held > MAX_HELD)) {
      this.#deliverLowest();
    }
  }

  /** No more rows come: delivers all that are kept. */
  finish(): void {
    while (this.#slices.size > 0) this.#deliverLowest();
    const { seenUs, length } = this.#inFlight;
    if (length === 0) return;
    const fromUs = this.#doneSlice * this.#sliceUs;
    const lastUs = seenUs.subarray(0, length).reduce((a, b) => Math.max(a, b), fromUs);
    this.#deliver(new SentRows(), fromUs, lastUs);
  }

  #deliverLowest(): void {
    const slice = this.#lowest;
    const pages = this.#slices.get(slice) as SentRows[];
    const rows = this.#sent;
    rows.length = 0;
    for (const page of pages) {
      rows.append(page);
      page.length = 0;
      this.#spare.push(page);
    }
    this.#slices.delete(slice);
    this.#doneSlice = slice;
    this.#held -= rows.length;
    this.#lowest = Number.POSITIVE_INFINITY;
    for (const other of this.#slices.keys()) if (other < this.#lowest) this.#lowest = other;
    this.#deliver(rows, slice * this.#sliceUs, (slice + 1) * this.#sliceUs);
  }

  /** The page of a slice that has room for a row. */
  #pageOf(slice: number): SentRows {
    let pages = this.#slices.get(slice);
    if (pages === undefined) {
      pages = [];
      this.#slices.set(slice, pages);
      if (slice < this.#lowest) this.#lowest = slice;
    }
    const last = pages[pages.length - 1];
    if (last !== undefined && last.length < PAGE) return last;
    const page = this.#spare.pop() ?? new SentRows(PAGE);
    pages.push(page);
    return page;
  }

  /** Delivers the rows of a slice as sent, and in between all responses up to its end. */
  #deliver(rows: SentRows, fromUs: number, untilUs: number): void {
    const reader = this.#reader;
    const inFlight = this.#inFlight;
    inFlight.append(rows);
    const left = this.#next;
    left.length = 0;
    for (let row = 0; row < inFlight.length; row += 1) {
      if ((inFlight.seenUs[row] as number) > untilUs) left.copy(inFlight, row);
    }
    const sends = this.#sendOrder.sort(rows.sendUs, rows.length, fromUs, untilUs);
    const responses = this.#seenOrder.sort(inFlight.seenUs, inFlight.length, fromUs, untilUs);
    let next = 0;
    // One round more than there are rows: the responses behind the last of them.
    for (let i = 0; i <= sends; i += 1) {
      const row = i < sends ? this.#sendOrder.row(i) : -1;
      const us = row === -1 ? untilUs : (rows.sendUs[row] as number);
      for (; next < responses; next += 1) {
        const seen = this.#seenOrder.row(next);
        if ((inFlight.seenUs[seen] as number) > us) break;
        reader.seen(inFlight, seen);
      }
      if (row !== -1) reader.sent(rows, row);
    }
    this.#next = inFlight;
    this.#inFlight = left;
    reader.sliceDone(untilUs);
  }
}
