/**
 * Is an endpoint absent: sent nothing, while the version's other endpoints got so many requests that chance would
 * hardly leave it out? docs/ejections.md has the figures.
 */
import type { EjectionRule } from '../../../plan/plan.js';
import type { AbsenceKind } from '../result.js';
import type { EndpointState } from './endpoint-state.js';
import { isCause, isWholeCause } from './endpoint-streaks.js';
import { FailureStreak, type StreakState } from './failure-streak.js';
import { CHANCE_WITHOUT_CAUSE, minShareAmong, missesNeeded, type TrafficShare } from './traffic-share.js';
import type { NoHealthySpan, VersionTraffic } from './version-traffic.js';

/** With two endpoints of equal share, fewer misses are never an absence. */
const MIN_MISSED = 19;

export class AbsenceTest {
  readonly #version: VersionTraffic;
  readonly #rule: EjectionRule | null;

  constructor(version: VersionTraffic, rule: EjectionRule | null) {
    this.#version = version;
    this.#rule = rule;
  }

  /** The kind of the endpoint's absence; null: it is not absent, as far as is known. */
  kindOf(endpoint: EndpointState): AbsenceKind | null {
    const { traffic } = endpoint;
    if (endpoint.certainKind !== null) return endpoint.certainKind;
    if (traffic.inFlight > 0) return null;
    if (this.noHealthySpanSince(traffic) !== null) return this.#reason(endpoint);
    const { sends, unknown } = this.#version;
    const missed = sends.n - Math.max(traffic.idleSinceN, unknown.lastSentN);
    if (missed < MIN_MISSED || !traffic.mayBeAbsent(missed)) return null;
    this.noteMissed(endpoint);
    const kind = this.#reason(endpoint);
    const hasCause = kind === 'ejected';
    const others = this.#othersSentSince(traffic);
    // Requests to an unknown endpoint that are in flight may be this endpoint's.
    const missedWhileIdle = sends.n - Math.max(traffic.idleSinceN, unknown.idleSinceN);
    const isAbsent =
      (unknown.inFlight === 0 && traffic.isAbsent(missedWhileIdle, others, false, hasCause)) ||
      traffic.isAbsent(missed, others, true, hasCause);
    return isAbsent ? kind : null;
  }

  /** Before a request to an unknown endpoint: whether the endpoint was absent until now, as later nobody can say. */
  noteCertain(endpoint: EndpointState): void {
    endpoint.certainKind ??= this.kindOf(endpoint);
    if (endpoint.certainKind === null || !Number.isNaN(endpoint.certainUntilUs)) return;
    this.noteMissed(endpoint);
    endpoint.certainUntilUs = this.surelyAbsentUs(endpoint);
  }

  /** Notes when the endpoint would have been sent its next request, once that is over. */
  noteMissed(endpoint: EndpointState): void {
    const { traffic } = endpoint;
    if (!Number.isNaN(endpoint.missedUs) || traffic.inFlight > 0) return;
    const { sends, unknown } = this.#version;
    const since = Math.max(traffic.idleSinceN, unknown.lastSentN);
    const until = this.#requestsUntilMissed(endpoint);
    if (sends.n - since < until) return;
    endpoint.missedUs = sends.seenOf(since + until);
    endpoint.unknownStreak = this.#unknownCauseOf(endpoint);
  }

  /**
   * The last moment at which the endpoint was certainly not in rotation; NaN: not known. Of requests in flight it is not
   * known in which order the gateway sent them on.
   */
  surelyAbsentUs(endpoint: EndpointState): number {
    const { sends } = this.#version;
    return sends.sendOf(sends.n - sends.inFlight - this.#requestsUntilMissed(endpoint) + 1);
  }

  /**
   * Whether an endpoint that answers for the first time was out of rotation, or not there, until now: the number of the
   * last request that it would have been sent at the latest; null: it was not.
   */
  joinedAfter(): number | null {
    const { sends, unknown, size } = this.#version;
    // An earlier request to an unknown endpoint may have been this endpoint's.
    if (size <= 1 || unknown.lastSentN > 0) return null;
    const share = minShareAmong(size);
    if (sends.n <= missesNeeded(share, CHANCE_WITHOUT_CAUSE)) return null;
    return sends.n - Math.ceil(missesNeeded(share));
  }

  /** Endpoints that are sent requests at the time, the given one included. */
  present(endpoint: EndpointState): number {
    const { sends, endpoints } = this.#version;
    let present = 0;
    for (const other of endpoints.values()) {
      const { traffic } = other;
      const isPresent =
        other === endpoint ||
        traffic.inFlight > 0 ||
        sends.n - traffic.lastSentN < this.#requestsUntilMissed(other);
      if (isPresent) present += 1;
    }
    return present;
  }

  /** The time without healthy endpoints that followed the endpoint's last request; null: none did. */
  noHealthySpanSince({ lastSendUs }: TrafficShare): NoHealthySpan | null {
    const { noHealthySpan } = this.#version;
    return noHealthySpan !== null && noHealthySpan.firstSendUs > lastSendUs ? noHealthySpan : null;
  }

  #requestsUntilMissed({ traffic }: EndpointState): number {
    return traffic.requestsUntilMissed(this.#version.turns, this.#version.size);
  }

  #othersSentSince({ lastSentN }: TrafficShare): number {
    let others = 0;
    for (const { traffic } of this.#version.endpoints.values())
      if (traffic.lastSentN > lastSentN) others += 1;
    return others;
  }

  #reason(endpoint: EndpointState): AbsenceKind {
    if (isCause(endpoint.streaks.current) || endpoint.endedCauses().length > 0) return 'ejected';
    if (endpoint.unknownStreak !== null) return 'ejected';
    return this.#version.failures > endpoint.failuresBefore ? 'left' : 'silent';
  }

  /**
   * The 5xx without an endpoint since the endpoint's last answer and before it was missed, if they can have ejected it.
   * Which of them filled the count is not known, since others' may be among them.
   */
  #unknownCauseOf({ traffic, streaks, missedUs }: EndpointState): StreakState | null {
    if (streaks.current.consecutive > 0) return null;
    const streak = new FailureStreak(this.#rule);
    for (const { status, sendUs, seenUs } of this.#version.unknown.failures) {
      if (seenUs > traffic.lastSeenUs && sendUs <= missedUs) streak.failed(status, sendUs, seenUs, 0);
    }
    return isWholeCause(streak) ? { ...streak.state(), trigger: null } : null;
  }
}
