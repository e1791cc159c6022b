/** The endpoints of one version: which of them are sent nothing while the others are. */
import type { EjectionRule } from '../../plan/plan.js';
import { HANDOVER_US, MERGE_WINDOW_US } from './bounds.js';
import type { FailureRow } from './failure-row.js';
import { type FailureState, FailureTracker } from './failure-tracker.js';
import { type Fall, FallWatch } from './fall-watch.js';
import { Member, missesNeeded } from './member.js';
import type { RawWindow } from './raw-window.js';
import type { AbsenceKind } from './result.js';

/** Sends kept of a version's last requests; a power of two. */
const RECENT = 8192;
/** Endpoints of a version that are watched; a server can invent them without end. */
const MOST_ENDPOINTS = 1024;
/** Windows and rows kept of a version. */
const MOST_FOUND = 4096;
/** Of two endpoints each has half of the requests: fewer misses never tell. */
const LEAST_MISSED = 19;
/** 5xx in a row that are taken for the cause of an absence when no rule says how many. */
const LEAST_IN_A_ROW = 2;
/** The same where good answers followed: Envoy's default. */
const ROW_WITHOUT_RULE = 5;

/** An ejection takes effect so much later than it is decided at the most. */
const PUT_OFF_US = MERGE_WINDOW_US + HANDOVER_US;
/** Rows of an endpoint within that time that are kept. */
const MOST_ENDED = 64;

/** A time in which the version as a whole was out, by the gateway's own word. Times in µs. */
export interface Outage {
  readonly firstSendUs: number;
  readonly firstSeenUs: number;
  readonly lastSendUs: number;
}

/** 5xx in a row, as it was found. */
interface FoundRow {
  readonly endpoint: number;
  readonly state: FailureState;
  endedBy: FailureRow['endedBy'];
}

class Endpoint {
  readonly member = new Member();
  readonly failures: FailureTracker;
  /** Its absence that has no end yet: by when it would have been sent another request; NaN when not known. */
  missedUs = Number.NaN;
  /** What failed without a version or endpoint before its last request. */
  unreachedBefore = 0;
  /** Whether it loses a part of its traffic; null while no rule can have ejected it. */
  falls: FallWatch | null = null;
  /** What would have ejected it. */
  fallCause: FailureState | null = null;
  /** Of the version and its own, when the last slice ended. */
  readonly sliced = { n: 0, sent: 0 };
  /** Rows of 5xx that were ended by a good answer a short time ago: one of them can have ejected it all the same. */
  ended: FoundRow[] = [];
  /** Why it is absent, once that is sure though requests in doubt came later; null: not sure. */
  sure: AbsenceKind | null = null;
  /** When it surely was still absent, once requests in doubt came after it was sure. */
  sureUntilUs = Number.NaN;

  constructor(
    readonly label: number,
    rule: EjectionRule | null,
  ) {
    this.failures = new FailureTracker(rule);
  }
}

export class VersionWatch {
  readonly windows: RawWindow[] = [];
  readonly rows: FoundRow[] = [];
  /** Found and not kept. */
  dropped = 0;
  /** Answers of backends that told no endpoint. */
  withoutEndpoint = 0;
  outage: Outage | null = null;
  readonly #endpoints = new Map<number, Endpoint>();
  /** Requests whose endpoint is known. */
  #n = 0;
  readonly #sendsUs = new Float64Array(RECENT);
  readonly #seensUs = new Float64Array(RECENT);
  /** Of these, without a response so far. */
  #underWay = 0;
  #firstSendUs = Number.NaN;
  /** What may have been any endpoint's: n at the last one's sending, how many are under way, n when the last ended. */
  #doubtN = 0;
  #doubtUnderWay = 0;
  #doubtClearN = 0;
  /** Failed connections and lost requests so far. */
  #unreached = 0;
  /** 5xx that told no endpoint. */
  readonly #nameless: FailureTracker;

  constructor(
    readonly slot: number,
    readonly rule: EjectionRule | null,
  ) {
    this.#nameless = new FailureTracker(rule);
  }

  /** Endpoints that answered. */
  get size(): number {
    return this.#endpoints.size;
  }

  /** Requests whose endpoint is known. */
  get requests(): number {
    return this.#n;
  }

