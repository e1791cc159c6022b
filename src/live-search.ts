/** The load of a search for limits: levels one after the other, then the fall to half the knee. Its rows become steps, and the result. */
import { setTimeout as delay } from 'node:timers/promises';
import { versionReader } from './analysis/fold-for.js';
import { kneeOf } from './analysis/limits/knee.js';
import { firstRefusalOf, levelOf } from './analysis/limits/levels.js';
import { limitsResult } from './analysis/limits/limits-result.js';
import { LimitsTotals } from './analysis/limits/limits-totals.js';
import { measuredVersions } from './analysis/limits/measured.js';
import { predict } from './analysis/limits/predict.js';
import type { LimitsResult, StepResult } from './analysis/limits/result.js';
import { isStepOver, type NextStep, nextStep, type SearchOptions } from './analysis/limits/search.js';
import { StepRecord } from './analysis/limits/step-record.js';
import { runInfo } from './analysis/run-info.js';
import { VersionSlots } from './analysis/version-slots.js';
import { monotonicUs } from './blocks/clock.js';
import { RunLabels } from './blocks/run-labels.js';
import type { RunEnd } from './blocks/run-record.js';
import type { SampleBlock } from './blocks/sample-block.js';
import type { BreakerWatch, Overflows } from './gateway/breaker-watch.js';
import { packageVersion } from './io/package-root.js';
import { LimitsFailure, type LimitsOptions } from './limits-options.js';
import { DEFAULT_KNEE_TOLERANCE, DEFAULT_MAX_TIME_MS, DEFAULT_REFUSAL_THRESHOLD } from './plan/defaults.js';
import { labelMask } from './plan/labels/label-mask.js';
import type { Note, Plan } from './plan/plan.js';
import { maskSecrets } from './plan/target/secrets.js';
import { runFleet } from './probes/load/fleet.js';
import type { LoadControl, LoadLevel } from './probes/load/level.js';
import { runEnd } from './probes/load/run-end.js';
import type { Prepared } from './probes/preflight/prepare.js';

/** How often a step is looked at. */
const POLL_MS = 20;
/** Rows that ended in a window have come by then: workers post them every 10 ms. */
const ROWS_COME_MS = 60;
/** A pause after a refusal before anything was accepted, ms. */
const FIRST_PAUSE_MS = 50;
/** After the fall, so long without a refusal is the end of them; at least, and in times of an accepted request. */
const QUIET_MS = 500;
const QUIET_TIMES = 5;
/** Refusals that go on for so long after the fall do not end. */
const MAX_RECOVERY_MS = 10_000;

export class LiveSearch {
  readonly #plan: Plan;
  readonly #options: LimitsOptions;
  readonly #search: SearchOptions;
  readonly #breakers: BreakerWatch | null;
  readonly #labels: RunLabels;
  readonly #slots: VersionSlots;
  /** Those that labels call for. */
  readonly #notes: readonly Note[];
  readonly #totals = new LimitsTotals();
  readonly #record: StepRecord;
  #pauseMs: number;
  #recoveryMs: number | null = null;
  #originUs = monotonicUs();
  #startedAtUs = 0;
  #lastRefusalUs = Number.NEGATIVE_INFINITY;
  #timeIsOver = false;

