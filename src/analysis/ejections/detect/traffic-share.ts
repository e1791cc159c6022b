/**
 * The share of requests that one member of a group gets: an endpoint of its version, or a version of its route. The member
 * is absent if the others got so many requests in the meantime that this is too unlikely by chance. Requests of the group
 * are numbered in order of sending; `n` is such a number.
 */

/** A silence that is less likely than this by chance is an absence. */
const CHANCE = 1e-6;
const LN_CHANCE = Math.log(CHANCE);
/** Without 5xx that show when to look, the chance is divided among looks: at least so many. */
const MIN_LOOKS = 1000;
export const CHANCE_WITHOUT_CAUSE = CHANCE / MIN_LOOKS;
/** After so many requests to it, its share counts as known. */
const MIN_REQUESTS = 8;
/** Before that, its share is assumed to be at most so many times smaller than an even one. */
const UNEVEN = 4;
/** After so many requests of the group, older ones count half, since shares change during a run. */
const MEMORY = 8192;
/** After so many turns, the group's longest turn is a bound; after so many of its own, a member counts as like the others. */
const MIN_TURNS = 100;
const MIN_OWN_TURNS = 10;
const RECENT_ANSWERS = 64;

/** How many consecutive requests must go elsewhere until that is less likely than `chance` for a share of `p`. */
export function missesNeeded(p: number, chance = CHANCE): number {
  return Math.log(chance) / Math.log1p(-Math.min(p, 0.999));
}

/** The smallest share that is assumed for one of `members` while nothing is known about it. */
export function minShareAmong(members: number): number {
  return 1 / (UNEVEN * Math.max(1, members));
}

/** Service times of good answers, to the first byte, µs. */
class AnswerTimes {
  sumUs = 0;
  count = 0;
  /** Moving average. */
  recentUs = 0;

  add(us: number): void {
    this.sumUs += us;
    this.count += 1;
    this.recentUs += (us - this.recentUs) / Math.min(this.count, RECENT_ANSWERS);
  }
}

/** The turns of a group. A turn is the number of the group's requests from one request to a member to its next one. */
export class Turns {
  longest = 0;
  #count = 0;

  add(turn: number): void {
    this.#count += 1;
    if (turn > this.longest) this.longest = turn;
  }

  /** Whether members come in turn (round robin): turns vary much less than random choice with share `p` makes them. */
  areRegular(p: number): boolean {
    return this.#count >= MIN_TURNS && this.longest < (0.5 * Math.log(this.#count)) / -Math.log1p(-p);
  }
}

export class TrafficShare {
  /** The number of its last request. */
  lastSentN = 0;
  /** The group's last request when its last response was seen, so that none was in flight. */
  idleSinceN = 0;
  inFlight = 0;
  lastSendUs = Number.NaN;
  lastSeenUs = Number.NaN;
  /** Requests sent to it. */
  requests = 0;
  readonly answers = new AnswerTimes();
  /** Its requests, and the group's while it was in rotation; both are halved from time to time. */
  #own = 0;
  #ofGroup = 0;
  #turns = 0;
  /** Members of the group when it was last sent a request. */
  #membersWhenSent = 0;

  /**
   * It is sent the group's `n`th request.
   *
   * @param absent it had been absent before
   * @param turns of the group; null: not recorded
   * @param members of the group
   */
  sent(n: number, sendUs: number, absent: boolean, turns: Turns | null = null, members = 0): void {
    this.#membersWhenSent = members;
    const turn = n - this.lastSentN;
    this.requests += 1;
    this.#own += 1;
    if (absent || this.#own === 1) {
      this.#ofGroup += 1;
    } else {
      this.#ofGroup += turn;
      this.#turns += 1;
      turns?.add(turn);
    }
    if (this.#ofGroup > MEMORY) {
      this.#ofGroup /= 2;
      this.#own /= 2;
    }
    this.lastSentN = n;
    this.inFlight += 1;
    this.lastSendUs = sendUs;
  }

  /** Its response is seen; the group's last request so far is the `n`th. */
  seen(n: number, seenUs: number): void {
    this.inFlight -= 1;
    if (this.inFlight === 0) this.idleSinceN = n;
    if (!(seenUs <= this.lastSeenUs)) this.lastSeenUs = seenUs;
  }

  /** Its share changes from now on: earlier requests say nothing about it. */
  forgetShare(): void {
    this.#own = 0;
    this.#ofGroup = 0;
  }

  /** Estimate of its share while it was in rotation; 0 without requests. */
  get share(): number {
    return this.#ofGroup === 0 ? 0 : this.#own / this.#ofGroup;
  }

  /** Lower bound of its share: two standard errors below the estimate; 0 with too few requests. */
  get minShare(): number {
    if (this.#own < MIN_REQUESTS) return 0;
    return Math.min(0.999, (this.#own - 2 * Math.sqrt(this.#own)) / this.#ofGroup);
  }

  /** A quick test: false if missing `k` requests of the group cannot be an absence, whichever members got them. */
  mayBeAbsent(k: number): boolean {
    const share = this.minShare || minShareAmong(2);
    return k * Math.log1p(-share) < LN_CHANCE;
  }

  /**
   * Whether missing `k` requests of the group is an absence.
   *
   * @param others other members that got some of these requests: its share is at most an even one among them
   * @param unknownInFlight requests to unknown members are in flight, because of which a least-request balancer may
   *   send it less
   * @param hasCause its 5xx show when to look; otherwise the chance is divided among all its turns so far
   */
  isAbsent(k: number, others: number, unknownInFlight: boolean, hasCause: boolean): boolean {
    const min = this.minShare || (hasCause ? minShareAmong(others + 1) : 0);
    const share = Math.min(min, 1 / (others + 1));
    if (share <= 0) return false;
    const p = unknownInFlight ? share * share : share;
    const lnChance = hasCause ? LN_CHANCE : LN_CHANCE - Math.log(this.#turns + MIN_LOOKS);
    return k * Math.log1p(-p) < lnChance;
  }

  /**
   * After how many requests of the group it would have been sent one if it was in rotation. If members come in turn and none
   * joined since, this is the longest turn; otherwise the number follows from the chance.
   *
   * @param members of the group
   */
  requestsUntilMissed(turns: Turns, members: number): number {
    const p = Math.min(this.minShare || minShareAmong(members), 1 / Math.max(1, members));
    const byChance = Math.ceil(missesNeeded(p));
    const inTurn =
      this.#turns >= MIN_OWN_TURNS && this.#membersWhenSent === members && turns.areRegular(this.minShare);
    return inTurn ? Math.min(byChance, turns.longest) : byChance;
  }
}
