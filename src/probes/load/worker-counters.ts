/** What a worker counts besides its rows: what rows do not contain. */

import type { OutcomeName } from '../../blocks/outcome.js';
import type { WorkerSummary } from './worker-messages.js';

/** A request that is sent later than this after its due time counts as `sentLate` or `waited`. */
const LATE_US = 1000;
/** Characters that are kept of an error message. */
const MAX_TEXT = 300;

export class WorkerCounters {
  #connectionsOpened = 0;
  #connectSumUs = 0;
  #connectMaxUs = 0;
  #sentLate = 0;
  #generatorSumUs = 0;
  #generatorCount = 0;
  #generatorMaxUs = 0;
  #waited = 0;
  #waitMaxUs = 0;
  #connectionsUnasked = 0;
  #streamLimit: number | null = null;
  readonly #errorSamples: Record<string, string> = {};

  /** A connection was opened in this time. */
  connected(connectUs: number): void {
    this.#connectionsOpened += 1;
    this.#connectSumUs += Math.round(connectUs);
    this.#connectMaxUs = Math.max(this.#connectMaxUs, Math.round(connectUs));
  }

  /**
   * A measured request of an open loop was sent.
   *
   * @param lateUs time from when it was due until it was sent
   * @param waited no lane was free when it was due, so that the gateway and not the generator made it late
   */
  late(lateUs: number, waited: boolean): void {
    if (waited) {
      if (lateUs > LATE_US) this.#waited += 1;
      this.#waitMaxUs = Math.max(this.#waitMaxUs, Math.round(lateUs));
    } else {
      if (lateUs > LATE_US) this.#sentLate += 1;
      this.#generatorCount += 1;
      this.#generatorSumUs += Math.round(lateUs);
      this.#generatorMaxUs = Math.max(this.#generatorMaxUs, Math.round(lateUs));
    }
  }

  /** A connection was closed because bytes came on it that no request was written for. */
  unaskedBytes(): void {
    this.#connectionsUnasked += 1;
  }

  /** HTTP/2: the server allows only this many streams on a connection. The lowest limit is kept. */
  streamLimitReceived(limit: number): void {
    this.#streamLimit = Math.min(this.#streamLimit ?? limit, limit);
  }

  /** A request failed: the first message for each outcome is kept. */
  failed(outcome: OutcomeName, message: string): void {
    this.#errorSamples[outcome] ??= message.slice(0, MAX_TEXT);
  }

  /** All counts, at the end of the run. */
  summary(labelsOverflowed: boolean, use: WorkerSummary['use']): WorkerSummary {
    return {
      connectionsOpened: this.#connectionsOpened,
      connectSumUs: this.#connectSumUs,
      connectMaxUs: this.#connectMaxUs,
      sentLate: this.#sentLate,
      generatorSumUs: this.#generatorSumUs,
      generatorCount: this.#generatorCount,
      generatorMaxUs: this.#generatorMaxUs,
      waited: this.#waited,
      waitMaxUs: this.#waitMaxUs,
      connectionsUnasked: this.#connectionsUnasked,
      streamLimit: this.#streamLimit,
      errorSamples: { ...this.#errorSamples },
      labelsOverflowed,
      use,
    };
  }
}
