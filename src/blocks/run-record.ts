/** What is known of a run besides its rows, at its start and at its end. A saved run keeps both. */
import type { Note, Plan } from '../plan/plan.js';
import type { GatewayObservations } from './gateway-observations.js';
import type { GeneratorUse } from './generator-use.js';
import type { RunCounters, SeenCounters } from './run-counters.js';
import type { LabelTables, SampleBlock } from './sample-block.js';

/**
 * `completed`, or why a run ended early: `failed` by an error in weighbridge itself; `truncated`: its file is incomplete, so
 * that it is not known.
 */
export type RunEnding = 'completed' | 'interrupted' | 'terminated' | 'failed' | 'truncated';

/** How the wait for a route went (`--settle`). */
export interface Settling {
  readonly durationMs: number;
  readonly requests: number;
  /** Every version with weight has answered. */
  readonly complete: boolean;
}

/** Known when a run begins. */
export interface RunHeader {
  /** The plan after the pre-flight. */
  readonly plan: Plan;
  /** The wall clock when the run clock was 0, µs since 1970. */
  readonly startedAtUs: number;
  /** The run's labels. They grow as blocks arrive. */
  readonly labels: LabelTables;
}

/** Known when a run has ended. Plain data. */
export interface RunEnd {
  readonly ended: RunEnding;
  /** Measured requests that were scheduled. The rows must add up to it. */
  readonly scheduled: number;
  readonly threads: number;
  /** Of all workers together. */
  readonly counters: RunCounters | SeenCounters;
  /** How busy the threads were; null: it is not known. */
  readonly generator: GeneratorUse | null;
  /** By how much the wall clock was adjusted during the run, µs. */
  readonly clockStepUs: number;
  /** How the wait for the route went (`--settle`); null if there was none. */
  readonly settle: Settling | null;
  /** What the gateway reported itself; null if it was not asked. */
  readonly gateway: GatewayObservations | null;
  /** Notes about the run, besides those of the plan. */
  readonly notes: readonly Note[];
}

/**
 * Receives the rows of a run while it goes on, to write them somewhere. A sink reports its own errors: if one of its methods
 * throws or rejects, the run ends as failed.
 */
export interface SampleSink {
  /** Called before the first block. */
  begin(header: RunHeader): void;
  /**
   * Receives a block. The block is reused after this has returned, so the sink copies what it needs.
   *
   * @returns null, or a promise that is fulfilled when the sink can take more
   */
  add(block: SampleBlock): Promise<void> | null;
  /**
   * Called after the last block. The run waits for the promise.
   *
   * @param deadline aborted when the run waits no longer, because it was interrupted: what is not written by then is lost
   */
  end(end: RunEnd, deadline: AbortSignal): Promise<void>;
}

/** The note when a run had more labels than are kept apart. */
export const LABELS_BOUNDED: Note = {
  code: 'labels-bounded',
  text: 'There were more distinct labels than are kept apart: the rest is counted as (other).',
};
