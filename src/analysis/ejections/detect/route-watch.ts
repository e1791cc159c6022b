/** The versions of the route: which of them answer nothing while the others do, and what came in their place. */

import { WHAT, WHATS } from '../order/sent-rows.js';
import type { EpisodeKind } from '../result.js';
import { Member } from './traffic-share.js';
import type { Outage } from './version-watch.js';

/** A time in which a version's backends answered nothing. Times in µs. */
export interface Gap {
  readonly slot: number;
  readonly kind: EpisodeKind;
  readonly startUs: number;
  /** Null: to the end of the run. */
  readonly endUs: number | null;
  /** Replies of the kind. */
  readonly requests: number;
  /** Requests that the version would have had. */
  readonly expected: number;
}

/** What can stand in the place of a version's answers, by WHAT. */
const KINDS: readonly (readonly [what: number, kind: EpisodeKind])[] = [
  [WHAT.noHealthy, 'no-healthy-upstream'],
  [WHAT.overflow, 'overflow'],
  [WHAT.unreached, 'connection-failure'],
  [WHAT.lost, 'unanswered'],
];
/** Part of a version's requests from which what came in their place says why. */
const PART = 0.25;
/** Gaps kept of a version. */
const MAX_GAPS = 1024;

class Version {
  readonly member = new Member();
  /** Requests by WHAT that were for it, and those of no version when it last was sent a request. */
  readonly own = new Float64Array(WHATS);
  readonly ownBefore = new Float64Array(WHATS);
  readonly namelessBefore = new Float64Array(WHATS);
  firstNoHealthySendUs = Number.NaN;
  firstNoHealthySeenUs = Number.NaN;
  lastNoHealthySendUs = Number.NaN;

  constructor(readonly slot: number) {}
}

export class RouteWatch {
  readonly gaps: Gap[] = [];
  readonly #versions = new Map<number, Version>();
  /** Requests sent. */
  #n = 0;
  /** By WHAT, those of which no version is known. */
  readonly #nameless = new Float64Array(WHATS);

  /** A request that one of the version's backends answered; returns the outage that ended with it. */
  answered(slot: number, sendUs: number): Outage | null {
    let version = this.#versions.get(slot);
    if (version === undefined) {
      version = new Version(slot);
      this.#versions.set(slot, version);
    }
    const gap = this.#gap(version, sendUs);
    let outage: Outage | null = null;
    if (gap !== null) {
      if (this.gaps.length < MAX_GAPS) this.gaps.push(gap);
      if (gap.kind === 'no-healthy-upstream') outage = outageOf(version);
    }
    version.firstNoHealthySendUs = Number.NaN;
    version.firstNoHealthySeenUs = Number.NaN;
    this.#n += 1;
    version.member.hit(this.#n, sendUs, gap !== null);
    if (gap?.kind === 'moved') version.member.forgetShare();
    version.ownBefore.set(version.own);
    version.namelessBefore.set(this.#nameless);
    return outage;
  }

  /** The response to such a request. */
  answerSeen(slot: number, seenUs: number): void {
    this.#versions.get(slot)?.member.seen(this.#n, seenUs);
  }

  /** Any other request. `slot`: the version that it was for; null when that is not known. */
  other(what: number, slot: number | null, sendUs: number, seenUs: number): void {
    this.#n += 1;
    const counts = slot === null ? this.#nameless : this.#versions.get(slot)?.own;
    if (counts !== undefined) counts[what] = (counts[what] as number) + 1;
    if (what !== WHAT.noHealthy) return;
    for (const version of this.#versions.values()) {
      if (slot !== null && version.slot !== slot) continue;
      if (Number.isNaN(version.firstNoHealthySendUs)) {
        version.firstNoHealthySendUs = sendUs;
        version.firstNoHealthySeenUs = seenUs;
      }
      version.lastNoHealthySendUs = sendUs;
    }
  }

  /** At the end of the run: gaps that go on. Returns the outages among them, by slot. */
  finish(): Map<number, Outage> {
    const outages = new Map<number, Outage>();
    for (const version of this.#versions.values()) {
      const gap = this.#gap(version, null);
      if (gap === null) continue;
      if (this.gaps.length < MAX_GAPS) this.gaps.push(gap);
      if (gap.kind === 'no-healthy-upstream') outages.set(version.slot, outageOf(version));
    }
    return outages;
  }

  #gap(version: Version, sendUs: number | null): Gap | null {
    const { member } = version;
    if (member.underWay > 0) return null;
    const missed = this.#n - member.clearN;
    const { own, ownBefore, namelessBefore } = version;
    const since = (what: number) =>
      (own[what] as number) -
      (ownBefore[what] as number) +
      (this.#nameless[what] as number) -
      (namelessBefore[what] as number);
    // As against other versions only: what has no version may be its own.
    if (!member.isAbsent(missed, 0, false, false)) return null;
    const expected = member.share * missed;
    let kind: EpisodeKind = 'moved';
    let requests = 0;
    for (const [what, name] of KINDS) {
      const count = since(what);
      if (count > requests && count >= PART * expected) {
        kind = name;
        requests = count;
      }
    }
    return { slot: version.slot, kind, startUs: member.lastSeenUs, endUs: sendUs, requests, expected };
  }
}

function outageOf({ firstNoHealthySendUs, firstNoHealthySeenUs, lastNoHealthySendUs }: Version): Outage {
  return {
    firstSendUs: firstNoHealthySendUs,
    firstSeenUs: firstNoHealthySeenUs,
    lastSendUs: lastNoHealthySendUs,
  };
}
