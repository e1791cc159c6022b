/**
 * Detects that an endpoint lost a part of its traffic after a streak: some of several gateway replicas ejected it.
 * An endpoint can lose traffic for other reasons too, so a loss counts only if
 * - it began within the time that an ejection needs to take effect,
 * - requests to an unknown endpoint cannot have been this endpoint's,
 * - its answers do not take longer than before: least-request balancers send less to a slow endpoint.
 */
import { HANDOVER_US, MERGE_WINDOW_US } from '../../envoy-timing.js';
import type { StreakState } from './failure-streak.js';
import { DropDetector, type TrafficDrop } from './traffic-drop.js';
import type { TrafficShare } from './traffic-share.js';

/** A drop that a streak explains begins at most this long after it: the delay of an ejection, and two slices. */
const MAX_DELAY_US = MERGE_WINDOW_US + HANDOVER_US + 100_000;
/** No ejection is shorter. In less time a burst of requests may miss an endpoint by chance. */
const MIN_US = 300_000;
/** At most so many slices without a request to the endpoint are kept one by one. */
const MAX_PENDING = 128;
/** Answers are slow if they take at least so many times as long as before, and at least this much longer. */
const SLOWER = 1.5;
const SLOWER_BY_US = 1_000;

/** Requests to the version in a slice of time, and how many of them may have gone to the endpoint. */
interface Slice {
  requests: number;
  maybeOwn: number;
  untilUs: number;
}

export interface PartialEjection {
  readonly drop: TrafficDrop;
  /** The streak that led to it. */
  readonly cause: StreakState;
}

export class PartialEjectionWatch {
  readonly #traffic: TrafficShare;
  #detector: DropDetector | null = null;
  #cause: StreakState | null = null;
  /** A drop that begins later has another cause. */
  #beginsByUs = 0;
  #answersBefore = { us: 0, sumUs: 0, count: 0 };
  /** Slices since its last request: the endpoint may turn out to be absent. */
  #pending: Slice[] = [];
  /** At the end of the last slice: requests of the version, those to an unknown endpoint, and the endpoint's. */
  #n = 0;
  #unknown = 0;
  #own = 0;

  constructor(traffic: TrafficShare) {
    this.#traffic = traffic;
  }

  /** The endpoint has a streak that can have ejected it, by any of its 5xx. */
  causedBy(cause: StreakState): void {
    this.#watchFor(cause, cause.trigger?.boundsUs[0] ?? cause.firstSendUs, cause.lastSeenUs);
  }

  /** The endpoint is back after an absence: other replicas may put it back later. */
  backAfter(cause: StreakState, backUs: number): void {
    this.#watchFor(cause, backUs, backUs);
  }

  /** Looks for a drop that began between these times. A drop that has begun keeps its cause. */
  #watchFor(cause: StreakState, sinceUs: number, untilUs: number): void {
    if (this.#detector !== null && !this.#detector.idle) return;
    const { share, minShare, answers } = this.#traffic;
    if (minShare <= 0) return;
    this.#detector = new DropDetector(sinceUs, { likely: share, least: minShare });
    this.#cause = cause;
    this.#beginsByUs = untilUs + MAX_DELAY_US;
    this.#answersBefore = { us: answers.recentUs, sumUs: answers.sumUs, count: answers.count };
  }

  /**
   * A slice of time is over.
   *
   * @param n requests of the version so far whose endpoint is known
   * @param unknown requests of the version so far to an unknown endpoint
   * @param present how many endpoints of the version are sent requests; called only when needed
   * @returns a partial ejection that has ended; null: none
   */
  slice(n: number, unknown: number, present: () => number, untilUs: number): PartialEjection | null {
    if (this.#detector === null) {
      this.skipTo(n, unknown);
      return null;
    }
    const own = this.#traffic.requests - this.#own;
    const unknownInSlice = unknown - this.#unknown;
    // Requests after the endpoint's last one count only when it is sent its next one: it may be absent.
    const upTo = own === 0 ? n : this.#traffic.lastSentN;
    const requests = upTo - this.#n + unknownInSlice;
    this.#n = upTo;
    this.#unknown = unknown;
    this.#own = this.#traffic.requests;
    this.#addPending({ requests, maybeOwn: own + unknownInSlice, untilUs });
    if (own === 0) return null;
    const maxShare = 1 / present();
    for (const slice of this.#pending.splice(0)) {
      const maybeOwn = Math.min(slice.requests, slice.maybeOwn);
      const drop = this.#detector.add(slice.requests, maybeOwn, maxShare, slice.untilUs);
      if (drop !== null) return this.#end(drop);
    }
    if (this.#detector.idle && untilUs > this.#beginsByUs) this.#detector = null;
    return null;
  }

  /**
   * The endpoint turned out to be absent: returns a partial ejection before that; null: none. `n`, `unknown`: as in
   * {@link slice}.
   */
  absent(n: number, unknown: number): PartialEjection | null {
    const drop = this.#detector?.open(this.#traffic.lastSendUs) ?? null;
    this.skipTo(n, unknown);
    return drop === null ? this.#forget() : this.#end(drop);
  }

  /** The run is over: returns a partial ejection that has not ended; null: none. */
  finish(): PartialEjection | null {
    const drop = this.#detector?.open(null) ?? null;
    return drop === null ? null : this.#end(drop);
  }

  /** Ignores what was before: the endpoint is new, or was absent. `n`, `unknown`: as in {@link slice}. */
  skipTo(n: number, unknown: number): void {
    this.#n = n;
    this.#unknown = unknown;
    this.#own = this.#traffic.requests;
    this.#pending = [];
  }

  #end(drop: TrafficDrop): PartialEjection | null {
    const cause = this.#cause;
    const isInTime = drop.startBoundsUs[0] <= this.#beginsByUs;
    const lastedUs = (drop.endBoundsUs?.[0] ?? this.#traffic.lastSeenUs) - drop.startBoundsUs[1];
    const isSlow = this.#isSlow();
    this.#forget();
    return cause === null || !isInTime || !(lastedUs >= MIN_US) || isSlow ? null : { drop, cause };
  }

  #forget(): null {
    this.#detector = null;
    this.#cause = null;
    this.#pending = [];
    return null;
  }

  #addPending(slice: Slice): void {
    const last = this.#pending.at(-1);
    if (last === undefined || this.#pending.length < MAX_PENDING) {
      this.#pending.push(slice);
      return;
    }
    last.requests += slice.requests;
    last.maybeOwn += slice.maybeOwn;
    last.untilUs = slice.untilUs;
  }

  /** Whether its answers take longer since the cause than before. */
  #isSlow(): boolean {
    const { sumUs, count } = this.#traffic.answers;
    const { us, sumUs: sumBefore, count: countBefore } = this.#answersBefore;
    const since = count - countBefore;
    return since > 0 && (sumUs - sumBefore) / since > us * SLOWER + SLOWER_BY_US;
  }
}
