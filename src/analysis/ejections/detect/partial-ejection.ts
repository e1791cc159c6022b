/**
 * An endpoint's loss of a part of its traffic after 5xx of its own, slice of time by slice: some of several gateways
 * ejected it. Other things take a part of an endpoint's traffic as well, so it is only told where
 * - it began within the time that an ejection takes to have effect,
 * - requests whose endpoint is not known cannot have been its own,
 * - its answers do not take longer than before: balancers that look at requests under way give less to a slow one.
 */

import type { FailureState } from './failure-streak.js';
import { type Fall, FallWatch } from './traffic-drop.js';
import type { Member } from './traffic-share.js';
import { HANDOVER_US, MERGE_WINDOW_US } from './window-bounds.js';

/** A loss that a row of 5xx explains begins so much later at the most; a slice is added. */
const BEGINS_WITHIN_US = MERGE_WINDOW_US + HANDOVER_US + 100_000;
/** No ejection is shorter, and in less a burst of requests may pass an endpoint by. */
const MIN_US = 300_000;
/** Slices without a request to the endpoint that are kept one by one. */
const MAX_PENDING = 128;
/** Answers that take so many times as long as before are slow. */
const SLOWER = 1.5;
const SLOWER_BY_US = 1_000;

/** What the version was sent in a slice of time, and how much of it may have been the endpoint's. */
interface Slice {
  requests: number;
  mayBeOwn: number;
  untilUs: number;
}

/** A loss with what led to it. */
export interface Loss {
  readonly fall: Fall;
  readonly cause: FailureState;
}

export class LossWatch {
  readonly #member: Member;
  #fall: FallWatch | null = null;
  #cause: FailureState | null = null;
  /** A loss that begins later has another cause. */
  #beginsByUs = 0;
  #answersBefore = { us: 0, sumUs: 0, count: 0 };
  /** Slices since its last request: they may turn out to be an absence as a whole. */
  #pending: Slice[] = [];
  /** When the last slice ended: requests of the version, in doubt, and its own. */
  #n = 0;
  #doubts = 0;
  #sent = 0;

  constructor(member: Member) {
    this.#member = member;
  }

  /** 5xx in a row that can have ejected it; the gateway may have decided by any of them. */
  causedBy(cause: FailureState): void {
    this.#watchFor(cause, cause.trigger?.boundsUs[0] ?? cause.firstSendUs, cause.lastSeenUs);
  }

  /** It is back after an absence: other gateways may put it back later. */
  backAfter(cause: FailureState, backUs: number): void {
    this.#watchFor(cause, backUs, backUs);
  }

  /** For a loss that began between these. While one goes on it keeps its cause. */
  #watchFor(cause: FailureState, sinceUs: number, untilUs: number): void {
    if (this.#fall !== null && !this.#fall.idle) return;
    const { share, leastShare, answers } = this.#member;
    if (leastShare <= 0) return;
    this.#fall = new FallWatch(sinceUs, { likely: share, least: leastShare });
    this.#cause = cause;
    this.#beginsByUs = untilUs + BEGINS_WITHIN_US;
    this.#answersBefore = { us: answers.recentUs, sumUs: answers.sumUs, count: answers.count };
  }

  /**
   * A slice of time is over.
   *
   * @param n requests of the version so far whose endpoint is known
   * @param doubts requests so far whose endpoint is not
   * @param present how many endpoints of the version are sent requests; asked for only where it matters
   * @returns a loss that is over, or null
   */
  slice(n: number, doubts: number, present: () => number, untilUs: number): Loss | null {
    if (this.#fall === null) {
      this.skipTo(n, doubts);
      return null;
    }
    const own = this.#member.sent - this.#sent;
    const unknown = doubts - this.#doubts;
    // What came after its last request waits for its next.
    const upTo = own === 0 ? n : this.#member.lastHitN;
    const requests = upTo - this.#n + unknown;
    this.#n = upTo;
    this.#doubts = doubts;
    this.#sent = this.#member.sent;
    this.#wait({ requests, mayBeOwn: own + unknown, untilUs });
    if (own === 0) return null;
    const most = 1 / present();
    for (const slice of this.#pending.splice(0)) {
      const fall = this.#fall.add(
        slice.requests,
        Math.min(slice.requests, slice.mayBeOwn),
        most,
        slice.untilUs,
      );
      if (fall === null) continue;
      return this.#end(fall);
    }
    if (this.#fall.idle && untilUs > this.#beginsByUs) this.#fall = null;
    return null;
  }

  /** It turned out to be absent as a whole: what was lost before that, if anything. `n`, `doubts`: as in `slice`. */
  absent(n: number, doubts: number): Loss | null {
    const fall = this.#fall?.open(this.#member.lastSendUs) ?? null;
    this.skipTo(n, doubts);
    return fall === null ? this.#forget() : this.#end(fall);
  }

  /** At the end of the run. */
  finish(): Loss | null {
    const fall = this.#fall?.open(null) ?? null;
    return fall === null ? null : this.#end(fall);
  }

  /** What was before is not looked at: the endpoint is new, or was absent as a whole. `n`, `doubts`: as in `slice`. */
  skipTo(n: number, doubts: number): void {
    this.#n = n;
    this.#doubts = doubts;
    this.#sent = this.#member.sent;
    this.#pending = [];
  }

  #end(fall: Fall): Loss | null {
    const cause = this.#cause;
    const began = fall.startBoundsUs[0] <= this.#beginsByUs;
    const lasted = (fall.endBoundsUs?.[0] ?? this.#member.lastSeenUs) - fall.startBoundsUs[1] >= MIN_US;
    const slow = this.#isSlow();
    this.#forget();
    return cause === null || !began || !lasted || slow ? null : { fall, cause };
  }

  #forget(): null {
    this.#fall = null;
    this.#cause = null;
    this.#pending = [];
    return null;
  }

  #wait(slice: Slice): void {
    const last = this.#pending.at(-1);
    if (last === undefined || this.#pending.length < MAX_PENDING) {
      this.#pending.push(slice);
      return;
    }
    last.requests += slice.requests;
    last.mayBeOwn += slice.mayBeOwn;
    last.untilUs = slice.untilUs;
  }

  /** Whether its answers took longer since than before. */
  #isSlow(): boolean {
    const { sumUs, count } = this.#member.answers;
    const { us, sumUs: sumBefore, count: countBefore } = this.#answersBefore;
    const since = count - countBefore;
    return since > 0 && (sumUs - sumBefore) / since > us * SLOWER + SLOWER_BY_US;
  }
}
