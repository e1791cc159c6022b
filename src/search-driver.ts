/** Holds the levels of a search one after the other, then lets the load fall to half the knee. Rows that come become steps. */
import { setTimeout as delay } from 'node:timers/promises';
import { overflowsOf } from './analysis/limits/gateway-counts.js';
import { kneeOf } from './analysis/limits/knee.js';
import { firstRefusalOf, levelOf } from './analysis/limits/levels.js';
import { measuredVersions } from './analysis/limits/measured.js';
import { predict } from './analysis/limits/predict.js';
import type { OverflowCounts, StepResult } from './analysis/limits/result.js';
import { isStepOver, type NextStep, nextStep, type SearchOptions } from './analysis/limits/search.js';
import { StepRecord } from './analysis/limits/step-record.js';
import type { VersionSlots } from './analysis/version-slots.js';
import type { SampleBlock } from './blocks/sample-block.js';
import type { BreakerWatch } from './gateway/breaker-watch.js';
import type { LimitsOptions } from './limits-options.js';
import { DEFAULT_MAX_TIME_MS } from './plan/defaults.js';
import type { LoadControl, LoadLevel } from './probes/load/level.js';

/** How often a step is looked at. */
const POLL_MS = 20;
/** Rows that ended in a window have come by then: workers post them every 10 ms. */
const ROWS_COME_MS = 60;
/** A pause after a refusal before anything was accepted, ms. */
const FIRST_PAUSE_MS = 50;
/** A level that only prepares the fall is held for so long, and for this many of the longest times. */
const HOLD_MS = 200;
const HOLD_TIMES = 2;
/** After the fall, so long without a refusal is the end of them; at least, and in times of an accepted request. */
const QUIET_MS = 500;
const QUIET_TIMES = 5;
/** Refusals that go on for so long after the fall do not end. */
const MAX_RECOVERY_MS = 10_000;

export interface DriverContext {
  readonly search: SearchOptions;
  readonly streams: number;
  readonly options: LimitsOptions;
  /** Null: the gateway is not asked. */
  readonly breakers: BreakerWatch | null;
  readonly slots: VersionSlots;
  /** The run clock, µs. */
  readonly nowUs: () => number;
  /** The load has ended or is being ended. */
  readonly end: AbortSignal;
}

export class SearchDriver {
  readonly record: StepRecord;
  readonly #context: DriverContext;
  #pauseMs: number;
  #recoveryMs: number | null = null;
  #lastRefusalUs = Number.NEGATIVE_INFINITY;
  #isTimeOver = false;

  constructor(context: DriverContext) {
    const { search, slots, options } = context;
    this.#context = context;
    this.record = new StepRecord(search.kind, search.refusalThreshold, slots);
    this.#pauseMs = options.afterRefusal === 'hammer' ? 0 : FIRST_PAUSE_MS;
  }

  /** What a connection waits after a refusal, ms. */
  get pauseMs(): number {
    return this.#pauseMs;
  }

  /** From the fall of the load until the last refusal; null: not measured. */
  get recoveryMs(): number | null {
    return this.#recoveryMs;
  }

  /** The time was over before the search was. */
  get isTimeOver(): boolean {
    return this.#isTimeOver;
  }

  /** The level that the load begins with. */
  first(): LoadLevel {
    return this.#levelOf(this.#next()?.level ?? 1);
  }

  /** @param lastRefusalUs when the last refusal of the block ended; −Infinity without one */
  add(block: SampleBlock, lastRefusalUs: number): void {
    this.record.add(block);
    this.#lastRefusalUs = Math.max(this.#lastRefusalUs, lastRefusalUs);
  }

  /**
   * Makes all steps of the search.
   *
   * @throws AbortError when the load ends before the search, and whatever `onStep` throws
   */
  async drive(control: LoadControl): Promise<void> {
    for (;;) {
      const step = this.#next();
      if (step === null) break;
      if (this.#isLate()) {
        this.#isTimeOver = true;
        return;
      }
      const done = await this.#hold(control, step);
      this.#context.options.onStep?.(done);
      if (done.accepted === 0 && done.refused === 0) return;
    }
    await this.#recover(control);
  }

  #next(): NextStep | null {
    return nextStep(this.record.steps, { ...this.#context.search, predicted: this.#predictedKnee() });
  }

  #isLate(): boolean {
    const { options, nowUs } = this.#context;
    return nowUs() / 1000 > (options.maxTimeMs ?? DEFAULT_MAX_TIME_MS);
  }

