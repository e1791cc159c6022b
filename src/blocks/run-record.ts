/** What a run leaves behind besides its samples: known at its start, and at its end. A saved run keeps both. */
import type { Note, Plan } from '../plan/plan.js';
import type { GatewayObservations } from './gateway-observations.js';
import type { RunCounters, SeenCounters } from './run-counters.js';
import type { LabelTables, SampleBlock } from './sample-block.js';

/** 'completed', or why a run ended early; 'truncated': how is not known, its file is cut. */
export type RunEnding = 'completed' | 'interrupted' | 'terminated' | 'truncated';

/** How waiting for a route went (`--settle`). */
export interface Settling {
  readonly durationMs: number;
  readonly requests: number;
  /** Every version with weight answered. */
  readonly complete: boolean;
}

/** Known when a run begins. */
export interface RunHeader {
  /** As settled by the pre-flight. */
  readonly plan: Plan;
  /** Wall clock when the run clock was 0, µs since 1970. */
  readonly startedAtUs: number;
  /** The run's labels; they grow while blocks come. */
  readonly labels: LabelTables;
}

/** Known when a run has ended. Plain data. */
export interface RunEnd {
  readonly ended: RunEnding;
  /** Measured requests that were scheduled: the accounting is held against it. */
  readonly scheduled: number;
  readonly threads: number;
  /** Of all workers together. */
  readonly counters: RunCounters | SeenCounters;
  /** By how much the wall clock was moved during the run, µs. */
  readonly clockStepUs: number;
  /** How waiting for the route went (--settle); null when there was none. */
  readonly settle: Settling | null;
  /** What the gateway said itself; null when it was not asked. */
  readonly gateway: GatewayObservations | null;
  /** What the run has to say besides the plan's notes. */
  readonly notes: readonly Note[];
}

/** Takes the samples of a run as they come, to write them somewhere. What goes wrong is the sink's to tell. */
export interface SampleSink {
  /** Before the first block. */
  begin(header: RunHeader): void;
  /**
   * Takes what it needs of a block before it returns.
   *
   * @returns null, or a promise that is fulfilled when there is room for more
   */
  add(block: SampleBlock): Promise<void> | null;
  /** After the last block; never rejects. */
  end(end: RunEnd): Promise<void>;
}

export const LABELS_BOUNDED: Note = {
  code: 'labels-bounded',
  text: 'More distinct labels came than are kept apart: the rest is counted as (other).',
};
