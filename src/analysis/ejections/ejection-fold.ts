/**
 * Finds which endpoints were ejected, when and for how long. Takes sample blocks as they come; {@link SendOrder} brings
 * their rows into order (order/), the watches of detect/ find windows in that order, and rules/ compares them with
 * ejection rules.
 */

import { type LabelTables, NO_LABEL, PHASE, type SampleBlock } from '../../blocks/sample-block.js';
import type { EjectionRule } from '../../plan/plan.js';
import { countedTogether, maxOut, ruleFor } from '../../plan/policy/ejection-rule.js';
import { NONE, type VersionSlots } from '../version-slots.js';
import type { DetectedWindow } from './detect/detected-window.js';
import { ErrorBursts, OverflowBursts } from './detect/error-bursts.js';
import { RouteWatch } from './detect/route-watch.js';
import { VersionWatch } from './detect/version-watch.js';
import { type BoundedWindow, withBounds } from './detect/window-bounds.js';
import { type FoundEjections, foundEjections, sortedWindows } from './ejections-result.js';
import { EndpointLabels } from './endpoint-labels.js';
import { EndpointTimeline } from './endpoint-timeline.js';
import type { EjectionFindings } from './findings.js';
import { FATE, fateOf, NOT_SENT, reachedEndpoint } from './order/fate.js';
import { type OrderedReader, SendOrder } from './order/send-order.js';
import type { SentRows } from './order/sent-rows.js';
import type { EjectionsResult, EjectionWindow } from './result.js';

/** What the fold needs to know before the first block. */
export interface EjectionContext {
  readonly labels: LabelTables;
  readonly rules: readonly EjectionRule[];
  /** Time-out of requests, ms: they take hardly longer. */
  readonly timeoutMs: number;
}

/** Windows that are told while a run goes on, besides those that have not ended: more take too long to compare. */
const MAX_SO_FAR = 200;

/** What is known of ejections while a run goes on. */
export interface EjectionsSoFar {
  /** Not compared with rules. An `endMs` of null: it is still out. */
  readonly windows: readonly EjectionWindow[];
  /** How many earlier ones are not among them. */
  readonly earlier: number;
  /** What was sent after this time, ms on the run clock, is not looked at yet: slower answers may be missing. */
  readonly untilMs: number;
}

export class EjectionFold implements OrderedReader {
  readonly #context: EjectionContext;
  readonly #versions: VersionSlots;
  readonly #endpoints: EndpointLabels;
  readonly #order: SendOrder;
  readonly #route = new RouteWatch();
  /** Watches of versions whose responses name endpoints, by slot. */
  readonly #watches = new Map<number, VersionWatch>();
  readonly #errors = new Map<number, ErrorBursts>();
  readonly #overflows = new Map<number, OverflowBursts>();
  readonly #timeline = new EndpointTimeline();
  #requests = 0;
  #firstSendUs = Number.POSITIVE_INFINITY;
  #lastSendUs = Number.NEGATIVE_INFINITY;
  #lastSeenUs = Number.NEGATIVE_INFINITY;

  /** @param slots versions of the fold that this one belongs to */
  constructor(context: EjectionContext, slots: VersionSlots) {
    this.#context = context;
    this.#versions = slots;
    this.#endpoints = new EndpointLabels(context.labels.endpoints);
    this.#order = new SendOrder(this, context.timeoutMs);
  }

