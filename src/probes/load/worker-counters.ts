/** What a worker counts besides its rows: what rows do not contain. */

import { bucketsOf, latenessHistogram, wholeLatenessUs } from '../../blocks/lateness.js';
import type { OutcomeName } from '../../blocks/outcome.js';
import type { Lane } from '../lane/lane.js';
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
  /** Of requests that had a free lane when they were due. */
  readonly #lateness = latenessHistogram();
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
   * A measured request of an open loop has ended: how late it was sent. If no lane was free when it was due, the gateway made it
   * late and not the generator. The time in which a connection was opened for it is not the generator's either.
   */
  ended({ waited, dueUs, startUs, readyUs, sendUs }: Lane): void {
    const startedLateUs = startUs - dueUs;
    if (waited) {
      if (startedLateUs > LATE_US) this.#waited += 1;
      this.#waitMaxUs = Math.max(this.#waitMaxUs, Math.round(startedLateUs));
      return;
    }
    const wasSent = sendUs >= readyUs;
    const lateUs = wholeLatenessUs(startedLateUs + (wasSent ? sendUs - readyUs : 0));
    if (lateUs > LATE_US) this.#sentLate += 1;
    this.#lateness.record(lateUs);
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
  summary(labelsOverflowed: boolean, connectionsUnused: number, use: WorkerSummary['use']): WorkerSummary {
    return {
      connectionsOpened: this.#connectionsOpened,
      connectSumUs: this.#connectSumUs,
      connectMaxUs: this.#connectMaxUs,
      sentLate: this.#sentLate,
      generatorSumUs: this.#lateness.sum,
      generatorCount: this.#lateness.count,
      generatorMaxUs: this.#lateness.max,
      generatorBuckets: bucketsOf(this.#lateness),
      waited: this.#waited,
      waitMaxUs: this.#waitMaxUs,
      connectionsUnused,
      connectionsUnasked: this.#connectionsUnasked,
      streamLimit: this.#streamLimit,
      errorSamples: { ...this.#errorSamples },
      labelsOverflowed,
      use,
    };
  }
}
