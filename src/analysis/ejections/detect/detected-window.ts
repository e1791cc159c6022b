/** A window as it was detected, before its times are bounded and compared with rules. Times in µs. */

import type { AbsenceKind } from '../result.js';
import type { EndpointState } from './endpoint-state.js';
import { isCause } from './endpoint-streaks.js';
import type { StreakState } from './failure-streak.js';
import type { PartialEjection } from './partial-ejection.js';
import type { TrafficDrop } from './traffic-drop.js';
import type { NoHealthySpan } from './version-traffic.js';

export interface DetectedWindow {
  /** Slot of the version. */
  readonly slot: number;
  /** Label of the endpoint. */
  readonly endpoint: number;
  readonly kind: AbsenceKind;
  /** False: the endpoint was out when the run began, or did not exist yet. */
  readonly begunInRun: boolean;
  /** When its last request before the window was sent, and its last response seen; if it was out at first: the run's first request. */
  readonly lastSendUs: number;
  readonly lastSeenUs: number;
  /** When it would have been sent its next request, at the latest; NaN: not known. */
  readonly missedUs: number;
  /** The 5xx before it; null unless the kind is `ejected`. */
  readonly streak: StreakState | null;
  /** Its 5xx in a row directly before it, by status, if the kind is another one. */
  readonly errorsBefore: ReadonlyMap<number, number>;
  /** Other streaks shortly before that can have ejected it as well. */
  readonly otherCauses: readonly StreakState[];
  /** False: the 5xx named no endpoint, so another endpoint of the version may have answered them. */
  readonly endpointKnown: boolean;
  /** Its first request after the window; null: none before the end of the run. */
  readonly back: { readonly sendUs: number; readonly seenUs: number } | null;
  /** It was certainly still out at this time. */
  readonly stillAbsentUs: number;
  /** It lost only a part of its traffic; null: it was sent nothing. */
  readonly drop: TrafficDrop | null;
}

const NO_ERRORS: ReadonlyMap<number, number> = new Map();

/** What the watch of the version adds about an absence. */
interface AbsenceContext {
  readonly slot: number;
  readonly kind: AbsenceKind;
  readonly back: DetectedWindow['back'];
  /** NaN: not known. */
  readonly surelyAbsentUs: number;
  readonly noHealthySpan: NoHealthySpan | null;
}

/** The window of an endpoint's absence. */
export function absenceWindow(
  endpoint: EndpointState,
  { slot, kind, back, surelyAbsentUs, noHealthySpan }: AbsenceContext,
): DetectedWindow {
  const { traffic, streaks } = endpoint;
  const { lastSendUs, lastSeenUs } = traffic;
  const ended = endpoint.endedCauses();
  const isOwn = isCause(streaks.current) || ended.length > 0;
  const streak = kind === 'ejected' ? causeOf(endpoint) : null;
  const lastKnownUs = Number.isNaN(surelyAbsentUs) ? lastSeenUs : Math.max(surelyAbsentUs, lastSeenUs);
  const stillAbsentUs = least(lastKnownUs, endpoint.certainUntilUs);
  return {
    slot,
    endpoint: endpoint.label,
    kind,
    begunInRun: true,
    lastSendUs,
    lastSeenUs,
    missedUs: least(endpoint.missedUs, noHealthySpan?.firstSeenUs ?? Number.NaN),
    streak,
    errorsBefore: kind === 'ejected' ? NO_ERRORS : streaks.current.state().statuses,
    otherCauses: ended.flatMap(({ state }) => (state === streak ? [] : [state])),
    endpointKnown: isOwn || kind !== 'ejected',
    back,
    stillAbsentUs: Math.max(stillAbsentUs, noHealthySpan?.lastSendUs ?? stillAbsentUs),
    drop: null,
  };
}

/** The window of an endpoint that was sent its first request late in the run. */
export function joinedWindow(
  slot: number,
  endpoint: number,
  firstSendUs: number,
  back: DetectedWindow['back'],
  stillAbsentUs: number,
): DetectedWindow {
  return {
    slot,
    endpoint,
    kind: 'joined',
    begunInRun: false,
    lastSendUs: firstSendUs,
    lastSeenUs: firstSendUs,
    missedUs: firstSendUs,
    streak: null,
    errorsBefore: NO_ERRORS,
    otherCauses: [],
    endpointKnown: true,
    back,
    stillAbsentUs,
    drop: null,
  };
}

/** The window of a partial ejection. */
export function partialWindow(
  slot: number,
  { label, traffic }: EndpointState,
  { drop, cause }: PartialEjection,
): DetectedWindow {
  const [beginUs, begunUs] = drop.startBoundsUs;
  return {
    slot,
    endpoint: label,
    kind: 'ejected',
    begunInRun: true,
    lastSendUs: beginUs,
    lastSeenUs: beginUs,
    missedUs: begunUs,
    streak: cause,
    errorsBefore: NO_ERRORS,
    otherCauses: [],
    endpointKnown: true,
    back: null,
    stillAbsentUs: drop.endBoundsUs?.[0] ?? traffic.lastSeenUs,
    drop,
  };
}

/** The 5xx that ejected the endpoint. */
function causeOf(endpoint: EndpointState): StreakState | null {
  const { current } = endpoint.streaks;
  if (isCause(current)) return current.state();
  return endpoint.endedCauses()[0]?.state ?? endpoint.unknownStreak;
}

/** The lesser of two numbers; if one is NaN, the other. */
function least(a: number, b: number): number {
  return Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.min(a, b);
}
