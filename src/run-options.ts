/** Options of `run`, what they mean together, and the error of a run that broke off. */

import type { LiveCounts } from './analysis/live-counts.js';
import type { RunResult } from './analysis/result.js';
import type { SoFar } from './analysis/so-far.js';
import type { GatewaySources } from './blocks/gateway-observations.js';
import type { SampleSink } from './blocks/run-record.js';
import { contradiction, OptionError } from './errors.js';
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
  /** Called after each block, a few times a second. Figures and checks so far (`soFar`) take longer than counts. */
  readonly onProgress?: ((live: () => LiveCounts, soFar: () => SoFar) => void) | undefined;
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

/** `forceSignal` stops a run also if `signal` has not come. */
export function stopSignal({
  signal,
  forceSignal,
}: Pick<RunOptions, 'signal' | 'forceSignal'>): AbortSignal | undefined {
  if (signal === undefined || forceSignal === undefined) return signal ?? forceSignal;
  return AbortSignal.any([signal, forceSignal]);
}

/** @throws OptionError if the load may not begin without a pre-flight */
export function checkPreflight(
  { detect, identify }: Plan,
  { preflight = true, settleMs }: Pick<RunOptions, 'preflight' | 'settleMs'>,
): void {
  if (preflight) return;
  if (settleMs !== undefined) {
    throw contradiction('settleMs', 'preflight', 'settling sends requests before the load');
  }
  if (detect.version && identify.version.from === 'none') {
    throw new OptionError(
      (name) =>
        `${name('preflight')} leaves no response to find out the version by: give ${name('versionFrom')}.`,
    );
  }
}
