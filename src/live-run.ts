/** The load of a run and what follows it: samples go to the fold and the sinks, and become the result. */
import type { EjectionsResult } from './analysis/ejections/result.js';
import { foldFor } from './analysis/fold-for.js';
import type { RunResult } from './analysis/result.js';
import type { RunFold } from './analysis/run-fold.js';
import { runInfo } from './analysis/run-info.js';
import { blankBlocks } from './blocks/blank-blocks.js';
import { monotonicUs } from './blocks/clock.js';
import type { GatewayObservations } from './blocks/gateway-observations.js';
import { outcomeCode } from './blocks/outcome.js';
import { RunLabels } from './blocks/run-labels.js';
import type { RunEnd, RunHeader } from './blocks/run-record.js';
import { PHASE, type SampleBlock } from './blocks/sample-block.js';
import { SinkGroup } from './blocks/sink-group.js';
import type { GatewayWatch } from './gateway/watch.js';
import { Deadline } from './io/deadline.js';
import { packageVersion } from './io/package-root.js';
import { labelMask } from './plan/labels/label-mask.js';
import type { Note, Plan } from './plan/plan.js';
import { maskSecrets } from './plan/target/secrets.js';
import { type FleetResult, runFleet } from './probes/load/fleet.js';
import { failedEnd, runEnd } from './probes/load/run-end.js';
import type { Prepared } from './probes/preflight/prepare.js';
import { RunFailure, type RunOptions } from './run-options.js';

// A stopped run has its result within 2 s, with time for the reports. Its workers have the first second.
const GATEWAY_GRACE_MS = 1_200;
const SINKS_GRACE_MS = 1_600;
/** Time for what waits to be written, after a second signal. */
const FORCED_SINKS_GRACE_MS = 250;

export class LiveRun {
  readonly #plan: Plan;
  readonly #prepared: Prepared;
  readonly #options: RunOptions;
  readonly #watch: GatewayWatch | null;
  readonly #labels: RunLabels;
  readonly #fold: RunFold;
  /** Those that the plan's labels call for. */
  readonly #notes: readonly Note[];
  readonly #sinks: SinkGroup;
  #header: RunHeader | null = null;
  /** When the run clock was 0, on the process's monotonic clock. */
  #originUs = monotonicUs();

