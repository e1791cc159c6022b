/** When the last requests of a version were sent, and when their responses were seen. Times in µs. */

/** So many requests are kept; a power of two. */
const KEPT = 8192;

export class RecentSends {
  /** Requests so far; the first has number 1. */
  n = 0;
  inFlight = 0;
  /** Send time of the first request; NaN before it. */
  firstSendUs = Number.NaN;
  readonly #sendsUs = new Float64Array(KEPT);
  readonly #seensUs = new Float64Array(KEPT);

  add(sendUs: number, seenUs: number): void {
    this.n += 1;
    this.inFlight += 1;
    this.#sendsUs[this.n & (KEPT - 1)] = sendUs;
    this.#seensUs[this.n & (KEPT - 1)] = seenUs;
    if (Number.isNaN(this.firstSendUs)) this.firstSendUs = sendUs;
  }

  /** When the nth request was sent; NaN if it is not kept. */
  sendOf(n: number): number {
    return this.#isKept(n) ? (this.#sendsUs[n & (KEPT - 1)] as number) : Number.NaN;
  }

  /** When the response to the nth request was seen: its endpoint was chosen before. NaN if it is not kept. */
  seenOf(n: number): number {
    return this.#isKept(n) ? (this.#seensUs[n & (KEPT - 1)] as number) : Number.NaN;
  }

  #isKept(n: number): boolean {
    return n >= 1 && n <= this.n && n > this.n - KEPT;
  }
}
