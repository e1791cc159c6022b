/**
 * Folds the sample blocks of a run. A live run, a saved run and the blocks of several machines are the same to it, and the
 * figures do not depend on the order in which blocks come. `add` runs once per request and allocates nothing.
 */

import { NO_LABEL, PHASE, type SampleBlock } from '../blocks/sample-block.js';
import { AddressFold } from './addresses.js';
import { ConnectionFold } from './connections.js';
import { Counts, IS_UNCONNECTED } from './counts.js';
import { EjectionFold } from './ejections/ejection-fold.js';
import type { FoundEjections } from './ejections/ejections-result.js';
import type { EjectionsResult } from './ejections/result.js';
import { EndpointFold } from './endpoints.js';
import { sendOrder } from './findings/send-order.js';
import type { FoldContext } from './fold-context.js';
import { GatewayLeft } from './gateway-left.js';
import type { JudgedTotals } from './judged-input.js';
import { elapsedUs, LatencyFold } from './latency.js';
import { type LiveCounts, liveCounts } from './live-counts.js';
import { Looks } from './looks/looks.js';
import type { ConnectionsResult, RunResult } from './result.js';
import type { RunInfo } from './run-info.js';
import { runResult } from './run-result.js';
import { SendWindows } from './send-windows.js';
import { IS_RESPONSE } from './slot-counts.js';
import { type SoFar, soFar } from './so-far.js';
import { StatusCounts } from './status-counts.js';
import { Timeline } from './timeline.js';
import { NONE, VersionSlots } from './version-slots.js';

/** Where a connection is one draw: requests of each. A new one costs more than a request, and fewer would not show that it keeps. */
const RENEW_AFTER = 10;