  /** @param watch watches the gateway's own reports, and has begun; null: it is not asked */
  constructor(prepared: Prepared, options: RunOptions, watch: GatewayWatch | null) {
    this.#prepared = prepared;
    this.#plan = prepared.plan;
    this.#options = options;
    this.#watch = watch;
    this.#labels = new RunLabels(this.#plan.identify.candidates, labelMask(this.#plan));
    const { fold, notes } = foldFor(this.#plan, this.#labels, { ejections: options.ejections !== false });
    this.#fold = fold;
    this.#notes = notes;
    this.#sinks = new SinkGroup(options.sinks ?? []);
  }

  /**
   * Sends the load and makes the result. Called once.
   *
   * @throws RunFailure if the run broke off
   */
  async result(): Promise<RunResult> {
    const { signal, forceSignal } = this.#options;
    const forGateway = new Deadline({ signal, graceMs: GATEWAY_GRACE_MS, forceSignal });
    const forSinks = new Deadline({
      signal,
      graceMs: SINKS_GRACE_MS,
      forceSignal,
      forceGraceMs: FORCED_SINKS_GRACE_MS,
    });
    try {
      const fleet = await this.#sendLoad();
      try {
        return await this.#conclude(fleet, forGateway.signal, forSinks.signal);
      } catch (error) {
        // After a failure there may be no result. Then the failure is what matters.
        throw error instanceof RunFailure ? error : (this.#failure(fleet) ?? error);
      }
    } finally {
      forGateway.clear();
      forSinks.clear();
    }
  }

  #sendLoad(): Promise<FleetResult> {
    const { signal, forceSignal, onProgress } = this.#options;
    const stopIfSinkFailed = () => {
      if (this.#sinks.failure !== null) throw this.#sinks.failure;
    };
    return runFleet(this.#plan, this.#labels, {
      ...(this.#plan.load.untilVerdict ? { looks: this.#fold } : {}),
      onStart: (startedAtUs) => {
        this.#begin(startedAtUs);
        stopIfSinkFailed();
      },
      onBlock: (block) => {
        const room = this.#add(block);
        onProgress?.(
          () => this.#fold.live(),
          () => this.#fold.soFar(),
        );
        stopIfSinkFailed();
        return room;
      },
      signal,
      forceSignal,
    });
  }

  #begin(startedAtUs: number): RunHeader {
    this.#originUs = monotonicUs();
    this.#header = { plan: this.#plan, startedAtUs, labels: this.#labels };
    this.#sinks.begin(this.#header);
    for (const block of blocksBefore(this.#prepared)) void this.#add(block);
    return this.#header;
  }

  /** @returns null, or a promise that is fulfilled when the sinks can take more */
  #add(block: SampleBlock): Promise<void> | null {
    this.#fold.add(block);
    return this.#sinks.add(block);
  }

  /**
   * Requests of workers that died: they had them in flight, or had not passed on their rows. If no worker died there are
   * none, and the fold checks that.
   */
  *#lostBlocks({ threads, summaries, failure, scheduled }: FleetResult): Generator<SampleBlock> {
    if (summaries.length === threads && failure === null) return;
    const cutOff = outcomeCode('cut-off');
    const nowUs = monotonicUs() - this.#originUs;
    for (const [phase, requests] of [
      [PHASE.warmup, scheduled.warmup],
      [PHASE.measured, scheduled.measured],
    ] as const) {
      yield* blankBlocks(requests - this.#fold.requestsIn(phase), phase, cutOff, nowUs);
    }
  }

  async #conclude(fleet: FleetResult, forGateway: AbortSignal, forSinks: AbortSignal): Promise<RunResult> {
    // If the run was stopped before its workers were ready, it has no header yet.
    const header = this.#header ?? this.#begin(fleet.startedAtUs);
    for (const block of this.#lostBlocks(fleet)) void this.#add(block);
    // A signal that comes later does not change how the load ended. A failure still does.
    const ending = this.#stopped() ?? 'completed';
    const gateway = await this.#gatewayReports(header, forGateway);
    const ended = this.#failure(fleet) ?? ending;
    const end = runEnd(fleet, ended, this.#prepared.settling, gateway, maskSecrets(this.#plan));
    await this.#sinks.end(end, forSinks);
    return this.#resultAt(end, header, this.#failure(fleet));
  }

  /** How the signal ends the run; null: it has not come. */
  #stopped(): 'interrupted' | 'terminated' | Error | null {
    const { signal, endedBy } = this.#options;
    return signal?.aborted === true ? (endedBy?.() ?? 'interrupted') : null;
  }

  /** Why the run broke off; null: up to now it did not. */
  #failure(fleet: FleetResult): Error | null {
    const stopped = this.#stopped();
    return fleet.failure ?? this.#sinks.failure ?? (typeof stopped === 'string' ? null : stopped);
  }

  async #gatewayReports(
    { startedAtUs }: RunHeader,
    deadline: AbortSignal,
  ): Promise<GatewayObservations | null> {
    if (this.#watch === null) return null;
    const { signal, onGatewayWait } = this.#options;
    return this.#watch.end({
      startedAtUs,
      originUs: this.#originUs,
      momentsMs: momentsOf(this.#fold.ejections()),
      signal,
      deadline,
      onWait: onGatewayWait,
    });
  }

  #resultAt(end: RunEnd, header: RunHeader, failure: Error | null): RunResult {
    // The end that sinks got is not changed by what failed while they ended.
    const known = failure !== null && end.ended !== 'failed' ? failedEnd(end, failure) : end;
    const result = this.#fold.result(runInfo(header, known, this.#notes, packageVersion()));
    if (failure !== null) throw new RunFailure(result, failure);
    return result;
  }
}

/** When the client saw endpoints go out and come back, ms on the run clock. */
function momentsOf(ejections: EjectionsResult | null): number[] {
  return (ejections?.windows ?? []).flatMap(({ startBoundsMs: [, start], endBoundsMs: [, end] }) =>
    end === null ? [start] : [start, end],
  );
}

/** The requests before the load, as rows of their phases. They are only counted. */
function* blocksBefore({ preflights, settling }: Prepared): Generator<SampleBlock> {
  yield* blankBlocks(preflights, PHASE.preflight);
  yield* blankBlocks(settling?.requests ?? 0, PHASE.settle);
}
