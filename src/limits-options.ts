/** Options of `findLimits`. */
import type { ExpectedKnee } from './analysis/limits/checks.js';
import type { AfterRefusal, LimitsResult, SearchKind, StepResult } from './analysis/limits/result.js';
import type { LimitFacts } from './plan/limit-facts.js';
import type { RunOptions } from './run-options.js';

export interface LimitsOptions
  extends Pick<RunOptions, 'preflight' | 'signal' | 'forceSignal' | 'endedBy' | 'onStart'> {
  /** The limits that manifests and options give, by `planWithLimits`; absent: nothing is predicted. */
  readonly facts?: LimitFacts | undefined;
  /** What is raised: connections, each with one request at a time (HTTP/2: the plan's streams), or the rate. Default `connections`. */
  readonly search?: SearchKind | undefined;
  /** Largest number of connections. Default: four times the predicted knee; 1,000 if none is predicted. */
  readonly maxConnections?: number | undefined;
  /** Search `rate`: the largest rate, requests per second. Default 10,000; with `steps`, the largest of them. */
  readonly maxRatePerSecond?: number | undefined;
  /** No step begins after this time, ms. Default five minutes. */
  readonly maxTimeMs?: number | undefined;
  /** A step is refused if its refused share is shown to be above this, a fraction. Default 0.001. */
  readonly refusalThreshold?: number | undefined;
  /** Exactly these levels, in this order, in place of a search. */
  readonly steps?: readonly number[] | undefined;
  /** What a connection does after a refusal. Default `wait`. */
  readonly afterRefusal?: AfterRefusal | undefined;
  /** The knee that is asked for; absent: the prediction is, if there is one. */
  readonly expectKnee?: ExpectedKnee | undefined;
  /** How far the knee may be from what is expected, a fraction of it. Default 0.1. */
  readonly kneeTolerance?: number | undefined;
  /** Replicas of the gateway, each of which has the limits for itself. Default 1. */
  readonly gatewayReplicas?: number | undefined;
  /** Base URLs of Envoy's admin interfaces, one for each replica. */
  readonly admins?: readonly string[] | undefined;
  /** Called when a step has ended. */
  readonly onStep?: ((step: StepResult) => void) | undefined;
}

/** A search broke off, by an error in weighbridge itself or in a callback of its options, which is the `cause`. */
export class LimitsFailure extends Error {
  override readonly name = 'LimitsFailure';

  constructor(
    /** What was measured up to then; `ended` is `failed`. */
    readonly result: LimitsResult,
    override readonly cause: Error,
  ) {
    super(cause.message);
  }
}