  /**
   * @param maxLevel no level is larger
   * @param breakers has looked once; null: the gateway is not asked
   */
  constructor({ plan }: Prepared, maxLevel: number, options: LimitsOptions, breakers: BreakerWatch | null) {
    this.#plan = plan;
    this.#options = options;
    this.#breakers = breakers;
    const { judge, identify } = this.#plan;
    this.#labels = new RunLabels(identify.candidates, labelMask(this.#plan));
    const { versionOf, notes } = versionReader(judge);
    this.#notes = notes;
    this.#slots = new VersionSlots(
      this.#labels.versions,
      versionOf,
      (judge.expected ?? []).map(({ name }) => name),
    );
    this.#pauseMs = options.afterRefusal === 'hammer' ? 0 : FIRST_PAUSE_MS;
    this.#search = {
      kind: options.search ?? 'connections',
      maxLevel,
      refusalThreshold: options.refusalThreshold ?? DEFAULT_REFUSAL_THRESHOLD,
      given: options.steps ?? null,
      predicted: null,
      timeoutMs: plan.load.timeoutMs,
    };
    this.#record = new StepRecord(this.#search.kind, this.#search.refusalThreshold, this.#slots);
  }

  /** Sends the load and makes the result. Called once. */
  async result(): Promise<LimitsResult> {
    const { signal, forceSignal, endedBy } = this.#options;
    let driving: Promise<void> = Promise.resolve();
    let failure: Error | null = null;
    const first = nextStep([], this.#search);
    const fleet = await runFleet(this.#plan, this.#labels, {
      level: this.#levelOf(first?.level ?? 1),
      onStart: (startedAtUs, control) => {
        this.#originUs = monotonicUs();
        this.#startedAtUs = startedAtUs;
        driving = this.#drive(control)
          .catch((error: unknown) => {
            if (!this.#isStopped) failure = error instanceof Error ? error : new Error(String(error));
          })
          .finally(() => control.finish());
      },
      onBlock: (block) => {
        this.#add(block);
        return null;
      },
      signal,
      forceSignal,
    });
    await driving;
    await this.#breakers?.look();
    const broke = fleet.failure ?? failure;
    const ending = broke ?? (signal?.aborted === true ? (endedBy?.() ?? 'interrupted') : 'completed');
    const result = this.#resultAt(runEnd(fleet, ending, null, null, maskSecrets(this.#plan)));
    if (broke !== null) throw new LimitsFailure(result, broke);
    return result;
  }

  #resultAt(end: RunEnd): LimitsResult {
    const header = { plan: this.#plan, startedAtUs: this.#startedAtUs, labels: this.#labels };
    const {
      facts,
      afterRefusal = 'wait',
      gatewayReplicas = 1,
      expectKnee = null,
      kneeTolerance,
    } = this.#options;
    return limitsResult({
      info: runInfo(header, end, this.#notes, packageVersion()),
      durationMs: this.#nowUs() / 1000,
      search: this.#search,
      streams: this.#plan.load.streams,
      afterRefusal,
      pauseMs: this.#pauseMs,
      facts,
      gatewayReplicas,
      expectKnee,
      kneeTolerance: kneeTolerance ?? DEFAULT_KNEE_TOLERANCE,
      steps: this.#record.steps,
      levels: this.#record.levels(),
      recoveryMs: this.#recoveryMs,
      timeIsOver: this.#timeIsOver,
      totals: this.#totals,
      breakers: this.#breakers?.report() ?? null,
      versions: this.#slots.names,
    });
  }

  async #drive(control: LoadControl): Promise<void> {
    const maxTimeMs = this.#options.maxTimeMs ?? DEFAULT_MAX_TIME_MS;
    for (;;) {
      const step = nextStep(this.#record.steps, { ...this.#search, predicted: this.#predictedKnee() });
      if (step === null) break;
      if (this.#nowUs() / 1000 > maxTimeMs) {
        this.#timeIsOver = true;
        return;
      }
      const done = await this.#hold(control, step);
      this.#options.onStep?.(done);
      if (done.accepted === 0 && done.refused === 0) return;
    }
    await this.#recover(control);
  }

  /** Holds a level until its step is over. */
  async #hold(control: LoadControl, step: NextStep): Promise<StepResult> {
    const before = await this.#overflows();
    const { level, purpose } = step;
    this.#learnPause();
    const startUs = control.setLevel(this.#levelOf(level));
    const fromUs = startUs + step.settleMs * 1000;
    await this.#until(fromUs);
    this.#record.begin({ purpose, level, startUs, fromUs });
    for (;;) {
      await this.#wait(POLL_MS);
      const windowMs = (this.#nowUs() - fromUs) / 1000;
      if (isStepOver(step, { ...this.#record.soFar, windowMs }, this.#search)) break;
    }
    return this.#end(before);
  }

  async #end(before: Overflows | null): Promise<StepResult> {
    this.#record.close(this.#nowUs());
    await this.#wait(ROWS_COME_MS);
    const after = await this.#overflows();
    return this.#record.end(before === null || after === null ? null : grown(before, after));
  }

  /** Lets the load fall from a level with refusals to half the knee, and waits for the end of the refusals. */
  async #recover(control: LoadControl): Promise<void> {
    const refused = this.#record.steps.filter((step) => step.refused > 0).at(-1);
    const last = this.#record.steps.at(-1);
    const { kind } = this.#search;
    const { firstRefusal } = firstRefusalOf(this.#record.steps, this.#search.refusalThreshold);
    const knee = kneeOf(this.#record.steps, kind, this.#plan.load.streams)?.knee ?? firstRefusal;
    if (knee === null || refused === undefined || last === undefined || knee < 2) return;
    if (last !== refused) {
      const fromUs = control.setLevel(this.#levelOf(levelOf(refused)));
      await this.#until(fromUs + (last.latencyUs.accepted.max ?? 0) * 2);
    }
    const before = await this.#overflows();
    const half = kind === 'connections' ? Math.floor(knee / 2) : knee / 2;
    const fallUs = control.setLevel(this.#levelOf(half));
    this.#record.begin({ purpose: 'recovery', level: half, startUs: fallUs, fromUs: fallUs });
    const quietMs = Math.max(QUIET_MS, (QUIET_TIMES * (last.latencyUs.accepted.mean ?? 0)) / 1000);
    let isQuiet = false;
    while (!isQuiet && this.#nowUs() - fallUs < MAX_RECOVERY_MS * 1000) {
      await this.#wait(POLL_MS);
      isQuiet = this.#nowUs() - Math.max(fallUs, this.#lastRefusalUs) > quietMs * 1000;
    }
    if (isQuiet) this.#recoveryMs = Math.max(0, this.#lastRefusalUs - fallUs) / 1000;
    await this.#end(before);
  }

  #add(block: SampleBlock): void {
    this.#record.add(block);
    this.#lastRefusalUs = Math.max(this.#lastRefusalUs, this.#totals.add(block));
  }

  /** One median time of accepted requests, of the last step without refusals: then it stays the same in all steps with them. */
  #learnPause(): void {
    if (this.#options.afterRefusal === 'hammer') return;
    const calm = this.#record.steps.filter((step) => step.refused === 0 && step.accepted > 0);
    const accepted = (calm.at(-1) ?? this.#record.steps.find((step) => step.accepted > 0))?.latencyUs
      .accepted;
    const medianUs = accepted?.p50 ?? accepted?.mean ?? null;
    if (medianUs !== null) this.#pauseMs = Math.max(1, medianUs / 1000);
  }

  #levelOf(level: number): LoadLevel {
    return this.#search.kind === 'connections'
      ? { connections: Math.max(1, level), pauseAfterRefusalMs: this.#pauseMs }
      : { ratePerSecond: level, pauseAfterRefusalMs: this.#pauseMs };
  }

  #predictedKnee(): number | null {
    const { facts, gatewayReplicas = 1 } = this.#options;
    if (facts === undefined) return null;
    const measured = measuredVersions(this.#record.steps);
    const { kind: search } = this.#search;
    return (
      predict(facts, measured, { search, streams: this.#plan.load.streams, gatewayReplicas, wanted: null })
        ?.knee ?? null
    );
  }

  async #overflows(): Promise<Overflows | null> {
    return (await this.#breakers?.look()) ?? null;
  }

  get #isStopped(): boolean {
    const { signal, forceSignal } = this.#options;
    return signal?.aborted === true || forceSignal?.aborted === true;
  }

  #nowUs(): number {
    return monotonicUs() - this.#originUs;
  }

  async #until(atUs: number): Promise<void> {
    const ms = (atUs - this.#nowUs()) / 1000;
    if (ms > 0) await this.#wait(ms);
  }

  /** @throws AbortError when the search is stopped */
  async #wait(ms: number): Promise<void> {
    const { signal } = this.#options;
    await delay(ms, undefined, signal === undefined ? {} : { signal });
  }
}

function grown(before: Overflows, after: Overflows): StepResult['overflows'] {
  return {
    pending: after.pending - before.pending,
    active: before.active === null || after.active === null ? null : after.active - before.active,
  };
}
