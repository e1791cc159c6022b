/**
 * Folds the sample blocks of a run into its result. A live run, a saved run and several machines' blocks are
 * the same to it, and the figures do not depend on the order in which blocks come.
 */

import type { GatewayObservations } from '../blocks/gateway-observations.js';
import { type LabelTables, NO_LABEL, ORIGIN, PHASE, type SampleBlock } from '../blocks/sample-block.js';
import { fromRfc3339 } from '../blocks/wall-clock.js';
import type { EjectionRule, JudgePlan, LoadPlan, Note } from '../plan/plan.js';
import { AddressFold } from './addresses.js';
import { Counts, IS_RESPONSE, StatusCounts } from './counts.js';
import { EjectionFold } from './ejections/ejection-fold.js';
import type { EjectionsResult, Visibility } from './ejections/result.js';
import { ejectionChecks } from './ejections/rules/compare-with-rules.js';
import { withoutSettledNotes } from './ejections/settled-notes.js';
import { EndpointFold } from './endpoints.js';
import { withGatewayView } from './gateway-view/gateway-view.js';
import { elapsedUs, LatencyFold } from './latency.js';
import { remarks } from './notes.js';
import type { LoadResult, RequestCounts, RunResult, TargetResult, VersionResult } from './result.js';
import { type ShareFigures, weighSplit } from './split.js';
import { worst } from './stats/two-one-sided.js';
import { Timeline } from './timeline.js';
import { NONE, OTHER, VersionSlots } from './version-slots.js';

/** What is known before the first block. */
export interface FoldContext {
  /** The run's labels; the fold keeps the reference and sees them grow. */
  readonly labels: LabelTables;
  readonly judge: JudgePlan;
  /** False: neither shares nor a verdict, because the samples were chosen by what answered. */
  readonly weighed?: boolean;
  readonly mode: 'closed' | 'open';
  /** Null: ejections are not looked for. */
  readonly ejections: { readonly rules: readonly EjectionRule[]; readonly load: LoadPlan } | null;
  /**
   * Name of the version that a label stands for: an expected version's, else the label itself. Called once
   * per label, in the order of the table.
   */
  readonly versionOf: (label: string) => string;
}

/** What blocks do not say about a run. */
export interface RunInfo {
  /** RFC 3339 with microseconds: when the run clock was 0. */
  readonly startedAt: string;
  readonly ended: RunResult['ended'];
  readonly target: TargetResult;
  readonly load: LoadResult;
  /** How version and endpoint were read, in words. */
  readonly identifier: RunResult['identifier'];
  /** Measured requests that the pacers scheduled: the accounting is held against it. */
  readonly scheduled: number;
  readonly settle: RunResult['settle'];
  /** What the gateway said itself; null when it was not asked. */
  readonly gateway: GatewayObservations | null;
  /** Notes of the plan and the run; the analysis adds its own. */
  readonly notes: readonly Note[];
}

/** Counts while a run goes on. */
export interface LiveCounts {
  attributed: number;
  unattributed: number;
  failed: number;
  cutOff: number;
  /** Requests of the phases before the measured one. */
  before: number;
  versions: { version: string; requests: number }[];
}

const NO_SHARE: ShareFigures = {
  expectedShare: null,
  share: null,
  deviationPoints: null,
  shareInterval: null,
};

export class RunFold {
  readonly #context: FoldContext;
  readonly #slots: VersionSlots;
  readonly #counts = new Counts();
  readonly #latency: LatencyFold;
  readonly #endpoints: EndpointFold;
  readonly #addresses: AddressFold;
  readonly #ejections: EjectionFold | null;
  #foundEjections: EjectionsResult | null = null;
  readonly #timeline = new Timeline();
  /** Backends' answers, identified or not. */
  readonly #answers = new StatusCounts();
  /** By PHASE. */
  readonly #phases = new Float64Array(4);
  #firstDueUs = Number.POSITIVE_INFINITY;
  #lastEndUs = Number.NEGATIVE_INFINITY;

