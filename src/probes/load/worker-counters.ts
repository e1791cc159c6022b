/** A worker's own counts: what the samples do not tell, and what they are held against. */

import type { OutcomeName } from '../../blocks/outcome.js';
import type { WorkerSummary } from './worker-messages.js';

/** Sent later than this after its due time, a request counts as late. */
const LATE_US = 1000;
/** Characters kept of a failure's text. */
const MAX_TEXT = 300;

export class WorkerCounters {
  readonly scheduled = { warmup: 0, measured: 0 };
  #connectionsOpened = 0;
  #connectSumUs = 0;
  #connectMaxUs = 0;
  #sentLate = 0;
  #generatorSumUs = 0;
  #generatorCount = 0;
  #generatorMaxUs = 0;
  #waited = 0;
  #waitMaxUs = 0;
  #streamLimit: number | null = null;
  readonly #errorSamples: Record<string, string> = {};

  connected(connectUs: number): void {
    this.#connectionsOpened += 1;
    this.#connectSumUs += Math.round(connectUs);
    this.#connectMaxUs = Math.max(this.#connectMaxUs, Math.round(connectUs));
  }

  /** @param waited no connection was free when the request was due: then it is not the generator that was late */
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

  /** HTTP/2: the server allows this many streams on a connection, fewer than the plan has. */
  streamLimitReceived(limit: number): void {
    this.#streamLimit = Math.min(this.#streamLimit ?? limit, limit);
  }

  /** Keeps the first message of each kind of failure. */
  failed(outcome: OutcomeName, message: string): void {
    this.#errorSamples[outcome] ??= message.slice(0, MAX_TEXT);
  }

  summary(labelsOverflowed: boolean): WorkerSummary {
    return {
      scheduled: { ...this.scheduled },
      connectionsOpened: this.#connectionsOpened,
      connectSumUs: this.#connectSumUs,
      connectMaxUs: this.#connectMaxUs,
      sentLate: this.#sentLate,
      generatorSumUs: this.#generatorSumUs,
      generatorCount: this.#generatorCount,
      generatorMaxUs: this.#generatorMaxUs,
      waited: this.#waited,
      waitMaxUs: this.#waitMaxUs,
      streamLimit: this.#streamLimit,
      errorSamples: { ...this.#errorSamples },
      labelsOverflowed,
    };
  }
}
