/** Watches the endpoints of one version request by request, and keeps the windows and streaks that it finds. */
import type { EjectionRule } from '../../../plan/plan.js';
import { countedStatus } from '../../../plan/policy/counted-status.js';
import type { AbsenceKind } from '../result.js';
import { AbsenceTest } from './absence-test.js';
import { absenceWindow, type DetectedWindow, joinedWindow, partialWindow } from './detected-window.js';
import { EndpointState } from './endpoint-state.js';
import { type EndedStreak, isCause } from './endpoint-streaks.js';
import type { PartialEjection } from './partial-ejection.js';
import { missesNeeded } from './traffic-share.js';
import { type NoHealthySpan, VersionTraffic } from './version-traffic.js';

/** At most so many endpoints of a version are watched, since a server can send any number of names. */
const MAX_ENDPOINTS = 1024;
/** At most so many windows and streaks of a version are kept. */
const MAX_FOUND = 4096;

export class VersionWatch {
  readonly windows: DetectedWindow[] = [];
  readonly streaks: EndedStreak[] = [];
  /** Windows and streaks that were found and not kept. */
  dropped = 0;
  /** Answers of backends that named no endpoint. */
  withoutEndpoint = 0;
  readonly #version = new VersionTraffic();
  readonly #absence: AbsenceTest;

  constructor(
    /** Slot of the version. */
    readonly slot: number,
    readonly rule: EjectionRule | null,
  ) {
    this.#absence = new AbsenceTest(this.#version, rule);
  }

  /** Endpoints that answered. */
  get size(): number {
    return this.#version.size;
  }

  /** Requests whose endpoint is known. */
  get requests(): number {
    return this.#version.sends.n;
  }

  /** After so many requests of the version an absent endpoint is certainly missed; 0: with fewer than two, never. */
  get missesNeeded(): number {
    return this.size < 2 ? 0 : Math.ceil(missesNeeded(1 / this.size));
  }

