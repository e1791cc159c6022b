/** Watches the versions of the route: which of them stop answering while others go on, and what comes instead. */
import { FATE, FATE_COUNT } from '../order/fate.js';
import type { EpisodeKind } from '../result.js';
import { TrafficShare } from './traffic-share.js';
import type { NoHealthySpan } from './version-traffic.js';

/** A time in which no backend of a version answered. Times in µs. */
export interface VersionOutage {
  readonly slot: number;
  readonly kind: EpisodeKind;
  readonly startUs: number;
  /** Null: it went on to the end of the run. */
  readonly endUs: number | null;
  /** Requests with the fate that belongs to this kind. */
  readonly requests: number;
  /** Requests that the version would have got by its share. */
  readonly expected: number;
}

/** Fates that can explain why a version does not answer. */
const KINDS: readonly (readonly [fate: number, kind: EpisodeKind])[] = [
  [FATE.noHealthyUpstream, 'no-healthy-upstream'],
  [FATE.overflow, 'overflow'],
  [FATE.upstreamFailure, 'connection-failure'],
  [FATE.noResponse, 'unanswered'],
];
/** A fate explains an outage if it met at least this part of the version's requests. */
const MIN_PART = 0.25;
/** At most so many outages of a route are kept. */
const MAX_OUTAGES = 1024;

class Version {
  readonly traffic = new TrafficShare();
  /** Requests for it by fate: so far, and up to its last answer. */
  readonly own = new Float64Array(FATE_COUNT);
  readonly ownBefore = new Float64Array(FATE_COUNT);
  /** Requests of unknown version by fate, up to its last answer. */
  readonly unknownBefore = new Float64Array(FATE_COUNT);
  /** "No healthy upstream" since it last answered. */
  firstNoHealthySendUs = Number.NaN;
  firstNoHealthySeenUs = Number.NaN;
  lastNoHealthySendUs = Number.NaN;
  /** Requests of the route without an answer, when the counts up to its last answer were copied. */
  unansweredBefore = 0;

  constructor(readonly slot: number) {}
}

export class RouteWatch {
  readonly outages: VersionOutage[] = [];
  readonly #versions = new Map<number, Version>();
  /** Requests sent. */
  #n = 0;
  /** Requests without an answer. */
  #unanswered = 0;
  /** Requests of unknown version, by fate. */
  readonly #unknown = new Float64Array(FATE_COUNT);

  /** Takes a request that a backend of the version answers. Returns the time without healthy endpoints that it ends; null: none. */
  answered(slot: number, sendUs: number): NoHealthySpan | null {
    let version = this.#versions.get(slot);
    if (version === undefined) {
      version = new Version(slot);
      this.#versions.set(slot, version);
    }
    const outage = this.#outage(version, sendUs);
    let span: NoHealthySpan | null = null;
    if (outage !== null) {
      if (this.outages.length < MAX_OUTAGES) this.outages.push(outage);
      if (outage.kind === 'no-healthy-upstream') span = noHealthySpanOf(version);
    }
    version.firstNoHealthySendUs = Number.NaN;
    version.firstNoHealthySeenUs = Number.NaN;
    this.#n += 1;
    version.traffic.sent(this.#n, sendUs, outage !== null);
    if (outage?.kind === 'moved') version.traffic.forgetShare();
    // Without new ones, the copies are those of last time: this is called for every row.
    if (version.unansweredBefore !== this.#unanswered) {
      version.ownBefore.set(version.own);
      version.unknownBefore.set(this.#unknown);
      version.unansweredBefore = this.#unanswered;
    }
    return span;
  }

  /** Takes the response to such a request. */
  answerSeen(slot: number, seenUs: number): void {
    this.#versions.get(slot)?.traffic.seen(this.#n, seenUs);
  }

  /** Takes any other request. `slot`: the version that it was for; null: not known. */
  notAnswered(fate: number, slot: number | null, sendUs: number, seenUs: number): void {
    this.#n += 1;
    this.#unanswered += 1;
    const counts = slot === null ? this.#unknown : this.#versions.get(slot)?.own;
    if (counts !== undefined) counts[fate] = (counts[fate] as number) + 1;
    if (fate !== FATE.noHealthyUpstream) return;
    for (const version of this.#versions.values()) {
      if (slot !== null && version.slot !== slot) continue;
      if (Number.isNaN(version.firstNoHealthySendUs)) {
        version.firstNoHealthySendUs = sendUs;
        version.firstNoHealthySeenUs = seenUs;
      }
      version.lastNoHealthySendUs = sendUs;
    }
  }

  /** The run is over: adds outages that have not ended. Returns the times without healthy endpoints among them, by slot. */
  finish(): Map<number, NoHealthySpan> {
    const spans = new Map<number, NoHealthySpan>();
    for (const version of this.#versions.values()) {
      const outage = this.#outage(version, null);
      if (outage === null) continue;
      if (this.outages.length < MAX_OUTAGES) this.outages.push(outage);
      if (outage.kind === 'no-healthy-upstream') spans.set(version.slot, noHealthySpanOf(version));
    }
    return spans;
  }

  /** The outage of a version up to now; null: it has none. */
  #outage(version: Version, endUs: number | null): VersionOutage | null {
    const { traffic, slot } = version;
    if (traffic.inFlight > 0) return null;
    const missed = this.#n - traffic.idleSinceN;
    // Requests of unknown version may have been for any version, this one included.
    if (!traffic.isAbsent(missed, 0, false, false)) return null;
    const expected = traffic.share * missed;
    let kind: EpisodeKind = 'moved';
    let requests = 0;
    for (const [fate, name] of KINDS) {
      const count = this.#since(version, fate);
      if (count > requests && count >= MIN_PART * expected) {
        kind = name;
        requests = count;
      }
    }
    return { slot, kind, startUs: traffic.lastSeenUs, endUs, requests, expected };
  }

  /** Requests of a fate, of the version or of unknown version, since the version last answered. */
  #since({ own, ownBefore, unknownBefore }: Version, fate: number): number {
    return (
      (own[fate] as number) -
      (ownBefore[fate] as number) +
      (this.#unknown[fate] as number) -
      (unknownBefore[fate] as number)
    );
  }
}

function noHealthySpanOf(version: Version): NoHealthySpan {
  return {
    firstSendUs: version.firstNoHealthySendUs,
    firstSeenUs: version.firstNoHealthySeenUs,
    lastSendUs: version.lastNoHealthySendUs,
  };
}
