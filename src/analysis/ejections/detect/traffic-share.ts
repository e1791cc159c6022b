/**
 * One of several that share requests (an endpoint of a version, a version of the route): whether it still gets its
 * share. It is absent when the others got so many requests without it that chance would hardly leave it out.
 */

/** An absence is one whose chance is below this. */
const CHANCE = 1e-6;
const LN_CHANCE = Math.log(CHANCE);
/** Where nothing tells when to look: the least number of looks that share the chance. */
const LOOKS = 1000;
export const UNSOUGHT_CHANCE = CHANCE / LOOKS;
/** Hits from which its share is taken for known. */
const MIN_HITS = 8;
/** Before that, shares may be so many times smaller than even ones. */
const UNEVEN = 4;
/** Past so many requests the older ones count half: shares change while a run goes on. */
const MEMORY = 8192;
/** Turns of a group after which their longest tells what a turn is, and of a member after which it is one like others. */
const MIN_TURNS = 100;
const MIN_OWN_TURNS = 10;
const RECENT_ANSWERS = 64;

/** Requests that all miss a member with share `p` with the chance given. */
export function missesNeeded(p: number, chance = CHANCE): number {
  return Math.log(chance) / Math.log1p(-Math.min(p, 0.999));
}

/** What the share of one of so many is at least while nothing is known of it. */
export function leastAmong(members: number): number {
  return 1 / (UNEVEN * Math.max(1, members));
}

/** How long good answers took, to the first byte, µs. */
class AnswerTimes {
  sumUs = 0;
  count = 0;
  /** Of the last ones: each new one counts for a part. */
  recentUs = 0;

  add(us: number): void {
    this.sumUs += us;
    this.count += 1;
    this.recentUs += (us - this.recentUs) / Math.min(this.count, RECENT_ANSWERS);
  }
}

/** Turns of a group's members: requests of the group from one of a member to its next. */
export class Turns {
  longest = 0;
  #count = 0;

  add(turn: number): void {
    this.#count += 1;
    if (turn > this.longest) this.longest = turn;
  }

  /** Whether they vary so much less than chance would have those of a share `p` that their longest is a bound. */
  areRegular(p: number): boolean {
    return this.#count >= MIN_TURNS && this.longest < (0.5 * Math.log(this.#count)) / -Math.log1p(-p);
  }
}

export class Member {
  /** Requests of the group, this included, when it last was sent one. */
  lastHitN = 0;
  /** The same when its last response was seen, so that none was under way. */
  clearN = 0;
  underWay = 0;
  lastSendUs = Number.NaN;
  lastSeenUs = Number.NaN;
  /** Requests that it was sent. */
  sent = 0;
  readonly answers = new AnswerTimes();
  #hits = 0;
  #exposures = 0;
  #turns = 0;
  /** Members of the group when it last was sent a request. */
  #membersAtHit = 0;

  /** It was sent the group's nth request; `absent`: it had been absent before. `turns`, `members`: of the group. */
  hit(n: number, sendUs: number, absent: boolean, turns: Turns | null = null, members = 0): void {
    this.#membersAtHit = members;
    const turn = n - this.lastHitN;
    this.sent += 1;
    this.#hits += 1;
    if (absent || this.#hits === 1) {
      this.#exposures += 1;
    } else {
      this.#exposures += turn;
      this.#turns += 1;
      turns?.add(turn);
    }
    if (this.#exposures > MEMORY) {
      this.#exposures /= 2;
      this.#hits /= 2;
    }
    this.lastHitN = n;
    this.underWay += 1;
    this.lastSendUs = sendUs;
  }

  /** Its response was seen, when the group had been sent `n`. */
  seen(n: number, seenUs: number): void {
    this.underWay -= 1;
    if (this.underWay === 0) this.clearN = n;
    if (!(seenUs <= this.lastSeenUs)) this.lastSeenUs = seenUs;
  }

  /** Its share is another from now on: what is known of it holds no longer. */
  forgetShare(): void {
    this.#hits = 0;
    this.#exposures = 0;
  }

  /** Whether missing `k` of the group's requests can be an absence at all, whoever else got them. */
  canBeAbsent(k: number): boolean {
    const share = this.leastShare || leastAmong(2);
    return k * Math.log1p(-share) < LN_CHANCE;
  }

  /** Its share of the group's requests while it was there. */
  get share(): number {
    return this.#exposures === 0 ? 0 : this.#hits / this.#exposures;
  }

  /** What its share is at least, as far as its requests tell: two standard errors below. */
  get leastShare(): number {
    if (this.#hits < MIN_HITS) return 0;
    return Math.min(0.999, (this.#hits - 2 * Math.sqrt(this.#hits)) / this.#exposures);
  }

  /**
   * Requests of the group within which it is sent one as long as it is there. Where members come in turn, as with round
   * robin, that is the longest turn of any; else, and where others joined since, it is as many as chance allows.
   *
   * @param members of the group
   */
  span(turns: Turns, members: number): number {
    const p = Math.min(this.leastShare || leastAmong(members), 1 / Math.max(1, members));
    const byChance = Math.ceil(missesNeeded(p));
    const inTurn =
      this.#turns >= MIN_OWN_TURNS && this.#membersAtHit === members && turns.areRegular(this.leastShare);
    return inTurn ? Math.min(byChance, turns.longest) : byChance;
  }

  /**
   * Whether missing `k` of the group's requests is an absence.
   *
   * @param others other members that got some of them: of these it would have been one
   * @param doubtful requests of unknown members are under way, which a load balancer may hold against it
   * @param sought something tells when to look; else the chance is shared by all the turns it has
   */
  isAbsent(k: number, others: number, doubtful: boolean, sought: boolean): boolean {
    const least = this.leastShare || (sought ? leastAmong(others + 1) : 0);
    const share = Math.min(least, 1 / (others + 1));
    if (share <= 0) return false;
    const p = doubtful ? share * share : share;
    const lnChance = sought ? LN_CHANCE : LN_CHANCE - Math.log(this.#turns + LOOKS);
    return k * Math.log1p(-p) < lnChance;
  }
}