  sent(label: number, sendUs: number, seenUs: number): void {
    let endpoint = this.#endpoints.get(label);
    if (endpoint === undefined) {
      if (this.#endpoints.size >= MOST_ENDPOINTS) return;
      endpoint = new Endpoint(label, this.rule);
      this.#endpoints.set(label, endpoint);
      this.#joined(endpoint, sendUs, seenUs);
      return;
    }
    const { member } = endpoint;
    const kind = this.#absence(endpoint);
    if (kind !== null) this.#close(endpoint, kind, { sendUs, seenUs });
    this.#count(sendUs, seenUs);
    member.hit(this.#n, sendUs, kind !== null);
    endpoint.missedUs = Number.NaN;
    endpoint.sure = null;
    endpoint.sureUntilUs = Number.NaN;
    endpoint.unreachedBefore = this.#unreached;
  }

  /** @param own false: the gateway's own word that the endpoint did not answer */
  seen(label: number, status: number, own: boolean, sendUs: number, seenUs: number): void {
    const endpoint = this.#endpoints.get(label);
    if (endpoint === undefined) return;
    const { member, failures } = endpoint;
    this.#underWay -= 1;
    member.seen(this.#n, seenUs);
    // Such failures count as 5xx, unless they are counted apart: then for neither side.
    if (!own && (this.rule?.consecutiveLocalOriginFailures ?? null) !== null) {
      this.#unreached += 1;
      return;
    }
    if (status >= 500) {
      failures.failed(status, sendUs, seenUs, member.underWay);
      return;
    }
    if (failures.consecutive > 0) this.#keepRow(endpoint, 'answer');
    failures.good(sendUs, seenUs);
  }

  /** A request that any endpoint may have got: without a label, or without an answer. */
  sentInDoubt(unreached: boolean): void {
    for (const endpoint of this.#endpoints.values()) this.#makeSure(endpoint);
    this.#doubtN = this.#n;
    this.#doubtUnderWay += 1;
    if (unreached) this.#unreached += 1;
    else this.withoutEndpoint += 1;
  }

  /** @param status of an answer that told no endpoint; 0 when there was none */
  seenInDoubt(status: number, sendUs: number, seenUs: number): void {
    this.#doubtUnderWay -= 1;
    if (this.#doubtUnderWay === 0) this.#doubtClearN = this.#n;
    if (status >= 500) this.#nameless.failed(status, sendUs, seenUs, this.#doubtUnderWay);
    else if (status > 0) this.#nameless.good(sendUs, seenUs);
  }

  /** A slice of time is over. */
  told(untilUs: number): void {
    for (const endpoint of this.#endpoints.values()) {
      // While that is still known.
      this.#noteMissed(endpoint);
      this.#watchFall(endpoint, untilUs);
    }
  }

  /** At the end of the run: what is still absent, and rows that go on. */
  finish(): void {
    for (const endpoint of this.#endpoints.values()) {
      this.#noteMissed(endpoint);
      const kind = this.#absence(endpoint);
      if (kind !== null) this.#close(endpoint, kind, null);
      this.#keepFall(endpoint, endpoint.falls?.open(null) ?? null);
      if (kind !== null) continue;
      if (endpoint.failures.consecutive > 0) this.#keepRow(endpoint, 'end');
    }
  }

  /** Requests of the version in which an absent endpoint is surely missed; 0 when too little is known. */
  get missesThatTell(): number {
    return this.size < 2 ? 0 : Math.ceil(missesNeeded(1 / this.size));
  }

  #count(sendUs: number, seenUs: number): void {
    this.#n += 1;
    this.#underWay += 1;
    this.#sendsUs[this.#n & (RECENT - 1)] = sendUs;
    this.#seensUs[this.#n & (RECENT - 1)] = seenUs;
    if (Number.isNaN(this.#firstSendUs)) this.#firstSendUs = sendUs;
  }

  /** When the nth request was sent, or NaN when that is not kept. */
  #sendOf(n: number): number {
    return this.#isKept(n) ? (this.#sendsUs[n & (RECENT - 1)] as number) : Number.NaN;
  }

  /** When the nth request's response was seen, so that its endpoint had been chosen; or NaN. */
  #seenOf(n: number): number {
    return this.#isKept(n) ? (this.#seensUs[n & (RECENT - 1)] as number) : Number.NaN;
  }

  #isKept(n: number): boolean {
    return n >= 1 && n <= this.#n && n > this.#n - RECENT;
  }

  /** The first request that it is seen to get. */
  #joined(endpoint: Endpoint, sendUs: number, seenUs: number): void {
    const others = this.#endpoints.size - 1;
    const missed = this.#n - this.#doubtN;
    const late = others > 0 && missed * Math.log1p(-1 / (others + 1)) < Math.log(1e-6 / 1000);
    const span = Math.ceil(missesNeeded(1 / (others + 1)));
    if (late && this.#n === missed) {
      this.#keep({
        slot: this.slot,
        endpoint: endpoint.label,
        kind: 'joined',
        begunInRun: false,
        lastSendUs: this.#firstSendUs,
        lastSeenUs: this.#firstSendUs,
        missedUs: this.#firstSendUs,
        failures: null,
        causeComplete: false,
        otherCauses: [],
        inFlight: 0,
        endpointKnown: true,
        back: { sendUs, seenUs },
        stillAbsentUs: orElse(this.#sendOf(this.#n - span), this.#firstSendUs),
        fall: null,
      });
    }
    this.#count(sendUs, seenUs);
    endpoint.member.hit(this.#n, sendUs, false);
    endpoint.unreachedBefore = this.#unreached;
  }

  /** Before a request that may be its own: it was absent until now, if that can be told yet. */
  #makeSure(endpoint: Endpoint): void {
    if (endpoint.sure !== null) {
      if (Number.isNaN(endpoint.sureUntilUs)) endpoint.sureUntilUs = this.#sendOf(this.#n);
      return;
    }
    endpoint.sure = this.#absence(endpoint);
    if (endpoint.sure === null) return;
    this.#noteMissed(endpoint);
    endpoint.sureUntilUs = this.#sendOf(this.#n);
  }

  /** Why it is absent; null when it is not. */
  #absence(endpoint: Endpoint): AbsenceKind | null {
    const { member } = endpoint;
    if (endpoint.sure !== null) return endpoint.sure;
    if (member.underWay > 0) return null;
    if (this.outage !== null && this.outage.firstSendUs > member.lastSendUs) return this.#kind(endpoint);
    const missed = this.#n - Math.max(member.clearN, this.#doubtN);
    if (missed < LEAST_MISSED) return null;
    const kind = this.#kind(endpoint);
    const sought = kind === 'ejected';
    const others = this.#othersHit(member);
    // Requests in doubt that are under way may be its own, and a balancer holds those against it.
    const quiet = this.#n - Math.max(member.clearN, this.#doubtClearN);
    const absent =
      (this.#doubtUnderWay === 0 && member.isAbsent(quiet, others, false, sought)) ||
      member.isAbsent(missed, others, true, sought);
    return absent ? kind : null;
  }

  #othersHit({ lastHitN }: Member): number {
    let others = 0;
    for (const { member } of this.#endpoints.values()) if (member.lastHitN > lastHitN) others += 1;
    return others;
  }

  #kind(endpoint: Endpoint): AbsenceKind {
    if (
      isCause(endpoint.failures, this.rule) ||
      endedCauses(endpoint).length > 0 ||
      this.#namelessCause(endpoint)
    ) {
      return 'ejected';
    }
    return this.#unreached > endpoint.unreachedBefore ? 'left' : 'silent';
  }

