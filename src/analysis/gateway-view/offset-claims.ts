/**
 * A claim is an interval of clock offsets at which a sighting can be a logged ejection. Finds the offsets in which the most
 * claims agree.
 */

/** The offsets at which a sighting can be a logged ejection, ms. */
export interface Claim {
  readonly by: 'client' | 'admin';
  /** Number of the sighting. */
  readonly of: number;
  /** Number of the logged ejection; if several count as one, of the first. */
  readonly logged: number;
  readonly lo: number;
  readonly hi: number;
}

/** How many claims agree, each sighting and each logged ejection counted once. */
export interface Claims {
  readonly client: number;
  readonly admin: number;
  readonly all: number;
  /** The greater of the two, since client and interface see the same absences. */
  readonly most: number;
}

export interface Region {
  readonly claims: Claims;
  readonly lo: number;
  readonly hi: number;
}

/** The regions of offsets in which the most claims agree, from left to right. */
export function mostClaimed(claims: readonly Claim[]): Region[] {
  let most = 0;
  let regions: { claims: Claims; lo: number; hi: number }[] = [];
  let growing = false;
  for (const { claims: here, lo, hi } of steps(claims)) {
    if (here.all > most) {
      most = here.all;
      regions = [];
      growing = false;
    }
    const last = regions.at(-1);
    if (here.all === 0 || here.all < most) growing = false;
    else if (growing && last !== undefined) last.hi = hi;
    else {
      regions.push({ claims: here, lo, hi });
      growing = true;
    }
  }
  return regions;
}

/** The region around an offset in which no fewer claims agree than at the offset; if none agree, the offset alone. */
export function claimedBy(claims: readonly Claim[], offset: number): Region {
  const all = [...steps(claims)];
  let best = -1;
  all.forEach(({ claims: here, lo, hi }, i) => {
    if (lo > offset || hi < offset || here.all === 0) return;
    if (best === -1 || here.all > (all[best] as Region).claims.all) best = i;
  });
  const own = all[best];
  if (own === undefined) {
    return { claims: { client: 0, admin: 0, all: 0, most: 0 }, lo: offset, hi: offset };
  }
  let [from, to] = [best, best];
  while ((all[from - 1]?.claims.all ?? 0) >= own.claims.all) from -= 1;
  while ((all[to + 1]?.claims.all ?? 0) >= own.claims.all) to += 1;
  return { claims: own.claims, lo: (all[from] as Region).lo, hi: (all[to] as Region).hi };
}

/** The parts of claims that lie within a region. */
export function overlap(claims: readonly Claim[], { lo, hi }: Pick<Region, 'lo' | 'hi'>): Claim[] {
  return claims.flatMap((claim) => {
    const clipped = { ...claim, lo: Math.max(claim.lo, lo), hi: Math.min(claim.hi, hi) };
    return clipped.lo <= clipped.hi ? [clipped] : [];
  });
}

/** The regions between neighbouring ends of claims, from left to right, each with the claims that agree in it. */
function* steps(claims: readonly Claim[]): Generator<Region> {
  const ends = claims.flatMap((claim) => [
    { at: claim.lo, opens: true, claim },
    { at: claim.hi, opens: false, claim },
  ]);
  // A claim that ends where another begins shares that point with it.
  ends.sort((a, b) => a.at - b.at || Number(b.opens) - Number(a.opens));
  const sightings = { client: new Open(), admin: new Open() };
  const logged = { client: new Open(), admin: new Open() };
  for (const [i, { at, opens, claim }] of ends.entries()) {
    const by = opens ? 1 : -1;
    sightings[claim.by].add(claim.of, by);
    logged[claim.by].add(claim.logged, by);
    const client = Math.min(sightings.client.size, logged.client.size);
    const admin = Math.min(sightings.admin.size, logged.admin.size);
    const here = { client, admin, all: client + admin, most: Math.max(client, admin) };
    yield { claims: here, lo: at, hi: ends[i + 1]?.at ?? at };
  }
}

/** Numbers of sightings or ejections whose claims are open. */
class Open {
  readonly #times = new Map<number, number>();

  get size(): number {
    return this.#times.size;
  }

  add(number: number, by: 1 | -1): void {
    const times = (this.#times.get(number) ?? 0) + by;
    if (times === 0) this.#times.delete(number);
    else this.#times.set(number, times);
  }
}
