/** The endpoints of one version: which of them are sent nothing while the others are. */
import type { EjectionRule } from '../../../plan/plan.js';
import type { AbsenceKind } from '../result.js';
import type { RawWindow } from './detected-window.js';
import { Endpoint, type FoundRow, isCause } from './endpoint-state.js';
import type { FailureState } from './failure-streak.js';
import type { Loss } from './partial-ejection.js';
import { RecentSends } from './recent-sends.js';
import { leastAmong, type Member, missesNeeded, Turns, UNSOUGHT_CHANCE } from './traffic-share.js';
import { Doubts } from './unknown-endpoint.js';

/** Endpoints of a version that are watched; a server can invent them without end. */
const MAX_ENDPOINTS = 1024;
/** Windows and rows kept of a version. */
const MAX_FOUND = 4096;
/** Of two endpoints each has half of the requests: fewer misses never tell. */
const MIN_MISSED = 19;
/** A time in which the version as a whole was out, by the gateway's own word. Times in µs. */
export interface Outage {
  readonly firstSendUs: number;
  readonly firstSeenUs: number;
  readonly lastSendUs: number;
}

export class VersionWatch {
  readonly windows: RawWindow[] = [];
  readonly rows: FoundRow[] = [];
  /** Found and not kept. */
  dropped = 0;
  /** Answers of backends that told no endpoint. */
  withoutEndpoint = 0;
  #outage: Outage | null = null;
  readonly #endpoints = new Map<number, Endpoint>();
  /** Requests whose endpoint is known. */
  readonly #sends = new RecentSends();
  readonly #turns = new Turns();
  readonly #doubts = new Doubts();
  /** Failed connections and lost requests so far. */
  #unreached = 0;

  constructor(
    readonly slot: number,
    readonly rule: EjectionRule | null,
  ) {}

  /** Endpoints that answered. */
  get size(): number {
    return this.#endpoints.size;
  }

  /** Requests whose endpoint is known. */
  get requests(): number {
    return this.#sends.n;
  }