  /** Whether 5xx without an endpoint came in a row after its last answer. */
  #namelessCause({ member, failures }: Endpoint): boolean {
    if (failures.consecutive > 0) return false;
    return isCause(this.#nameless, this.rule) && this.#nameless.state().lastSeenUs > member.lastSeenUs;
  }

  #close(endpoint: Endpoint, kind: AbsenceKind, back: RawWindow['back']): void {
    const { member, failures } = endpoint;
    this.#noteMissed(endpoint);
    const [row = null] = endedCauses(endpoint);
    const own = isCause(failures, this.rule) || row !== null;
    const state = kind === 'ejected' ? this.#causeOf(endpoint) : null;
    const { outage } = this;
    const out = outage !== null && outage.firstSendUs > member.lastSendUs ? outage : null;
    // The last moment at which it surely was not there. Of those under way nobody knows which was sent on first.
    const missing = orElse(this.#sendOf(this.#n - this.#underWay - member.span + 1), member.lastSeenUs);
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
      causeComplete: state !== null && state.trigger !== null,
      otherCauses: endedCauses(endpoint).flatMap((other) => (other.state === state ? [] : [other.state])),
      inFlight: state?.trigger?.inFlight ?? 0,
      endpointKnown: own || kind !== 'ejected',
      back,
      stillAbsentUs: Math.max(inGap, out?.lastSendUs ?? inGap),
      fall: null,
    });
    if (row !== null) row.endedBy = 'absence';
    if (failures.consecutive > 0) this.#keepRow(endpoint, 'absence');
    endpoint.ended = [];
    this.#keepFall(endpoint, endpoint.falls?.open(member.lastSendUs) ?? null);
    endpoint.sliced.n = this.#n;
    endpoint.sliced.sent = member.sent;
    if (kind === 'ejected' && back !== null) {
      // Other gateways may put it back later.
      endpoint.falls = new FallWatch(back.sendUs, shareOf(member));
      endpoint.fallCause = state;
    } else {
      endpoint.falls = null;
    }
    failures.reset();
  }

  #watchFall(endpoint: Endpoint, untilUs: number): void {
    const { member, failures, sliced } = endpoint;
    const hits = member.sent - sliced.sent;
    // What came after its last may turn out to be an absence as a whole.
    if (hits === 0) return;
    const requests = member.lastHitN - sliced.n;
    sliced.n = member.lastHitN;
    sliced.sent = member.sent;
    if (endpoint.falls === null) {
      if (!isCause(failures, this.rule)) return;
      endpoint.fallCause = failures.state();
      endpoint.falls = new FallWatch(untilUs, shareOf(member));
      return;
    }
    const fall = endpoint.falls.add(requests, hits, 1 / this.#present(endpoint), untilUs);
    if (fall === null) return;
    this.#keepFall(endpoint, fall);
    endpoint.falls = new FallWatch(untilUs, endpoint.falls.share);
  }

  /** Endpoints that are sent requests at the time, the one in question included. */
  #present(endpoint: Endpoint): number {
    let present = 0;
    for (const other of this.#endpoints.values()) {
      const { member } = other;
      if (other === endpoint || member.underWay > 0 || this.#n - member.lastHitN < member.span) present += 1;
    }
    return present;
  }

  #keepFall(endpoint: Endpoint, fall: Fall | null): void {
    if (fall === null) return;
    const { member, fallCause: failures } = endpoint;
    this.#keep({
      slot: this.slot,
      endpoint: endpoint.label,
      kind: 'ejected',
      begunInRun: true,
      lastSendUs: fall.startBoundsUs[0],
      lastSeenUs: fall.startBoundsUs[0],
      missedUs: fall.startBoundsUs[1],
      failures,
      causeComplete: false,
      otherCauses: [],
      inFlight: failures?.trigger?.inFlight ?? 0,
      endpointKnown: true,
      back: null,
      stillAbsentUs: fall.endBoundsUs?.[0] ?? member.lastSeenUs,
      fall,
    });
  }

  /** The 5xx that ejected it. */
  #causeOf(endpoint: Endpoint): FailureState {
    if (isCause(endpoint.failures, this.rule)) return endpoint.failures.state();
    return endedCauses(endpoint)[0]?.state ?? this.#nameless.state();
  }

  #noteMissed(endpoint: Endpoint): void {
    const { member } = endpoint;
    if (!Number.isNaN(endpoint.missedUs) || member.underWay > 0) return;
    const since = Math.max(member.clearN, this.#doubtN);
    const { span } = member;
    if (this.#n - since >= span) endpoint.missedUs = this.#seenOf(since + span);
  }

  #keep(window: RawWindow): void {
    if (this.windows.length < MOST_FOUND) this.windows.push(window);
    else this.dropped += 1;
  }

  #keepRow(endpoint: Endpoint, endedBy: FailureRow['endedBy']): void {
    const state = endpoint.failures.state();
    const { rule } = this;
    if (rule === null ? state.consecutive < ROW_WITHOUT_RULE : state.trigger === null) return;
    const row: FoundRow = { endpoint: endpoint.label, state, endedBy };
    const recentUs = state.lastSeenUs - PUT_OFF_US;
    endpoint.ended = endpoint.ended.filter((other) => decidedUs(other) >= recentUs);
    if (endpoint.ended.length < MOST_ENDED) endpoint.ended.push(row);
    if (this.rows.length < MOST_FOUND) this.rows.push(row);
    else this.dropped += 1;
  }
}

