/** Messages between the main thread and its workers: plain data. */
import type { ThreadUse } from '../../blocks/generator-use.js';
import type { RunCounters } from '../../blocks/run-counters.js';
import type { NewLabels } from '../../blocks/run-labels.js';
import type { Plan } from '../../plan/plan.js';
import type { LoadLevel } from './level.js';

/** What one worker has to do. */
export interface WorkerJob {
  readonly plan: Plan;
  /** Number of this worker, from 0. */
  readonly worker: number;
  /** How many workers there are. */
  readonly workers: number;
  /** In a run that is steered: the level that the load begins with. */
  readonly level?: LoadLevel | undefined;
}

/** Given to a worker thread at its start. */
export interface WorkerStart {
  readonly job: WorkerJob;
  /** The memory of its WorkerProgress. */
  readonly progress: SharedArrayBuffer;
}

/**
 * The worker has loaded its code and waits for the start; in an open loop it has also rehearsed and opened connections. The
 * run clock starts after all workers have, because this takes so long that the first requests would be late.
 */
interface ReadyMessage {
  readonly kind: 'ready';
}

export interface BlockMessage {
  readonly kind: 'block';
  readonly worker: number;
  /** Transferred; it comes back with a `recycle` message. */
  readonly buffer: ArrayBuffer;
  /** Rows in use. */
  readonly length: number;
  readonly labels: NewLabels;
  /**
   * The worker's watermark (run clock, µs): none of its requests that were sent before this time is still in
   * flight. A reader that needs rows in send order may release rows up to the lowest watermark of all workers.
   */
  readonly watermarkUs: number;
}

interface DoneMessage {
  readonly kind: 'done';
  readonly worker: number;
  readonly summary: WorkerSummary;
}

export type FromWorker = ReadyMessage | BlockMessage | DoneMessage;

/** Sent when every worker is ready. */
interface StartMessage {
  readonly kind: 'start';
  /** When the run clock is 0, on the process-wide monotonic clock, µs. */
  readonly runStartMonotonicUs: number;
}

export type ToWorker =
  | StartMessage
  | { readonly kind: 'recycle'; readonly buffer: ArrayBuffer }
  /** Until the verdict, in a closed loop: so many measured requests may be sent, by all workers together. */
  | { readonly kind: 'allow'; readonly requests: number }
  /** From now on, each connection is closed after so many requests. */
  | { readonly kind: 'renew'; readonly requestsPerConnection: number }
  /** In a run that is steered: the load has another level, since `fromUs` (run clock). */
  | { readonly kind: 'level'; readonly level: LoadLevel; readonly fromUs: number }
  /** The verdict is known, or who steers the run has seen enough: nothing more is sent, and what is in flight is finished. */
  | { readonly kind: 'finish' }
  | { readonly kind: 'stop' };

/** What a worker reports at its end, besides its rows. */
export interface WorkerSummary extends RunCounters {
  /** HTTP/2: the lowest number of streams that the server allowed on a connection; null if never below the plan's. */
  readonly streamLimit: number | null;
  /** The first error message for each outcome, by its name. */
  readonly errorSamples: Readonly<Record<string, string>>;
  /** There were more labels than are kept apart: the rest was counted as `(other)`. */
  readonly labelsOverflowed: boolean;
  /** How busy the thread was; null: it sent nothing. */
  readonly use: ThreadUse | null;
}
