/** Whether the gateway was gone at the end of a run. */

/** So many requests in a row that found no connection are no accident. */
const MIN_REQUESTS = 10;

/** Finds whether the last requests, in the order in which they were due, found no connection. The order of calls is irrelevant. */
export class GatewayLeft {
  #lastAnsweredUs = Number.NEGATIVE_INFINITY;
  /** When the latest requests without a connection were due, in no order. */
  readonly #unconnectedUs = new Float64Array(MIN_REQUESTS).fill(Number.NEGATIVE_INFINITY);
  #earliest = 0;

  /** A response came, whoever made it. */
  answered(dueUs: number): void {
    if (dueUs > this.#lastAnsweredUs) this.#lastAnsweredUs = dueUs;
  }

  /** No connection could be opened. */
  unconnected(dueUs: number): void {
    const kept = this.#unconnectedUs;
    if (dueUs <= (kept[this.#earliest] as number)) return;
    kept[this.#earliest] = dueUs;
    for (let i = 0; i < kept.length; i++) {
      if ((kept[i] as number) < (kept[this.#earliest] as number)) this.#earliest = i;
    }
  }

  /** True if no connection could be opened for the last ten requests or more. */
  get left(): boolean {
    const earliest = this.#unconnectedUs[this.#earliest] as number;
    return earliest > Number.NEGATIVE_INFINITY && earliest > this.#lastAnsweredUs;
  }
}
