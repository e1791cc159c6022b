/**
 * Puts the rows of a run in the order of sending: request 0 of every worker, then request 1 of every worker, and so on. Which
 * requests come first does not depend on how long they took, so that counts over the first n are fair to a slow version. No clock
 * is needed, and a row waits only for the requests that were sent before it.
 */
import { PHASE, type SampleBlock } from '../../blocks/sample-block.js';

const FIRST_SIZE = 1024;
/** With more rows between the oldest and the newest that are known, the order is given up. About 30 MiB. */
const MAX_SIZE = 2_097_152;

/** The columns are read at {@link SentOrder.at}. */
export class SentOrder {
  slot = new Uint16Array(FIRST_SIZE);
  outcome = new Uint8Array(FIRST_SIZE);
  status = new Uint16Array(FIRST_SIZE);
  /** ORIGIN */
  origin = new Uint8Array(FIRST_SIZE);
  worker = new Uint16Array(FIRST_SIZE);
  /** Serial number within the worker; 0: there was none. */
  connection = new Uint32Array(FIRST_SIZE);
  /** As it is judged. */
  latencyUs = new Float64Array(FIRST_SIZE);
  /** PHASE */
  phase = new Uint8Array(FIRST_SIZE);
  /** Where the row stands that `next` took. */
  at = 0;
  /** Too many rows came before one that is missing: no more are taken. */
  lost = false;
  readonly #workers: number;
  #known = new Uint8Array(FIRST_SIZE);
  /** Place of the row to take next. */
  #place = 0;

  /** @param workers that send; each has every `workers`-th place */
  constructor(workers: number) {
    this.#workers = workers;
  }

  /** Keeps a row of the warm-up or a measured one. */
  add(
    { worker, connection, sequence, phase, outcome, status, origin }: SampleBlock,
    row: number,
    slot: number,
    latencyUs: number,
  ): void {
    const place = (sequence[row] as number) * this.#workers + (worker[row] as number);
    if (place < this.#place) return;
    while (place - this.#place >= this.#known.length) {
      if (this.#known.length >= MAX_SIZE) {
        this.lost = true;
        return;
      }
      this.#grow();
    }
    const at = place & (this.#known.length - 1);
    this.#known[at] = 1;
    this.slot[at] = slot;
    this.outcome[at] = outcome[row] as number;
    this.status[at] = status[row] as number;
    this.origin[at] = origin[row] as number;
    this.worker[at] = worker[row] as number;
    this.connection[at] = connection[row] as number;
    this.latencyUs[at] = latencyUs;
    this.phase[at] = phase[row] as number;
  }

  /** Takes the next measured row; false if it has not come yet. */
  next(): boolean {
    for (;;) {
      const at = this.#place & (this.#known.length - 1);
      if (this.#known[at] !== 1) return false;
      this.#known[at] = 0;
      this.#place += 1;
      this.at = at;
      if (this.phase[at] === PHASE.measured) return true;
    }
  }

  /** Doubles the ring. A row's new place in it is by its place in the order, as before. */
  #grow(): void {
    const size = this.#known.length;
    const grown = <T extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(old: T, larger: T): T => {
      for (let place = this.#place; place < this.#place + size; place++) {
        larger[place & (2 * size - 1)] = old[place & (size - 1)] as number;
      }
      return larger;
    };
    this.#known = grown(this.#known, new Uint8Array(2 * size));
    this.slot = grown(this.slot, new Uint16Array(2 * size));
    this.outcome = grown(this.outcome, new Uint8Array(2 * size));
    this.status = grown(this.status, new Uint16Array(2 * size));
    this.origin = grown(this.origin, new Uint8Array(2 * size));
    this.worker = grown(this.worker, new Uint16Array(2 * size));
    this.connection = grown(this.connection, new Uint32Array(2 * size));
    this.latencyUs = grown(this.latencyUs, new Float64Array(2 * size));
    this.phase = grown(this.phase, new Uint8Array(2 * size));
  }
}
