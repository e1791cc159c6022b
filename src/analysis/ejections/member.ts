/**
 * One of several that share requests (an endpoint of a version, a version of the route): whether it still gets its
 * share. It is absent when the others got so many requests without it that chance would hardly leave it out.
 */

/** An absence is one whose chance is below this. */
const CHANCE = 1e-6;
const LN_CHANCE = Math.log(CHANCE);
/** Hits from which its share is taken for known. */
const LEAST_HITS = 8;
/** Past so many requests the older ones count half: shares change while a run goes on. */
const MEMORY = 8192;
/** Turns after which their longest tells what its regular turn is. */
const LEAST_TURNS = 100;

/** Requests that all miss a member with share `p` with a chance of {@link CHANCE}. */
export function missesNeeded(p: number, chance = CHANCE): number {
  return Math.log(chance) / Math.log1p(-Math.min(p, 0.999));
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
  #hits = 0;
  #exposures = 0;
  #turns = 0;
  #longestTurn = 0;

  /** It was sent the group's nth request; `absent`: it had been absent before. */
  hit(n: number, sendUs: number, absent: boolean): void {
    const turn = n - this.lastHitN;
    this.sent += 1;
    this.#hits += 1;
    if (absent || this.#hits === 1) {
      this.#exposures += 1;
    } else {
      this.#exposures += turn;
      this.#turns += 1;
      if (turn > this.#longestTurn) this.#longestTurn = turn;
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

  /** Its share of the group's requests while it was there. */
  get share(): number {
    return this.#exposures === 0 ? 0 : this.#hits / this.#exposures;
  }

  /** What its share is at least, as far as its requests tell: two standard errors below. */
  get leastShare(): number {
    if (this.#hits < LEAST_HITS) return 0;
    return Math.min(0.999, (this.#hits - 2 * Math.sqrt(this.#hits)) / this.#exposures);
  }

  /**
   * Requests of the group within which it is sent one as long as it is there. Where it comes in turn, as with
   * round robin, that is little more than its longest turn; else as many as chance allows.
   */
  get span(): number {
    const byChance = Math.ceil(missesNeeded(this.leastShare));
    return this.comesInTurn ? Math.min(byChance, this.#longestTurn + 1) : byChance;
  }

  /** Whether its turns vary so much less than chance would have it that their longest is a bound. */
  get comesInTurn(): boolean {
    if (this.#turns < LEAST_TURNS) return false;
    return this.#longestTurn < (0.5 * Math.log(this.#turns)) / -Math.log1p(-this.leastShare);
  }

  /**
   * Whether missing `k` of the group's requests is an absence.
   *
   * @param others other members that got some of them: of these it would have been one
   * @param doubtful requests of unknown members are under way, which a load balancer may hold against it
   * @param sought 1 when something tells when to look; else the chance is shared by all the turns it has
   */
  isAbsent(k: number, others: number, doubtful: boolean, sought: boolean): boolean {
    const share = Math.min(this.leastShare, 1 / (others + 1));
    if (share <= 0) return false;
    const p = doubtful ? share * share : share;
    const lnChance = sought ? LN_CHANCE : LN_CHANCE - Math.log(this.#turns + 1000);
    return k * Math.log1p(-p) < lnChance;
  }
}