  /** Holds a level until its step is over. When the time of the search is, a step lasts no longer than it must. */
  async #hold(control: LoadControl, step: NextStep): Promise<StepResult> {
    const { nowUs, search } = this.#context;
    const before = await this.#overflows();
    const { level, purpose } = step;
    this.#learnPause();
    const startUs = control.setLevel(this.#levelOf(level));
    const fromUs = startUs + step.settleMs * 1000;
    // Rows of the window may come before a late timer does.
    this.record.begin({ purpose, level, startUs, fromUs });
    await this.#until(fromUs);
    for (;;) {
      await this.#wait(POLL_MS);
      const soFar = { ...this.record.soFar, windowMs: (nowUs() - fromUs) / 1000 };
      const hurried = this.#isLate() ? { ...step, maxMs: step.minMs } : step;
      if (isStepOver(hurried, soFar, search)) break;
    }
    return this.#end(before);
  }

  async #end(before: OverflowCounts | null): Promise<StepResult> {
    this.record.close(this.#context.nowUs());
    await this.#wait(ROWS_COME_MS);
    const after = await this.#overflows();
    return this.record.end(before === null || after === null ? null : grown(before, after));
  }

  /** Lets the load fall from a level with refusals to half the knee, and waits for the end of the refusals. */
  async #recover(control: LoadControl): Promise<void> {
    const { search, streams, nowUs } = this.#context;
    const { steps } = this.record;
    const refused = steps.filter((step) => step.refused > 0).at(-1);
    const last = steps.at(-1);
    const { firstRefusal } = firstRefusalOf(steps, search.refusalThreshold);
    const knee = kneeOf(steps, search.kind, streams)?.knee ?? firstRefusal;
    if (knee === null || refused === undefined || last === undefined || knee < 2) return;
    if (last !== refused) {
      const fromUs = control.setLevel(this.#levelOf(levelOf(refused)));
      const longestUs = last.latencyUs.accepted.max ?? 0;
      await this.#until(fromUs + Math.max(HOLD_MS * 1000, HOLD_TIMES * longestUs));
    }
    const before = await this.#overflows();
    const half = search.kind === 'connections' ? Math.floor(knee / 2) : knee / 2;
    const fallUs = control.setLevel(this.#levelOf(half));
    this.record.begin({ purpose: 'recovery', level: half, startUs: fallUs, fromUs: fallUs });
    const quietMs = Math.max(QUIET_MS, (QUIET_TIMES * (last.latencyUs.accepted.mean ?? 0)) / 1000);
    let isQuiet = false;
    while (!isQuiet && nowUs() - fallUs < (MAX_RECOVERY_MS + quietMs) * 1000) {
      await this.#wait(POLL_MS);
      isQuiet = nowUs() - Math.max(fallUs, this.#lastRefusalUs) > quietMs * 1000;
    }
    const step = await this.#end(before);
    // A gateway that answers nothing any more has not recovered.
    if (isQuiet && step.accepted > 0) this.#recoveryMs = Math.max(0, this.#lastRefusalUs - fallUs) / 1000;
  }

  /** One median time of accepted requests, of the last step without refusals: then it stays the same in all steps with them. */
  #learnPause(): void {
    if (this.#context.options.afterRefusal === 'hammer') return;
    const { steps } = this.record;
    const calm = steps.filter((step) => step.refused === 0 && step.accepted > 0);
    const { accepted } = (calm.at(-1) ?? steps.find((step) => step.accepted > 0))?.latencyUs ?? {};
    const medianUs = accepted?.p50 ?? accepted?.mean ?? null;
    if (medianUs !== null) this.#pauseMs = Math.max(1, medianUs / 1000);
  }

  #levelOf(level: number): LoadLevel {
    return this.#context.search.kind === 'connections'
      ? { connections: Math.max(1, level), pauseAfterRefusalMs: this.#pauseMs }
      : { ratePerSecond: level, pauseAfterRefusalMs: this.#pauseMs };
  }

  #predictedKnee(): number | null {
    const { search, streams, options } = this.#context;
    const { facts, gatewayReplicas = 1 } = options;
    if (facts === undefined) return null;
    const measured = measuredVersions(this.record.steps);
    const about = { search: search.kind, streams, gatewayReplicas, wanted: null };
    return predict(facts, measured, about)?.knee ?? null;
  }

  /** Since the search began, of the clusters of its versions; null: not known. */
  async #overflows(): Promise<OverflowCounts | null> {
    const { breakers, slots } = this.#context;
    const clusters = (await breakers?.look()) ?? null;
    return clusters === null ? null : overflowsOf(clusters, slots.names);
  }

  async #until(atUs: number): Promise<void> {
    const ms = (atUs - this.#context.nowUs()) / 1000;
    if (ms > 0) await this.#wait(ms);
  }

  async #wait(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#context.end });
  }
}

/** Null: they fell, so that the gateway was restarted meanwhile. */
function grown(before: OverflowCounts, after: OverflowCounts): StepResult['overflows'] {
  if (after.pending < before.pending || (after.active ?? 0) < (before.active ?? 0)) return null;
  return {
    pending: after.pending - before.pending,
    active: before.active === null || after.active === null ? null : after.active - before.active,
  };
}
