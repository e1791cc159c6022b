/**
 * Who was taken out of rotation, when and for how long: folded over sample blocks. Blocks are taken as they come;
 * {@link SendOrder} puts their rows in the order of what happened, and the watches read them in that order.
 */

import { type LabelTables, NO_LABEL, PHASE, type SampleBlock } from '../../blocks/sample-block.js';
import type { EjectionRule } from '../../plan/plan.js';
import { mostOut, ruleFor } from '../../plan/policy/ejection-rule.js';
import { NONE, type VersionSlots } from '../version-slots.js';
import { ErrorBursts, RefusalBursts } from './detect/error-bursts.js';
import { RouteWatch } from './detect/route-watch.js';
import { type Outage, VersionWatch } from './detect/version-watch.js';
import { type BoundedWindow, bounded } from './detect/window-bounds.js';
import { Slices } from './endpoint-timeline.js';
import { ejectionsResult, type Found } from './findings.js';
import { type OrderedReader, SendOrder } from './order/send-order.js';
import { type SentRows, UNSENT, WHAT, whatOf } from './order/sent-rows.js';
import type { EjectionsResult } from './result.js';

/** What is known before the first block. */
export interface EjectionContext {
  readonly labels: LabelTables;
  readonly rules: readonly EjectionRule[];
  /** No request takes longer than this and a little. */
  readonly timeoutMs: number;
}

/** An endpoint of several versions. */
const AMBIGUOUS = -1;

export class EjectionFold implements OrderedReader {
  readonly #context: EjectionContext;
  readonly #versions: VersionSlots;
  readonly #order: SendOrder;
  readonly #route = new RouteWatch();
  /** By slot: versions whose responses tell endpoints. */
  readonly #watches = new Map<number, VersionWatch>();
  readonly #errors = new Map<number, ErrorBursts>();
  readonly #refusals = new Map<number, RefusalBursts>();
  readonly #slices = new Slices();
  /** By endpoint label: the first label that says the same, but for upper and lower case. */
  readonly #sameAs: number[] = [];
  readonly #byName = new Map<string, number>();
  /** By endpoint label: the slot of its version, AMBIGUOUS if several have it. */
  readonly #ownerOf: (number | undefined)[] = [];
  #requests = 0;
  #firstSendUs = Number.POSITIVE_INFINITY;
  #lastSendUs = Number.NEGATIVE_INFINITY;
  #lastSeenUs = Number.NEGATIVE_INFINITY;

  /** @param slots of the fold that this is a part of */
  constructor(context: EjectionContext, slots: VersionSlots) {
    this.#context = context;
    this.#versions = slots;
    this.#order = new SendOrder(this, context.timeoutMs);
  }

  /**
   * Takes what it needs of a block.
   *
   * @param shiftUs when its run began, on the clock of what is folded together
   */
  add(block: SampleBlock, shiftUs: number): void {
    const { sendUs, firstByteUs, endUs, status, version, endpoint, outcome, origin, phase, length } = block;
    const slots = this.#versions;
    for (let row = 0; row < length; row += 1) {
      if (phase[row] !== PHASE.measured) continue;
      const label = this.#canonical(endpoint[row] as number);
      const what = whatOf(outcome[row] as number, origin[row] as number, label);
      const sentUs = sendUs[row] as number;
      if (what === UNSENT || Number.isNaN(sentUs)) continue;
      const firstUs = firstByteUs[row] as number;
      const seenUs = Number.isNaN(firstUs) ? (endUs[row] as number) : firstUs;
      const slot = this.#versionOf(slots.slotOf(version[row] as number), label);
      this.#order.add(sentUs + shiftUs, seenUs + shiftUs, slot, label, status[row] as number, what);
    }
    if (length > 0) this.#order.advance((endUs[0] as number) + shiftUs);
  }