  sent(label: number, sendUs: number, seenUs: number): void {
    let endpoint = this.#endpoints.get(label);
    if (endpoint === undefined) {
      if (this.#endpoints.size >= MAX_ENDPOINTS) return;
      endpoint = new Endpoint(label, this.rule);
      this.#endpoints.set(label, endpoint);
      this.#joined(endpoint, sendUs, seenUs);
      return;
    }
    const { member } = endpoint;
    const kind = this.#absence(endpoint);
    if (kind !== null) this.#close(endpoint, kind, { sendUs, seenUs });
    this.#sends.add(sendUs, seenUs);
    member.hit(this.#sends.n, sendUs, kind !== null, this.#turns, this.size);
    endpoint.present(this.#unreached);
  }

  /** @param own false: the gateway's own word that the endpoint did not answer */
  seen(label: number, status: number, own: boolean, sendUs: number, seenUs: number): void {
    const endpoint = this.#endpoints.get(label);
    if (endpoint === undefined) return;
    const { member, failures } = endpoint;
    this.#sends.underWay -= 1;
    member.seen(this.#sends.n, seenUs);
    // Such failures count as 5xx, unless they are counted apart: then for neither side.
    if (!own && (this.rule?.consecutiveLocalOriginFailures ?? null) !== null) {
      this.#unreached += 1;
      return;
    }
    if (status >= 500) {
      failures.failed(status, sendUs, seenUs, member.underWay);
      return;
    }
    member.answers.add(seenUs - sendUs);
    if (failures.consecutive > 0) {
      if (isCause(failures)) endpoint.loss.causedBy(failures.state());
      this.#keepRow(endpoint.endRow('answer'));
    }
    failures.good(sendUs, seenUs);
  }

  /** A request that any endpoint may have got: without a label, or without an answer. */
  sentInDoubt(unreached: boolean): void {
    for (const endpoint of this.#endpoints.values()) this.#makeSure(endpoint);
    this.#doubts.sent(this.#sends.n);
    if (unreached) this.#unreached += 1;
    else this.withoutEndpoint += 1;
  }

  /** @param status of an answer that told no endpoint; 0 when there was none */
  seenInDoubt(status: number, sendUs: number, seenUs: number): void {
    // What was sent before this version was first heard of was not told then.
    if (!(sendUs >= this.#sends.firstSendUs) || this.#doubts.underWay === 0) return;
    this.#doubts.seen(this.#sends.n, status, sendUs, seenUs);
  }

  /** The version as a whole was out. */
  foundOut(outage: Outage): void {
    this.#outage = outage;
  }

  /** A slice of time is over. */
  told(untilUs: number): void {
    for (const endpoint of this.#endpoints.values()) {
      // While that is still known.
      this.#noteMissed(endpoint);
      const { failures, loss } = endpoint;
      if (isCause(failures)) loss.causedBy(failures.state());
      const { n } = this.#sends;
      this.#keepLoss(
        endpoint,
        loss.slice(n, this.#doubts.count, () => this.#present(endpoint), untilUs),
      );
    }
  }

  /** At the end of the run: what is still absent, and rows that go on. */
  finish(): void {
    for (const endpoint of this.#endpoints.values()) {
      this.#noteMissed(endpoint);
      const kind = this.#absence(endpoint);
      if (kind !== null) this.#close(endpoint, kind, null);
      this.#keepLoss(endpoint, endpoint.loss.finish());
      if (kind === null) this.#keepRow(endpoint.endRow('end'));
    }
  }

  /** Requests of the version in which an absent endpoint is surely missed; 0 when too little is known. */
  get missesThatTell(): number {
    return this.size < 2 ? 0 : Math.ceil(missesNeeded(1 / this.size));
  }

  /** The first request that it is seen to get. */
  #joined(endpoint: Endpoint, sendUs: number, seenUs: number): void {
    const others = this.#endpoints.size - 1;
    const share = leastAmong(others + 1);
    // Requests in doubt before may have been its own.
    const doubtless = others > 0 && this.#doubts.lastN === 0;
    if (doubtless && this.#sends.n > missesNeeded(share, UNSOUGHT_CHANCE)) {
      this.#keep({
        slot: this.slot,
        endpoint: endpoint.label,
        kind: 'joined',
        begunInRun: false,
        lastSendUs: this.#sends.firstSendUs,
        lastSeenUs: this.#sends.firstSendUs,
        missedUs: this.#sends.firstSendUs,
        failures: null,
        otherCauses: [],
        endpointKnown: true,
        back: { sendUs, seenUs },
        stillAbsentUs: orElse(
          this.#sends.sendOf(this.#sends.n - Math.ceil(missesNeeded(share))),
          this.#sends.firstSendUs,
        ),
        fall: null,
      });
    }
    this.#sends.add(sendUs, seenUs);
    endpoint.member.hit(this.#sends.n, sendUs, false, this.#turns, this.size);
    endpoint.loss.skipTo(this.#sends.n, this.#doubts.count);
    endpoint.unreachedBefore = this.#unreached;
  }

  /** Before a request that may be its own: it was absent until now, if that can be told yet. */
  #makeSure(endpoint: Endpoint): void {
    endpoint.sure ??= this.#absence(endpoint);
    if (endpoint.sure === null || !Number.isNaN(endpoint.sureUntilUs)) return;
    this.#noteMissed(endpoint);
    endpoint.sureUntilUs = this.#surelyAbsentAt(endpoint);
  }

  /** Why it is absent; null when it is not. */
  #absence(endpoint: Endpoint): AbsenceKind | null {
    const { member } = endpoint;
    if (endpoint.sure !== null) return endpoint.sure;
    if (member.underWay > 0) return null;
    if (this.#outage !== null && this.#outage.firstSendUs > member.lastSendUs) return this.#kind(endpoint);
    const missed = this.#sends.n - Math.max(member.clearN, this.#doubts.lastN);
    if (missed < MIN_MISSED || !member.canBeAbsent(missed)) return null;
    this.#noteMissed(endpoint);
    const kind = this.#kind(endpoint);
    const sought = kind === 'ejected';
    const others = this.#othersHit(member);
    // Requests in doubt that are under way may be its own, and a balancer holds those against it.
    const quiet = this.#sends.n - Math.max(member.clearN, this.#doubts.clearN);
    const absent =
      (this.#doubts.underWay === 0 && member.isAbsent(quiet, others, false, sought)) ||
      member.isAbsent(missed, others, true, sought);
    return absent ? kind : null;
  }

  #othersHit({ lastHitN }: Member): number {
    let others = 0;
    for (const { member } of this.#endpoints.values()) if (member.lastHitN > lastHitN) others += 1;
    return others;
  }

  #kind(endpoint: Endpoint): AbsenceKind {
    if (isCause(endpoint.failures) || endpoint.endedCauses().length > 0) return 'ejected';
    if (endpoint.nameless !== null) return 'ejected';
    return this.#unreached > endpoint.unreachedBefore ? 'left' : 'silent';
  }

  #close(endpoint: Endpoint, kind: AbsenceKind, back: RawWindow['back']): void {
    const { member, failures } = endpoint;
    this.#noteMissed(endpoint);
    const [row = null] = endpoint.endedCauses();
    const own = isCause(failures) || row !== null;
    const state = kind === 'ejected' ? this.#causeOf(endpoint) : null;
    const outage = this.#outage;
    const out = outage !== null && outage.firstSendUs > member.lastSendUs ? outage : null;
    const missing = orElse(this.#surelyAbsentAt(endpoint), member.lastSeenUs);
    const known = Math.max(missing, member.lastSeenUs);
    const inGap = least(known, endpoint.sureUntilUs);
    this.#keep({
      slot: this.slot,
      endpoint: endpoint.label,
      kind,
      begunInRun: true,
      lastSendUs: member.lastSendUs,
      lastSeenUs: member.lastSeenUs,
      missedUs: least(endpoint.missedUs, out?.firstSeenUs ?? Number.NaN),
      failures: state,
      otherCauses: endpoint.endedCauses().flatMap((other) => (other.state === state ? [] : [other.state])),
      endpointKnown: own || kind !== 'ejected',
      back,
      stillAbsentUs: Math.max(inGap, out?.lastSendUs ?? inGap),
      fall: null,
    });
    if (row !== null) row.endedBy = 'absence';
    this.#keepRow(endpoint.endRow('absence'));
    endpoint.forgetRows();
    this.#keepLoss(endpoint, endpoint.loss.absent(this.#sends.n, this.#doubts.count));
    // Other gateways may put it back later.
    if (state !== null && back !== null) endpoint.loss.backAfter(state, back.sendUs);
  }

  /** The last moment at which it surely was not there. Of those under way nobody knows which was sent on first. */
  #surelyAbsentAt({ member }: Endpoint): number {
    const { n, underWay } = this.#sends;
    return this.#sends.sendOf(n - underWay - member.span(this.#turns, this.size) + 1);
  }

  /** Endpoints that are sent requests at the time, the one in question included. */
  #present(endpoint: Endpoint): number {
    let present = 0;
    for (const other of this.#endpoints.values()) {
      const { member } = other;
      if (
        other === endpoint ||
        member.underWay > 0 ||
        this.#sends.n - member.lastHitN < member.span(this.#turns, this.size)
      )
        present += 1;
    }
    return present;
  }

  #keepLoss(endpoint: Endpoint, loss: Loss | null): void {
    if (loss === null) return;
    const { fall, cause } = loss;
    this.#keep({
      slot: this.slot,
      endpoint: endpoint.label,
      kind: 'ejected',
      begunInRun: true,
      lastSendUs: fall.startBoundsUs[0],
      lastSeenUs: fall.startBoundsUs[0],
      missedUs: fall.startBoundsUs[1],
      failures: cause,
      otherCauses: [],
      endpointKnown: true,
      back: null,
      stillAbsentUs: fall.endBoundsUs?.[0] ?? endpoint.member.lastSeenUs,
      fall,
    });
  }

  /** The 5xx that ejected it. */
  #causeOf(endpoint: Endpoint): FailureState | null {
    if (isCause(endpoint.failures)) return endpoint.failures.state();
    return endpoint.endedCauses()[0]?.state ?? endpoint.nameless;
  }

  #noteMissed(endpoint: Endpoint): void {
    const { member } = endpoint;
    if (!Number.isNaN(endpoint.missedUs) || member.underWay > 0) return;
    const since = Math.max(member.clearN, this.#doubts.lastN);
    const span = member.span(this.#turns, this.size);
    if (this.#sends.n - since < span) return;
    endpoint.missedUs = this.#sends.seenOf(since + span);
    endpoint.nameless = this.#doubts.causeOf(endpoint, this.rule);
  }

  #keep(window: RawWindow): void {
    if (this.windows.length < MAX_FOUND) this.windows.push(window);
    else this.dropped += 1;
  }

  #keepRow(row: FoundRow | null): void {
    if (row === null) return;
    if (this.rows.length < MAX_FOUND) this.rows.push(row);
    else this.dropped += 1;
  }
}

function orElse(value: number, other: number): number {
  return Number.isNaN(value) ? other : value;
}

/** The lesser of two of which either may be NaN. */
function least(a: number, b: number): number {
  return Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.min(a, b);
}
