/** What crosses the worker border: plain data, so that it could cross a socket as well. */
import type { RunCounters } from '../../blocks/run-counters.js';
import type { NewLabels } from '../../blocks/run-labels.js';
import type { Plan } from '../../plan/plan.js';

/** Given to a worker at its start. */
export interface WorkerJob {
  readonly plan: Plan;
  readonly worker: number;
  readonly workers: number;
}

/** The worker is loaded and waits for the start: loading takes long enough to spoil the first due times. */
interface ReadyMessage {
  readonly kind: 'ready';
}

interface BlockMessage {
  readonly kind: 'block';
  readonly worker: number;
  /** Transferred; goes back with a RecycleMessage. */
  readonly buffer: ArrayBuffer;
  readonly length: number;
  readonly labels: NewLabels;
  /**
   * Nothing sent before this time (run clock, µs) is still unanswered in this worker: what send-order
   * readers may release.
   */
  readonly watermarkUs: number;
}

interface DoneMessage {
  readonly kind: 'done';
  readonly worker: number;
  readonly summary: WorkerSummary;
}

export type FromWorker = ReadyMessage | BlockMessage | DoneMessage;

/** Sent once every worker is ready. */
interface StartMessage {
  readonly kind: 'start';
  /** The run clock's zero on the process-wide monotonic clock, µs. */
  readonly runStartMonotonicUs: number;
}

export type ToWorker =
  | StartMessage
  | { readonly kind: 'recycle'; readonly buffer: ArrayBuffer }
  | { readonly kind: 'stop' };

/** What a worker knows besides its samples. */
export interface WorkerSummary extends RunCounters {
  /** Requests scheduled, by phase; counted apart from the samples, to hold them against. */
  readonly scheduled: { readonly warmup: number; readonly measured: number };
  /** HTTP/2: the fewest streams that the server allowed on a connection, where that is fewer than planned. */
  readonly streamLimit: number | null;
  /** One message of each kind of failure, by outcome name. */
  readonly errorSamples: Readonly<Record<string, string>>;
  /** Labels past the bound were counted as one. */
  readonly labelsOverflowed: boolean;
}