  sent(rows: SentRows, row: number): void {
    const what = rows.what[row] as number;
    const slot = rows.slot[row] as number;
    const sendUs = rows.sendUs[row] as number;
    const seenUs = rows.seenUs[row] as number;
    this.#requests += 1;
    if (sendUs < this.#firstSendUs) this.#firstSendUs = sendUs;
    if (sendUs > this.#lastSendUs) this.#lastSendUs = sendUs;
    const label = rows.endpoint[row] as number;
    let outage: Outage | null = null;
    if (what !== WHAT.answer || slot === NONE)
      this.#route.other(what, slot === NONE ? null : slot, sendUs, seenUs);
    else outage = this.#route.answered(slot, sendUs);
    if (!reachedOne(what)) return;
    if (outage !== null) this.#watches.get(slot)?.foundOut(outage);
    if (label === NO_LABEL) this.#inDoubt(slot, (watch) => watch.sentInDoubt(what !== WHAT.answer));
    else this.#watch(slot).sent(label, sendUs, seenUs);
  }

  seen(rows: SentRows, row: number): void {
    const what = rows.what[row] as number;
    const slot = rows.slot[row] as number;
    const sendUs = rows.sendUs[row] as number;
    const seenUs = rows.seenUs[row] as number;
    const status = rows.status[row] as number;
    if (seenUs > this.#lastSeenUs) this.#lastSeenUs = seenUs;
    this.#seeRefusal(what, slot, seenUs);
    const answered = what === WHAT.answer;
    if (answered && slot !== NONE) {
      this.#route.answerSeen(slot, seenUs);
      this.#seeError(slot, status, sendUs, seenUs);
    }
    if (!reachedOne(what)) return;
    const label = rows.endpoint[row] as number;
    if (label === NO_LABEL) {
      this.#inDoubt(slot, (watch) => watch.seenInDoubt(answered ? status : 0, sendUs, seenUs));
      return;
    }
    this.#watch(slot).seen(label, status, answered, sendUs, seenUs);
    this.#slices.add(slot, label, seenUs, status >= 500);
  }

  told(untilUs: number): void {
    for (const watch of this.#watches.values()) watch.told(untilUs);
  }

  /** The result over all blocks added; ends the fold. */
  result(): EjectionsResult {
    this.#order.finish();
    for (const [slot, outage] of this.#route.finish()) this.#watches.get(slot)?.foundOut(outage);
    // Where versions are told, what tells none is no version of its own.
    if (this.#watches.size > 1) this.#watches.delete(NONE);
    for (const watch of this.#watches.values()) watch.finish();
    for (const errors of this.#errors.values()) errors.finish();
    for (const refusals of this.#refusals.values()) refusals.finish(this.#lastSeenUs);
    const windows = new Map<number, BoundedWindow[]>();
    for (const [slot, watch] of this.#watches) {
      windows.set(slot, bounded(watch.windows, this.#mostOut(watch)));
    }
    const found: Found = {
      names: this.#versions.names,
      endpoints: this.#context.labels.endpoints,
      rules: this.#context.rules,
      watches: this.#watches,
      windows,
      gaps: this.#route.gaps,
      errors: this.#errors,
      refusals: this.#refusals,
      slices: this.#slices,
      requests: this.#requests,
      spanMs: Math.max(0, (this.#lastSendUs - this.#firstSendUs) / 1000),
      late: this.#order.late,
    };
    return ejectionsResult(found);
  }

  /** Endpoints of the version that its rule lets go at once; null unless every ejection that this allows is seen. */
  #mostOut({ rule, size, requests, missesThatTell }: VersionWatch): number | null {
    if (rule === null || missesThatTell === 0) return null;
    const spanMs = (this.#lastSendUs - this.#firstSendUs) / 1000;
    // In half of the shortest that an ejection lasts.
    if ((missesThatTell * spanMs) / requests > rule.baseEjectionTimeMs / 2) return null;
    return mostOut(rule.endpoints ?? size, rule.maxEjectionPercent);
  }

  /** Error pages may write a pod's name otherwise than its application does. */
  #canonical(label: number): number {
    if (label === NO_LABEL) return NO_LABEL;
    const { endpoints } = this.#context.labels;
    for (let next = this.#sameAs.length; next <= label; next += 1) {
      const name = (endpoints[next] ?? '').toLowerCase();
      const first = this.#byName.get(name) ?? next;
      this.#byName.set(name, first);
      this.#sameAs.push(first);
    }
    return this.#sameAs[label] as number;
  }

  /** Errors of an endpoint may tell its name and not its version. */
  #versionOf(slot: number, label: number): number {
    if (label === NO_LABEL) return slot;
    const owner = this.#ownerOf[label];
    if (slot === NONE) return owner === undefined || owner === AMBIGUOUS ? NONE : owner;
    if (owner === undefined) this.#ownerOf[label] = slot;
    else if (owner !== slot) this.#ownerOf[label] = AMBIGUOUS;
    return slot;
  }

  #watch(slot: number): VersionWatch {
    let watch = this.#watches.get(slot);
    if (watch === undefined) {
      watch = new VersionWatch(slot, ruleFor(this.#context.rules, this.#versions.names[slot] as string));
      this.#watches.set(slot, watch);
    }
    return watch;
  }

  /** For the version's endpoints; for all when the version is not known. */
  #inDoubt(slot: number, tell: (watch: VersionWatch) => void): void {
    if (slot === NONE) {
      for (const watch of this.#watches.values()) tell(watch);
      return;
    }
    const watch = this.#watches.get(slot);
    if (watch !== undefined) tell(watch);
  }

  #seeError(slot: number, status: number, sendUs: number, seenUs: number): void {
    let bursts = this.#errors.get(slot);
    if (bursts === undefined) {
      bursts = new ErrorBursts();
      this.#errors.set(slot, bursts);
    }
    if (status >= 500) bursts.failed(sendUs, seenUs);
    else bursts.good(sendUs, seenUs);
  }

  #seeRefusal(what: number, slot: number, seenUs: number): void {
    if (what === WHAT.overflow) {
      let bursts = this.#refusals.get(slot);
      if (bursts === undefined) {
        bursts = new RefusalBursts();
        this.#refusals.set(slot, bursts);
      }
      bursts.refused(seenUs);
    } else if (this.#refusals.size > 0) {
      this.#refusals.get(slot)?.passed(seenUs);
      if (slot !== NONE) this.#refusals.get(NONE)?.passed(seenUs);
    }
  }
}

/** Whether the gateway sent such a request on to an endpoint, whichever it was. */
function reachedOne(what: number): boolean {
  return what === WHAT.unreached || what === WHAT.lost || what === WHAT.answer;
}
