/** The load of a search for limits, and the result that its rows become. */
import { versionReader } from './analysis/fold-for.js';
import { limitsResult } from './analysis/limits/limits-result.js';
import { LimitsTotals } from './analysis/limits/limits-totals.js';
import type { LimitsResult } from './analysis/limits/result.js';
import type { SearchOptions } from './analysis/limits/search.js';
import { runInfo } from './analysis/run-info.js';
import { VersionSlots } from './analysis/version-slots.js';
import { monotonicUs } from './blocks/clock.js';
import { RunLabels } from './blocks/run-labels.js';
import type { RunEnd } from './blocks/run-record.js';
import { asError } from './errors.js';
import type { BreakerWatch } from './gateway/breaker-watch.js';
import { packageVersion } from './io/package-root.js';
import { LimitsFailure, type LimitsOptions } from './limits-options.js';
import { DEFAULT_KNEE_TOLERANCE, DEFAULT_REFUSAL_THRESHOLD } from './plan/defaults.js';
import { labelMask } from './plan/labels/label-mask.js';
import type { Note, Plan } from './plan/plan.js';
import { maskSecrets } from './plan/target/secrets.js';
import { type FleetResult, runFleet } from './probes/load/fleet.js';
import { runEnd } from './probes/load/run-end.js';
import type { Prepared } from './probes/preflight/prepare.js';
import { SearchDriver } from './search-driver.js';

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
  readonly #driver: SearchDriver;
  /** Aborted when the load has ended, for whatever reason. */
  readonly #ended = new AbortController();
  /** When the run clock was 0, on the process's monotonic clock. */
  #originUs = monotonicUs();

  /**
   * @param maxLevel no level is larger
   * @param breakers has looked once; null: the gateway is not asked
   */
  constructor({ plan }: Prepared, maxLevel: number, options: LimitsOptions, breakers: BreakerWatch | null) {
    this.#plan = plan;
    this.#options = options;
    this.#breakers = breakers;
    const { judge, identify, load } = plan;
    this.#labels = new RunLabels(identify.candidates, labelMask(plan));
    const { versionOf, notes } = versionReader(judge);
    this.#notes = notes;
    this.#slots = new VersionSlots(
      this.#labels.versions,
      versionOf,
      (judge.expected ?? []).map(({ name }) => name),
    );
    this.#search = {
      kind: options.search ?? 'connections',
      maxLevel,
      refusalThreshold: options.refusalThreshold ?? DEFAULT_REFUSAL_THRESHOLD,
      given: options.steps ?? null,
      predicted: null,
      timeoutMs: load.timeoutMs,
    };
    const { signal } = options;
    this.#driver = new SearchDriver({
      search: this.#search,
      streams: load.streams,
      options,
      breakers,
      slots: this.#slots,
      nowUs: () => monotonicUs() - this.#originUs,
      end: signal === undefined ? this.#ended.signal : AbortSignal.any([signal, this.#ended.signal]),
    });
  }

  /**
   * Sends the load and makes the result. Called once.
   *
   * @throws LimitsFailure if the search broke off
   */
  async result(): Promise<LimitsResult> {
    const { fleet, startedAtUs, failure } = await this.#sendLoad();
    const durationMs = (monotonicUs() - this.#originUs) / 1000;
    // A signal that comes later does not change how the load ended.
    const stopped = this.#stopped();
    await this.#breakers?.look();
    const broke = fleet.failure ?? (stopped instanceof Error ? stopped : null) ?? failure;
    const end = runEnd(fleet, broke ?? stopped ?? 'completed', null, null, maskSecrets(this.#plan));
    const result = this.#resultAt(end, startedAtUs, durationMs);
    if (broke !== null) throw new LimitsFailure(result, broke);
    return result;
  }

  async #sendLoad(): Promise<{ fleet: FleetResult; startedAtUs: number; failure: Error | null }> {
    const { signal, forceSignal } = this.#options;
    let driving: Promise<void> = Promise.resolve();
    let failure: Error | null = null;
    const fleet = await runFleet(this.#plan, this.#labels, {
      level: this.#driver.first(),
      onStart: (_startedAtUs, control) => {
        this.#originUs = monotonicUs();
        driving = this.#driver
          .drive(control)
          .catch((error: unknown) => {
            // The end of the load ends the driver by an error, which is none.
            if (signal?.aborted !== true && !this.#ended.signal.aborted) failure = asError(error);
          })
          .finally(() => control.finish());
      },
      onBlock: (block) => {
        this.#driver.add(block, this.#totals.add(block));
        return null;
      },
      signal,
      forceSignal,
    });
    this.#ended.abort();
    await driving;
    return { fleet, startedAtUs: fleet.startedAtUs, failure };
  }

  /** How the signal ends the search; null: it has not come. */
  #stopped(): 'interrupted' | 'terminated' | Error | null {
    const { signal, endedBy } = this.#options;
    return signal?.aborted === true ? (endedBy?.() ?? 'interrupted') : null;
  }

  #resultAt(end: RunEnd, startedAtUs: number, durationMs: number): LimitsResult {
    const header = { plan: this.#plan, startedAtUs, labels: this.#labels };
    const {
      facts,
      afterRefusal = 'wait',
      gatewayReplicas = 1,
      expectKnee = null,
      kneeTolerance = DEFAULT_KNEE_TOLERANCE,
    } = this.#options;
    const { record, pauseMs, recoveryMs, isTimeOver } = this.#driver;
    return limitsResult({
      info: runInfo(header, end, this.#notes, packageVersion()),
      durationMs,
      search: this.#search,
      streams: this.#plan.load.streams,
      afterRefusal,
      pauseMs,
      facts,
      gatewayReplicas,
      expectKnee,
      kneeTolerance,
      steps: record.steps,
      levels: record.levels(),
      recoveryMs,
      timeIsOver: isTimeOver,
      totals: this.#totals,
      breakers: this.#breakers?.report() ?? null,
      versions: this.#slots.names,
    });
  }
}