  /** Takes a request to an endpoint. `seenUs`: when its response will be seen. */
  sent(label: number, sendUs: number, seenUs: number): void {
    const { endpoints, sends, turns } = this.#version;
    let endpoint = endpoints.get(label);
    if (endpoint === undefined) {
      if (endpoints.size >= MAX_ENDPOINTS) return;
      endpoint = new EndpointState(label, this.rule);
      endpoints.set(label, endpoint);
      this.#join(endpoint, sendUs, seenUs);
      return;
    }
    const kind = this.#absence.kindOf(endpoint);
    if (kind !== null) this.#endAbsence(endpoint, kind, { sendUs, seenUs });
    sends.add(sendUs, seenUs);
    endpoint.traffic.sent(sends.n, sendUs, kind !== null, turns, endpoints.size);
    endpoint.present(this.#version.failures);
  }

  /** @param answered false: the gateway's local reply says that the endpoint did not answer */
  seen(label: number, status: number, answered: boolean, sendUs: number, seenUs: number): void {
    const version = this.#version;
    const endpoint = version.endpoints.get(label);
    if (endpoint === undefined) return;
    const { traffic, streaks, partial } = endpoint;
    version.sends.inFlight -= 1;
    traffic.seen(version.sends.n, seenUs);
    // Envoy counts failures to connect as 5xx, or apart from them; then they neither extend nor end a streak.
    if (!answered && (this.rule?.consecutiveLocalOriginFailures ?? null) !== null) {
      version.failures += 1;
      return;
    }
    const { current } = streaks;
    // The gateway's own replies count whatever the error codes are.
    const counted = answered ? countedStatus(status, this.rule?.errorCodes ?? null) : status;
    if (counted >= 500) {
      current.failed(status, sendUs, seenUs, traffic.inFlight);
      return;
    }
    traffic.answers.add(seenUs - sendUs);
    if (current.consecutive > 0) {
      if (isCause(current)) partial.causedBy(current.state());
      this.#keepStreak(streaks.end('answer'));
    }
    current.good(sendUs, seenUs);
  }

  /** Takes a request to an unknown endpoint. `failed`: no backend answered it. */
  sentToUnknown(failed: boolean): void {
    const { endpoints, unknown, sends } = this.#version;
    for (const endpoint of endpoints.values()) this.#absence.noteCertain(endpoint);
    unknown.sent(sends.n);
    if (failed) this.#version.failures += 1;
    else this.withoutEndpoint += 1;
  }

  /** @param status of an answer that named no endpoint; 0 without an answer */
  seenFromUnknown(status: number, sendUs: number, seenUs: number): void {
    const { sends, unknown } = this.#version;
    // Requests that were sent before the version was first seen were not counted as sent to it.
    if (!(sendUs >= sends.firstSendUs) || unknown.inFlight === 0) return;
    const isError = countedStatus(status, this.rule?.errorCodes ?? null) >= 500;
    unknown.seen(sends.n, isError ? status : 0, sendUs, seenUs);
  }

  /** Takes a time in which none of the version's endpoints was healthy. */
  foundNoHealthySpan(span: NoHealthySpan): void {
    this.#version.noHealthySpan = span;
  }

  /** A slice of time is over: looks for endpoints that lost a part of their traffic. */
  sliceDone(untilUs: number): void {
    const { endpoints, sends, unknown } = this.#version;
    for (const endpoint of endpoints.values()) {
      // Send times are kept for a while only.
      this.#absence.noteMissed(endpoint);
      const { streaks, partial } = endpoint;
      if (isCause(streaks.current)) partial.causedBy(streaks.current.state());
      const present = () => this.#absence.present(endpoint);
      this.#keepPartial(endpoint, partial.slice(sends.n, unknown.count, present, untilUs));
    }
  }

  /**
   * The last windows that were kept, and those of endpoints that are absent now. Nothing is kept of these: more may follow.
   *
   * @param last at most so many that were kept
   */
  windowsSoFar(last: number): DetectedWindow[] {
    const open = [...this.#version.endpoints.values()].flatMap((endpoint) => {
      const kind = this.#absence.kindOf(endpoint);
      return kind === null ? [] : [this.#windowOf(endpoint, kind, null)];
    });
    return [...this.windows.slice(-last), ...open];
  }

  /** The run is over: keeps absences and streaks that have not ended. */
  finish(): void {
    for (const endpoint of this.#version.endpoints.values()) {
      this.#absence.noteMissed(endpoint);
      const kind = this.#absence.kindOf(endpoint);
      if (kind !== null) this.#endAbsence(endpoint, kind, null);
      this.#keepPartial(endpoint, endpoint.partial.finish());
      if (kind === null) this.#keepStreak(endpoint.streaks.end('end'));
    }
  }

  /** Takes the first request to an endpoint. */
  #join(endpoint: EndpointState, sendUs: number, seenUs: number): void {
    const { sends, turns, unknown, failures, size } = this.#version;
    const after = this.#absence.joinedAfter();
    if (after !== null) {
      const { firstSendUs } = sends;
      const lastMissedUs = sends.sendOf(after);
      const absentUs = Number.isNaN(lastMissedUs) ? firstSendUs : lastMissedUs;
      this.#keep(joinedWindow(this.slot, endpoint.label, firstSendUs, { sendUs, seenUs }, absentUs));
    }
    sends.add(sendUs, seenUs);
    endpoint.traffic.sent(sends.n, sendUs, false, turns, size);
    endpoint.partial.skipTo(sends.n, unknown.count);
    endpoint.failuresBefore = failures;
  }

  /** @param back its first request after the absence; null: the run is over */
  #endAbsence(endpoint: EndpointState, kind: AbsenceKind, back: DetectedWindow['back']): void {
    const { streaks, partial } = endpoint;
    const { sends, unknown } = this.#version;
    const window = this.#windowOf(endpoint, kind, back);
    this.#keep(window);
    const [cause] = endpoint.endedCauses();
    if (cause !== undefined) cause.endedBy = 'absence';
    this.#keepStreak(streaks.end('absence'));
    streaks.forget();
    this.#keepPartial(endpoint, partial.absent(sends.n, unknown.count));
    // Other replicas of the gateway may put it back later.
    if (window.streak !== null && back !== null) partial.backAfter(window.streak, back.sendUs);
  }

  #windowOf(endpoint: EndpointState, kind: AbsenceKind, back: DetectedWindow['back']): DetectedWindow {
    this.#absence.noteMissed(endpoint);
    return absenceWindow(endpoint, {
      slot: this.slot,
      kind,
      back,
      surelyAbsentUs: this.#absence.surelyAbsentUs(endpoint),
      noHealthySpan: this.#absence.noHealthySpanSince(endpoint.traffic),
    });
  }

  #keepPartial(endpoint: EndpointState, found: PartialEjection | null): void {
    if (found !== null) this.#keep(partialWindow(this.slot, endpoint, found));
  }

  #keep(window: DetectedWindow): void {
    if (this.windows.length < MAX_FOUND) this.windows.push(window);
    else this.dropped += 1;
  }

  #keepStreak(streak: EndedStreak | null): void {
    if (streak === null) return;
    if (this.streaks.length < MAX_FOUND) this.streaks.push(streak);
    else this.dropped += 1;
  }
}
