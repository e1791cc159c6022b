/**
 * Decides whether an endpoint is absent: it is sent nothing, while the version's other endpoints get so many requests that
 * this is too unlikely by chance. docs/ejections.md has the figures.
 */
import type { EjectionRule } from '../../../plan/plan.js';
import type { AbsenceKind } from '../result.js';
import type { EndpointState } from './endpoint-state.js';
import { isCause, isWholeCause } from './endpoint-streaks.js';
import { FailureStreak, type StreakState } from './failure-streak.js';
import { CHANCE_WITHOUT_CAUSE, minShareAmong, missesNeeded, type TrafficShare } from './traffic-share.js';
import type { NoHealthySpan, VersionTraffic } from './version-traffic.js';

/** With two endpoints of equal share, so many requests must go elsewhere before there can be an absence. */
const MIN_MISSED = 19;

export class AbsenceTest {
  readonly #version: VersionTraffic;
  readonly #rule: EjectionRule | null;

  constructor(version: VersionTraffic, rule: EjectionRule | null) {
    this.#version = version;
    this.#rule = rule;
  }

  /** The kind of the endpoint's absence; null: no absence is known. */
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

  /** Call it before a request to an unknown endpoint: notes whether the endpoint is absent now, since later this is uncertain. */
  noteCertain(endpoint: EndpointState): void {
    endpoint.certainKind ??= this.kindOf(endpoint);
    if (endpoint.certainKind === null || !Number.isNaN(endpoint.certainUntilUs)) return;
    this.noteMissed(endpoint);
    endpoint.certainUntilUs = this.surelyAbsentUs(endpoint);
  }

  /** Notes when the endpoint would have been sent its next request, once that time has passed. */
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
   * The last moment at which the endpoint was certainly not in rotation; NaN: not known. Requests in flight do not count,
   * since the order in which the gateway forwarded them is not known.
   */
  surelyAbsentUs(endpoint: EndpointState): number {
    const { sends } = this.#version;
    return sends.sendOf(sends.n - sends.inFlight - this.#requestsUntilMissed(endpoint) + 1);
  }

  /**
   * Whether an endpoint that answers for the first time was out of rotation, or did not exist, until now. Returns the number
   * of the last request at which it certainly was not in rotation; null: it may always have been in rotation.
   */
  joinedAfter(): number | null {
    const { sends, unknown, size } = this.#version;
    // An earlier request to an unknown endpoint may have been this endpoint's.
    if (size <= 1 || unknown.lastSentN > 0) return null;
    const share = minShareAmong(size);
    if (sends.n <= missesNeeded(share, CHANCE_WITHOUT_CAUSE)) return null;
    return sends.n - Math.ceil(missesNeeded(share));
  }

  /** How many endpoints are sent requests now, including the given one. */
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
   * The 5xx without an endpoint between the endpoint's last answer and the first request that it missed, if they can have
   * ejected it. Which of them filled the count is not known, since some may be other endpoints'.
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