  /**
   * Takes the measured rows of a block. The block is not kept.
   *
   * @param shiftUs when the block's run began, on the clock of all runs that are folded together
   */
  add(block: SampleBlock, shiftUs: number): void {
    const { sendUs, firstByteUs, endUs, status, version, endpoint, outcome, origin, phase, length } = block;
    const slots = this.#versions;
    for (let row = 0; row < length; row += 1) {
      if (phase[row] !== PHASE.measured) continue;
      const label = this.#endpoints.canonical(endpoint[row] as number);
      const fate = fateOf(outcome[row] as number, origin[row] as number, label);
      const sentUs = sendUs[row] as number;
      if (fate === NOT_SENT || Number.isNaN(sentUs)) continue;
      const firstUs = firstByteUs[row] as number;
      const seenUs = Number.isNaN(firstUs) ? (endUs[row] as number) : firstUs;
      const slot = this.#endpoints.versionOf(slots.slotOf(version[row] as number), label);
      this.#order.add(sentUs + shiftUs, seenUs + shiftUs, slot, label, status[row] as number, fate);
    }
    if (length > 0) this.#order.advance((endUs[0] as number) + shiftUs);
  }

  sent(rows: SentRows, row: number): void {
    const fate = rows.fate[row] as number;
    const slot = rows.slot[row] as number;
    const sendUs = rows.sendUs[row] as number;
    const seenUs = rows.seenUs[row] as number;
    this.#requests += 1;
    if (sendUs < this.#firstSendUs) this.#firstSendUs = sendUs;
    if (sendUs > this.#lastSendUs) this.#lastSendUs = sendUs;
    const answered = fate === FATE.answer;
    if (answered && slot !== NONE) {
      const span = this.#route.answered(slot, sendUs);
      if (span !== null) this.#watches.get(slot)?.foundNoHealthySpan(span);
    } else {
      this.#route.notAnswered(fate, slot === NONE ? null : slot, sendUs, seenUs);
    }
    if (!reachedEndpoint(fate)) return;
    const label = rows.endpoint[row] as number;
    if (label === NO_LABEL) for (const watch of this.#watchesOf(slot)) watch.sentToUnknown(!answered);
    else this.#watch(slot).sent(label, sendUs, seenUs);
  }

  seen(rows: SentRows, row: number): void {
    const fate = rows.fate[row] as number;
    const slot = rows.slot[row] as number;
    const sendUs = rows.sendUs[row] as number;
    const seenUs = rows.seenUs[row] as number;
    const status = rows.status[row] as number;
    if (seenUs > this.#lastSeenUs) this.#lastSeenUs = seenUs;
    this.#countOverflow(fate, slot, seenUs);
    const answered = fate === FATE.answer;
    if (answered && slot !== NONE) {
      this.#route.answerSeen(slot, seenUs);
      this.#countError(slot, status, sendUs, seenUs);
    }
    if (!reachedEndpoint(fate)) return;
    const label = rows.endpoint[row] as number;
    if (label === NO_LABEL) {
      const known = answered ? status : 0;
      for (const watch of this.#watchesOf(slot)) watch.seenFromUnknown(known, sendUs, seenUs);
      return;
    }
    this.#watch(slot).seen(label, status, answered, sendUs, seenUs);
    this.#timeline.add(slot, label, seenUs, status >= 500);
  }

  sliceDone(untilUs: number): void {
    for (const watch of this.#watches.values()) watch.sliceDone(untilUs);
  }

  /** The result over all blocks added; ends the fold. */
  result(): EjectionsResult {
    return this.found().result;
  }

  /** The same, with a way to compare other windows with the rules. */
  found(): FoundEjections {
    this.#order.finish();
    for (const [slot, span] of this.#route.finish()) this.#watches.get(slot)?.foundNoHealthySpan(span);
    // If some responses name a version, those without a version do not form one.
    if (this.#watches.size > 1) this.#watches.delete(NONE);
    for (const watch of this.#watches.values()) watch.finish();
    for (const errors of this.#errors.values()) errors.finish();
    for (const overflows of this.#overflows.values()) overflows.finish(this.#lastSeenUs);
    return foundEjections(this.#findings(this.#watches, (watch) => watch.windows));
  }

  /** Windows up to the time for which all answers are known, of endpoints that are still out too. More blocks may follow. */
  soFar(): EjectionsSoFar {
    const named = [...this.#watches].filter(([slot]) => slot !== NONE || this.#watches.size === 1);
    const last = Math.ceil(MAX_SO_FAR / Math.max(1, named.length));
    const findings = this.#findings(new Map(named), (watch) => watch.windowsSoFar(last));
    return {
      windows: sortedWindows(findings),
      earlier: named.reduce((sum, [, { windows }]) => sum + Math.max(0, windows.length - last), 0),
      untilMs: this.#order.doneMs,
    };
  }

  #findings(
    watches: ReadonlyMap<number, VersionWatch>,
    windowsOf: (watch: VersionWatch) => readonly DetectedWindow[],
  ): EjectionFindings {
    const windows = new Map<number, BoundedWindow[]>();
    for (const group of groupsOf(watches.values())) {
      const [only] = group.length === 1 ? group : [];
      const bounded = withBounds(group.flatMap(windowsOf), only === undefined ? null : this.#maxOut(only));
      for (const { slot } of group) {
        windows.set(
          slot,
          bounded.filter(({ detected }) => detected.slot === slot),
        );
      }
    }
    return {
      names: this.#versions.names,
      endpoints: this.#context.labels.endpoints,
      rules: this.#context.rules,
      watches,
      windows,
      outages: this.#route.outages,
      errors: this.#errors,
      overflows: this.#overflows,
      timeline: this.#timeline,
      requests: this.#requests,
      spanMs: Math.max(0, (this.#lastSendUs - this.#firstSendUs) / 1000),
      late: this.#order.late,
    };
  }

  /** How many endpoints of the version its rule allows out at once; null if some ejections may be too short to be seen. */
  #maxOut({ rule, size, requests, missesNeeded }: VersionWatch): number | null {
    if (rule === null || missesNeeded === 0) return null;
    const spanMs = (this.#lastSendUs - this.#firstSendUs) / 1000;
    // Absences of half the base ejection time must be visible.
    if ((missesNeeded * spanMs) / requests > rule.baseEjectionTimeMs / 2) return null;
    return maxOut(rule.endpoints ?? size, rule);
  }

  #watch(slot: number): VersionWatch {
    let watch = this.#watches.get(slot);
    if (watch === undefined) {
      watch = new VersionWatch(slot, ruleFor(this.#context.rules, this.#versions.names[slot] as string));
      this.#watches.set(slot, watch);
    }
    return watch;
  }

  /** What is told of a request whose endpoint is unknown: the version's watch; all watches if the version is unknown too. */
  #watchesOf(slot: number): Iterable<VersionWatch> {
    if (slot === NONE) return this.#watches.values();
    const watch = this.#watches.get(slot);
    return watch === undefined ? [] : [watch];
  }

  #countError(slot: number, status: number, sendUs: number, seenUs: number): void {
    let bursts = this.#errors.get(slot);
    if (bursts === undefined) {
      bursts = new ErrorBursts();
      this.#errors.set(slot, bursts);
    }
    if (status >= 500) bursts.failed(sendUs, seenUs);
    else bursts.good(sendUs, seenUs);
  }

  #countOverflow(fate: number, slot: number, seenUs: number): void {
    if (fate === FATE.overflow) {
      let bursts = this.#overflows.get(slot);
      if (bursts === undefined) {
        bursts = new OverflowBursts();
        this.#overflows.set(slot, bursts);
      }
      bursts.refused(seenUs);
    } else if (this.#overflows.size > 0) {
      this.#overflows.get(slot)?.passed(seenUs);
      if (slot !== NONE) this.#overflows.get(NONE)?.passed(seenUs);
    }
  }
}

/** The watches in groups: the gateway counts the endpoints of a group together, and merges changes among them. */
function groupsOf(watches: Iterable<VersionWatch>): VersionWatch[][] {
  const groups: VersionWatch[][] = [];
  for (const watch of watches) {
    const group = groups.find(([first]) => countedTogether((first as VersionWatch).rule, watch.rule));
    if (group === undefined) groups.push([watch]);
    else group.push(watch);
  }
  return groups;
}
