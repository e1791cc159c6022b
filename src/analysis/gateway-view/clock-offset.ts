/**
 * By how much the clock of an event log differs from this machine's. Each absence that both tell of says that the
 * difference lies between two values; the difference in which most of them agree is taken. Gateway and client are
 * often on one machine, so 0 stands unless another value explains clearly more.
 */

import { MAX_OFFSET_MS, type Span } from '../../blocks/gateway-observations.js';
import { MERGE_WINDOW_MS } from '../../plan/policy/envoy-defaults.js';
import { SLACK_MS } from '../envoy-timing.js';
import { type Claim, type Claims, claimedBy, mostClaimed, overlap, type Region } from './offset-claims.js';

/** An absence as it was seen on the run clock. */
export interface Sighting {
  /** By the client's requests, or by looks at an admin interface. */
  readonly by: 'client' | 'admin';
  /** When it began and ended; infinite where it is not known. */
  readonly startMs: Span;
  readonly endMs: Span;
  /** It may have been seen so much later than it was logged, ms. */
  readonly lateMs: number;
}

/** An absence as the log may tell it; ms since the start of the run by the log's clock. */
export interface Logged {
  readonly cluster: string;
  readonly address: string;
  readonly ejectedMs: Span | null;
  readonly unejectedMs: Span | null;
}

export interface Offset {
  /** The log's clock minus the run's, ms. */
  readonly estimate: number;
  readonly bounds: [lo: number, hi: number];
}

/** A sighting, and what in the log may be the same. */
export interface Candidates {
  readonly sighting: Sighting;
  /** By when they began. */
  readonly logged: readonly Logged[];
}

/**
 * The offset in which the most sightings find themselves in the log, each absence of the log counted once: of equally
 * good ones the one that needs the fewest late sightings, then the one nearest 0. Null when there is nothing to
 * compare, or too little agrees.
 */
export function clockOffset(candidates: readonly Candidates[]): Offset | null {
  const { loose, prompt } = claimsOf(candidates);
  const best = bestRegion(loose, prompt);
  // An interval that says nothing, as of an absence that lasted for the whole run.
  if (best === null || best.region.hi - best.region.lo > MAX_OFFSET_MS) return null;
  const { region, inner } = best;
  if (fromZero(inner) === 0) return { estimate: 0, bounds: [region.lo, region.hi] };
  const estimate = (inner.lo + inner.hi) / 2;
  const [atZero, promptAtZero] = [claimedBy(loose, 0), claimedBy(prompt, 0)];
  const its = claimedBy(prompt, estimate).claims;
  const isBetter =
    outweighs(claimedBy(loose, estimate).claims, atZero.claims) || outweighs(its, promptAtZero.claims);
  const isSole = atZero.claims.all === 0 && its.all > 0 && isUnmistakable(candidates, its);
  if (isBetter || isSole) return { estimate, bounds: [region.lo, region.hi] };
  if (atZero.claims.all === 0) return null;
  return { estimate: 0, bounds: [atZero.lo, atZero.hi] };
}

/** Whether an offset explains clearly more than 0 does, and no fewer of the client's windows. */
function outweighs(its: Claims, zeros: Claims): boolean {
  if (its.client < zeros.client) return false;
  return its.most >= zeros.most + 2 && 4 * zeros.most < 3 * its.most;
}

/** An absence fits any other of its length: one that agrees is enough only when nothing else could be meant. */
function isUnmistakable(candidates: readonly Candidates[], { all }: Claims): boolean {
  const compared = candidates.filter(({ logged }) => logged.length > 0);
  const logged = new Set(compared.flatMap((one) => one.logged));
  const seenBy = new Set(compared.map(({ sighting }) => sighting.by));
  const [one] = logged;
  return (
    logged.size === 1 &&
    compared.length === seenBy.size &&
    compared.length === all &&
    one?.ejectedMs !== null &&
    one?.unejectedMs !== null &&
    compared.every(({ sighting: { startMs, endMs } }) => [...startMs, ...endMs].every(Number.isFinite))
  );
}