/**
 * Rows of 5xx that can have ejected it although good answers followed: the gateway puts an ejection off, to merge it
 * with the change before it.
 */
function endedCauses({ ended, member }: Endpoint): FoundRow[] {
  return ended.filter((row) => member.lastSendUs <= decidedUs(row) + PUT_OFF_US);
}

function decidedUs({ state }: FoundRow): number {
  return state.trigger?.boundsUs[1] ?? state.lastSeenUs;
}

/**
 * Whether 5xx in a row can have ejected: as many as the rule asks for, or half as many where the gateway may have
 * counted other clients' too.
 */
function isCause(tracker: FailureTracker, rule: EjectionRule | null): boolean {
  const { consecutive } = tracker;
  if (consecutive === 0) return false;
  if (rule === null) return consecutive >= LEAST_IN_A_ROW;
  const counts = [rule.consecutive5xx, rule.consecutiveGatewayErrors].filter((count) => count > 0);
  return counts.length > 0 && consecutive >= Math.ceil(Math.min(...counts) / 2);
}

function shareOf({ share, leastShare }: Member): { likely: number; least: number } {
  return { likely: share, least: leastShare };
}

function orElse(value: number, other: number): number {
  return Number.isNaN(value) ? other : value;
}

/** The lesser of two of which either may be NaN. */
function least(a: number, b: number): number {
  return Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.min(a, b);
}