  constructor(context: FoldContext) {
    this.#context = context;
    const expected = context.judge.expected ?? [];
    this.#slots = new VersionSlots(
      context.labels.versions,
      context.versionOf,
      expected.map(({ name }) => name),
    );
    this.#latency = new LatencyFold(context.mode);
    this.#endpoints = new EndpointFold(context.labels.endpoints);
    this.#addresses = new AddressFold(context.labels.addresses);
    const { ejections, labels } = context;
    this.#ejections =
      ejections === null
        ? null
        : new EjectionFold(
            { rules: ejections.rules, timeoutMs: ejections.load.timeoutMs, labels },
            this.#slots,
          );
  }

  /**
   * Folds a block; keeps nothing of it, so that its buffer can be used again.
   *
   * @param shiftUs when the block's run began, on the clock of what is folded together. Only when things
   *   happened depends on it: how long they took is by the block's own times, to the last bit
   */
  add(block: SampleBlock, shiftUs = 0): void {
    const { dueUs, sendUs, endUs, status, version, endpoint, address, outcome, origin, phase, length } =
      block;
    const open = this.#context.mode === 'open';
    this.#ejections?.add(block, shiftUs);
    for (let i = 0; i < length; i++) {
      const inPhase = phase[i] as number;
      (this.#phases[inPhase] as number)++;
      if (inPhase !== PHASE.measured) continue;
      const due = dueUs[i] as number;
      const end = endUs[i] as number;
      const at = end + shiftUs;
      if (due + shiftUs < this.#firstDueUs) this.#firstDueUs = due + shiftUs;
      if (at > this.#lastEndUs) this.#lastEndUs = at;

      const label = version[i] as number;
      const slot = label === NO_LABEL ? NONE : this.#slots.slotOf(label);
      const code = outcome[i] as number;
      const counts = this.#counts.slot(slot);
      (counts.outcomes[code] as number)++;
      this.#addresses.add(address[i] as number, slot, code);
      if (IS_RESPONSE[code] !== 1) continue;

      const answered = status[i] as number;
      counts.responses.add(answered);
      if (origin[i] === ORIGIN.gateway) {
        (counts.gatewayReplies[code] as number)++;
        this.#timeline.add(slot, at, answered, -1);
        continue;
      }
      const service = elapsedUs(sendUs[i] as number, end);
      const response = open ? elapsedUs(due, end) : service;
      this.#latency.add(slot, service, response);
      this.#answers.add(answered);
      this.#endpoints.add(slot, endpoint[i] as number, answered);
      this.#timeline.add(slot, at, answered, response);
    }
  }

  /** The counts so far, for the progress line. */
  live(): LiveCounts {
    return {
      attributed: this.#counts.attributed,
      unattributed: this.#counts.unattributed,
      failed: this.#counts.ofClass('failed'),
      cutOff: this.#counts.ofClass('cutOff'),
      before: this.#sumBefore(),
      versions: this.#listed().map((slot) => ({
        version: this.#slots.names[slot] as string,
        requests: this.#counts.slot(slot).responses.requests,
      })),
    };
  }

  /**
   * The result over all blocks added.
   *
   * @throws Error when the blocks do not account for `info.scheduled` requests: an error of this program
   */
  result(info: RunInfo): RunResult {
    const counts = this.#counts;
    const requests = this.#requestCounts(info.scheduled);
    const listed = this.#listed();
    const { shares, split, checks: splitChecks } = this.#weigh(listed);
    const ejections = this.#withGateway(info, listed);
    const checks = [...splitChecks, ...ejectionChecks(ejections?.rules ?? [])];
    const durationMs = Math.max(0, this.#lastEndUs - this.#firstDueUs) / 1000;
    const responses = requests.attributed + requests.unattributed;
    const result: RunResult = {
      schemaVersion: 1,
      startedAt: info.startedAt,
      durationMs,
      ended: info.ended,
      target: info.target,
      load: info.load,
      identifier: info.identifier,
      requests,
      requestsPerSecond: durationMs > 0 ? (responses * 1000) / durationMs : 0,
      overall: {
        requests: this.#answers.requests,
        statuses: this.#answers.toRecord(),
        ...this.#latency.overall(),
      },
      versions: listed.map((slot, i) => this.#version(slot, shares[i] as ShareFigures)),
      unattributed: {
        requests: counts.unattributed,
        statuses: counts.slot(NONE).responses.toRecord(),
        kinds: counts.unattributedKinds(),
      },
      failures: counts.failures(),
      gatewayReplies: counts.gatewayReplies(),
      timeline: this.#timeline.result([...listed, OTHER, NONE], this.#slots.names),
      timelineIntervalMs: this.#timeline.intervalMs,
      split,
      verdict: worst([...(split === null ? [] : [split.verdict]), ...checks.map((check) => check.verdict)]),
      checks,
      addresses: this.#addresses.result(listed, this.#slots.names),
      ejections,
      settle: info.settle,
      notes: this.#openNotes(info.notes, ejections?.visibility ?? []),
    };
    result.notes.push(...remarks(result));
    return result;
  }

  /** End of the last measured request so far, ms on the run clock; 0 before there is one. */
  get endMs(): number {
    return Math.max(0, this.#lastEndUs / 1000);
  }

  /** Found in all blocks; none must be added afterwards. Null when ejections are not looked for. */
  ejections(): EjectionsResult | null {
    this.#foundEjections ??= this.#ejections?.result() ?? null;
    return this.#foundEjections;
  }

  /** With the gateway's own word beside it. */
  #withGateway({ gateway, startedAt }: RunInfo, listed: readonly number[]): EjectionsResult | null {
    const ejections = this.ejections();
    if (ejections === null || gateway === null) return ejections;
    return withGatewayView(ejections, gateway, {
      startedAtUs: fromRfc3339(startedAt),
      spanMs: [this.#firstDueUs / 1000, this.#lastEndUs / 1000],
      versions: listed.map((slot) => this.#slots.names[slot] as string),
    });
  }

  #openNotes(notes: readonly Note[], visibility: readonly Visibility[]): Note[] {
    const { ejections } = this.#context;
    if (ejections === null) return [...notes];
    return withoutSettledNotes(notes, ejections.rules, ejections.load, visibility);
  }

  #weigh(listed: readonly number[]): ReturnType<typeof weighSplit> {
    const { judge, weighed = true } = this.#context;
    if (!weighed) return { shares: listed.map(() => NO_SHARE), split: null, checks: [] };
    const counts = this.#counts;
    return weighSplit({
      judge,
      versions: listed.map((slot) => ({
        version: this.#slots.names[slot] as string,
        requests: counts.slot(slot).responses.requests,
        drawn: counts.drawn(slot),
      })),
      unknown: counts.unknownVersion,
    });
  }

  #version(slot: number, share: ShareFigures): VersionResult {
    const counts = this.#counts.slot(slot);
    return {
      version: this.#slots.names[slot] as string,
      labels: this.#slots.labelsOf(slot),
      expectedShare: share.expectedShare,
      requests: counts.responses.requests,
      share: share.share,
      deviationPoints: share.deviationPoints,
      shareInterval: share.shareInterval,
      statuses: counts.responses.toRecord(),
      failures: this.#counts.failures(slot),
      gatewayReplies: this.#counts.gatewayRepliesOf(slot),
      ...this.#latency.result(slot),
      endpoints: this.#endpoints.result(slot),
    };
  }

  #listed(): number[] {
    return this.#slots.listed((slot) => this.#counts.slot(slot).outcomes.some((count) => count > 0));
  }

  #sumBefore(): number {
    return this.#phases.reduce((sum, count, phase) => (phase === PHASE.measured ? sum : sum + count), 0);
  }

  #requestCounts(scheduled: number): RequestCounts {
    const counts = this.#counts;
    const { attributed, unattributed } = counts;
    const failed = counts.ofClass('failed');
    const cutOff = counts.ofClass('cutOff');
    const seen = attributed + unattributed + failed + cutOff;
    if (seen !== scheduled) {
      throw new Error(
        `accounting: ${scheduled} requests were scheduled, but ${attributed} attributed + ${unattributed} ` +
          `unattributed + ${failed} failed + ${cutOff} cut off = ${seen}`,
      );
    }
    const phase = (code: number) => this.#phases[code] as number;
    return {
      scheduled,
      attributed,
      unattributed,
      failed,
      cutOff,
      preflight: phase(PHASE.preflight),
      settle: phase(PHASE.settle),
      warmup: phase(PHASE.warmup),
    };
  }
}