function claimsOf(candidates: readonly Candidates[]): { loose: Claim[]; prompt: Claim[] } {
  const numbers = new Map<Logged, number>();
  const numberOf = (one: Logged): number => {
    const known = numbers.get(one) ?? numbers.size;
    numbers.set(one, known);
    return known;
  };
  const loose: Claim[] = [];
  const prompt: Claim[] = [];
  candidates.forEach(({ sighting, logged }, of) => {
    const { by } = sighting;
    for (const { first, ...span } of [...logged.map((one) => ({ ...one, first: one })), ...joined(logged)]) {
      const fits = offsetsFor(sighting, span, sighting.lateMs);
      if (fits === null) continue;
      const claim = { by, of, logged: numberOf(first) };
      loose.push({ ...claim, ...fits });
      const tight = offsetsFor(sighting, span, 0);
      if (tight !== null) prompt.push({ ...claim, ...tight });
    }
  });
  return { loose, prompt };
}

/** So many absences in a row may be seen as one. */
const MAX_JOINED = 4;

/** Absences of an endpoint so close to each other that nobody may have seen it back in between. */
function joined(
  logged: readonly Logged[],
): (Pick<Logged, 'ejectedMs' | 'unejectedMs'> & { first: Logged })[] {
  const found: (Pick<Logged, 'ejectedMs' | 'unejectedMs'> & { first: Logged })[] = [];
  const ofHost = new Map<string, Logged[]>();
  for (const one of logged) {
    const key = `${one.cluster}\n${one.address}`;
    const before = ofHost.get(key) ?? [];
    ofHost.set(key, [...before, one].slice(-MAX_JOINED));
    for (let at = before.length - 1, next = one; at >= 0; at -= 1) {
      const first = before[at] as Logged;
      if (!touches(first, next)) break;
      found.push({ ejectedMs: first.ejectedMs, unejectedMs: one.unejectedMs, first });
      next = first;
    }
  }
  return found;
}

function touches({ unejectedMs }: Logged, { ejectedMs }: Logged): boolean {
  if (unejectedMs === null || ejectedMs === null) return false;
  return ejectedMs[0] - unejectedMs[1] <= MERGE_WINDOW_MS + SLACK_MS;
}

/** Which offsets make one the other; null: none does. */
function offsetsFor(
  { startMs, endMs }: Sighting,
  { ejectedMs, unejectedMs }: Pick<Logged, 'ejectedMs' | 'unejectedMs'>,
  lateMs: number,
): { lo: number; hi: number } | null {
  let [lo, hi] = [-MAX_OFFSET_MS, MAX_OFFSET_MS];
  for (const [logged, seen] of [
    [ejectedMs, startMs],
    [unejectedMs, endMs],
  ] as const) {
    if (logged === null) continue;
    lo = Math.max(lo, logged[0] - SLACK_MS - seen[1]);
    hi = Math.min(hi, logged[1] + lateMs + SLACK_MS - seen[0]);
  }
  return lo <= hi && (ejectedMs !== null || unejectedMs !== null) ? { lo, hi } : null;
}

/** Of the regions with the most claims the one with the most prompt ones, and where in it these are. */
function bestRegion(
  loose: readonly Claim[],
  prompt: readonly Claim[],
): { region: Region; inner: Region } | null {
  let best: { region: Region; inner: Region } | null = null;
  for (const region of mostClaimed(loose)) {
    const inner = nearest(mostClaimed(overlap(prompt, region))) ?? { ...region, claims: NONE };
    const isMore = best === null || inner.claims.all > best.inner.claims.all;
    const isAsMuch = best !== null && inner.claims.all === best.inner.claims.all;
    if (isMore || (isAsMuch && fromZero(inner) < fromZero((best as { inner: Region }).inner))) {
      best = { region, inner };
    }
  }
  return best;
}

const NONE: Claims = { client: 0, admin: 0, all: 0, most: 0 };

function nearest(regions: readonly Region[]): Region | null {
  return regions.reduce<Region | null>(
    (best, region) => (best === null || fromZero(region) < fromZero(best) ? region : best),
    null,
  );
}

function fromZero({ lo, hi }: Pick<Region, 'lo' | 'hi'>): number {
  return Math.max(lo, -hi, 0);
}
