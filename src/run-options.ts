/** Options of `run`, and the error of a run that broke off. */

import type { LiveCounts } from './analysis/live-counts.js';
import type { RunResult } from './analysis/result.js';
import type { GatewaySources } from './blocks/gateway-observations.js';
import type { SampleSink } from './blocks/run-record.js';
import type { Plan } from './plan/plan.js';

export interface RunOptions {
  /** False: no request is sent before the load, and the plan's identifier is used as it is. Default true. */
  readonly preflight?: boolean | undefined;
  /** In place of the pre-flight: waits at most so many milliseconds until every version with weight has answered. */
  readonly settleMs?: number | undefined;
  /** Ends the run early, within 2 s; the result then covers what was measured. */
  readonly signal?: AbortSignal | undefined;
  /** As `signal`, but waits for nothing any more: the result covers what is at hand. May come after `signal`. */
  readonly forceSignal?: AbortSignal | undefined;
  /** Called when the load begins. */
  readonly onStart?: ((plan: Plan) => void) | undefined;
  /** Called after each block, a few times a second. */
  readonly onProgress?: ((live: () => LiveCounts) => void) | undefined;
  /** The result's `ended` if the signal came; an error for a run that failed. Default `interrupted`. */
  readonly endedBy?: (() => 'interrupted' | 'terminated' | Error) | undefined;
  /** Reads ejections and counters of the gateway itself, during the load and after it. */
  readonly gateway?: GatewaySources | undefined;
  /** Called if a wait for the gateway's log begins after the load. It takes at most 12 s; the signal ends it. */
  readonly onGatewayWait?: (() => void) | undefined;
  /** False: ejections are not searched for. Default true. */
  readonly ejections?: boolean | undefined;
  /** Get every sample, besides the analysis. */
  readonly sinks?: readonly SampleSink[] | undefined;
}

/** A run broke off: by an error in weighbridge itself, or in a sink or callback of its options, which is the `cause`. */
export class RunFailure extends Error {
  override readonly name = 'RunFailure';

  constructor(
    /** What was measured up to then; `ended` is `failed`, and it never passes. */
    readonly result: RunResult,
    override readonly cause: Error,
  ) {
    super(cause.message);
  }
}
