/**
 * What a worker has done so far, in memory that the main thread reads at any time: also when the worker hangs, or after it
 * died. Each cell has one writer, the worker, so no locks are needed.
 */

/** Requests scheduled, by PHASE (sample-block.ts), and then the beats. */
const BEATS = 4;
const CELLS = BEATS + 1;

export class WorkerProgress {
  readonly #cells: Float64Array;

  /** @param memory shared by both threads */
  constructor(readonly memory = new SharedArrayBuffer(CELLS * Float64Array.BYTES_PER_ELEMENT)) {
    this.#cells = new Float64Array(memory);
  }

  /** A request was taken from the schedule, to be sent or to be recorded as never sent. */
  countScheduled(phase: number): void {
    (this.#cells[phase] as number) += 1;
  }

  /** Requests of a phase that were taken from the schedule. */
  scheduled(phase: number): number {
    return this.#cells[phase] as number;
  }

  /** The worker gets on: called a few times a second, and for each request that has ended. */
  beat(): void {
    (this.#cells[BEATS] as number) += 1;
  }

  get beats(): number {
    return this.#cells[BEATS] as number;
  }
}