export class RunFold {
  readonly #context: FoldContext;
  readonly #slots: VersionSlots;
  readonly #counts = new Counts();
  readonly #latency: LatencyFold;
  readonly #endpoints: EndpointFold;
  readonly #addresses: AddressFold;
  readonly #connections: ConnectionFold;
  readonly #sendWindows: SendWindows;
  readonly #ejections: EjectionFold | null;
  #foundEjections: FoundEjections | null = null;
  readonly #timeline = new Timeline();
  readonly #gatewayLeft = new GatewayLeft();
  /** Null: the run is judged once, at its end. */
  readonly #looks: Looks | null;
  /** Backends' answers, identified or not. */
  readonly #answers = new StatusCounts();
  /** By PHASE. */
  readonly #phases = new Float64Array(4);
  /** How the connections compared at the last time. */
  #compared: { readonly requests: number; readonly result: ConnectionsResult | null } = {
    requests: 0,
    result: null,
  };
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
    this.#connections = new ConnectionFold(expected.length);
    this.#sendWindows = new SendWindows(expected.length);
    const { ejections, labels, judge, mode, untilVerdict } = context;
    this.#looks =
      untilVerdict === undefined
        ? null
        : new Looks({
            judge,
            mode,
            slots: this.#slots,
            ...untilVerdict,
            connections: () => this.#compareConnections(),
          });
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
    const { worker, connection } = block;
    const open = this.#context.mode === 'open';
    const looks = this.#context.untilVerdict?.ordered === true ? this.#looks : null;
    this.#ejections?.add(block, shiftUs);
    for (let i = 0; i < length; i++) {
      const inPhase = phase[i] as number;
      (this.#phases[inPhase] as number)++;
      if (inPhase === PHASE.warmup) looks?.add(block, i, NONE, 0);
      if (inPhase !== PHASE.measured) continue;
      const due = dueUs[i] as number;
      const end = endUs[i] as number;
      const at = end + shiftUs;
      if (due + shiftUs < this.#firstDueUs) this.#firstDueUs = due + shiftUs;
      if (at > this.#lastEndUs) this.#lastEndUs = at;

      const label = version[i] as number;
      const slot = label === NO_LABEL ? NONE : this.#slots.slotOf(label);
      const code = outcome[i] as number;
      looks?.add(block, i, slot, elapsedUs((open ? due : sendUs[i]) as number, end));
      const answered = status[i] as number;
      const byBackend = this.#counts.add(slot, code, answered, origin[i] as number);
      this.#addresses.add(address[i] as number, slot, code);
      const sent = (sendUs[i] as number) + shiftUs;
      if (IS_RESPONSE[code] !== 1) {
        // NaN: it was never sent.
        if (!Number.isNaN(sent)) this.#sendWindows.add(sent, NONE);
        if (IS_UNCONNECTED[code] === 1) this.#gatewayLeft.unconnected(due + shiftUs);
        this.#timeline.add(slot, at, code, answered, origin[i] as number, -1);
        continue;
      }
      this.#gatewayLeft.answered(due + shiftUs);
      this.#sendWindows.add(sent, slot);
      if (slot !== NONE) {
        const from = worker[i] as number;
        this.#connections.add(address[i] as number, from, connection[i] as number, slot, sent);
      }

      const service = elapsedUs(sendUs[i] as number, end);
      const response = open ? elapsedUs(due, end) : service;
      if (!byBackend) {
        this.#latency.addReply(service, response);
        this.#timeline.add(slot, at, code, answered, origin[i] as number, -1);
        continue;
      }
      this.#latency.add(slot, service, response);
      this.#answers.add(answered);
      this.#endpoints.add(slot, endpoint[i] as number, answered);
      this.#timeline.add(slot, at, code, answered, origin[i] as number, response);
    }
  }

  /** Requests of a PHASE so far. */
  requestsIn(phase: number): number {
    return this.#phases[phase] as number;
  }

  /** Of a run until its verdict: whether that is known. */
  get isDecided(): boolean {
    return this.#looks?.decided != null;
  }

  /** Of a run until its verdict: how many measured requests may be sent in all. */
  get allowedRequests(): number {
    return this.#looks?.allowed ?? Number.POSITIVE_INFINITY;
  }

  /** Until the verdict: after how many requests connections are to be closed from now on; null: as planned. */
  get requestsPerConnection(): number | null {
    const { untilVerdict } = this.#context;
    return untilVerdict?.renews === true && this.#looks?.wantsConnections === true ? RENEW_AFTER : null;
  }

  /** The counts so far, for the progress line. */
  live(): LiveCounts {
    return liveCounts({ ...this.#judgedTotals(), judge: this.#context.judge }, this.#sumBefore());
  }

  /** Figures and checks so far. */
  soFar(): SoFar {
    this.#compareNow();
    const totals = { ...this.#judgedTotals(), timeline: this.#timeline };
    return soFar(totals, this.#compared.result, this.#ejections?.soFar() ?? null);
  }

  /** Compares connections when the requests have doubled: it takes longer than all other figures. */
  #compareNow(): void {
    const measured = this.requestsIn(PHASE.measured);
    if (measured < 2 * this.#compared.requests) return;
    this.#compared = { requests: measured, result: this.#compareConnections() };
  }

  /**
   * The result over all blocks added.
   *
   * @throws Error when the blocks do not account for `info.scheduled` requests: an error of this program
   */
  result(info: RunInfo): RunResult {
    return runResult(
      {
        ...this.#judgedTotals(),
        endpoints: this.#endpoints,
        addresses: this.#addresses,
        sendWindows: this.#sendWindows,
        timeline: this.#timeline,
        answers: this.#answers,
        gatewayLeft: this.#gatewayLeft.left,
        phases: this.#phases,
        spanUs: [this.#firstDueUs, this.#lastEndUs],
        ejections: this.#found(),
      },
      info,
    );
  }

  /** End of the last measured request so far, ms on the run clock; 0 before there is one. */
  get endMs(): number {
    return Math.max(0, this.#lastEndUs / 1000);
  }

  /** Found in all blocks; none must be added afterwards. Null when ejections are not looked for. */
  ejections(): EjectionsResult | null {
    return this.#found()?.result ?? null;
  }

  #judgedTotals(): JudgedTotals {
    return {
      context: this.#context,
      slots: this.#slots,
      counts: this.#counts,
      latency: this.#latency,
      connections: this.#connections,
      looks: this.#looks,
    };
  }

  #found(): FoundEjections | null {
    this.#foundEjections ??= this.#ejections?.found() ?? null;
    return this.#foundEjections;
  }

  /** Null: nothing can be compared. */
  #compareConnections(): ConnectionsResult | null {
    const { untilVerdict, ejections } = this.#context;
    const lanes = ejections === null ? 1 : ejections.load.connections * ejections.load.streams;
    const inFlight = untilVerdict?.inFlight ?? lanes;
    return this.#connections.result(sendOrder(this.#sendWindows, inFlight));
  }

  #sumBefore(): number {
    return this.#phases.reduce((sum, count, phase) => (phase === PHASE.measured ? sum : sum + count), 0);
  }
}
