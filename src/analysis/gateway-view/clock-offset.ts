/**
 * Estimates by how much the clock of an event log is ahead of this machine's. Each absence that both the log and another
 * source have gives an interval for the offset; the offset in which most intervals agree is taken (as Marzullo's
 * algorithm does). Gateway and client are often on one machine, so 0 is kept unless another value explains clearly more.
 */

import { MAX_OFFSET_MS, type Span } from '../../blocks/gateway-observations.js';
import type { LoggedEjection } from '../../gateway/log-ejections.js';
import { MERGE_WINDOW_MS } from '../../plan/policy/envoy-defaults.js';
import { SLACK_MS } from '../envoy-timing.js';
import { type Claim, type Claims, claimedBy, mostClaimed, overlap, type Region } from './offset-claims.js';

/** An absence as it was seen, on the run clock. */
export interface Sighting {
  /** The client's requests, or looks at an admin interface. */
  readonly by: 'client' | 'admin';
  /** Bounds of its start and end; infinite where not known. */
  readonly startMs: Span;
  readonly endMs: Span;
  /** It may be seen up to this much later than it is logged, ms. */
  readonly lateMs: number;
}

/** An ejection of the log; ms since the start of the run by the log's clock. */
export type Logged = Pick<LoggedEjection, 'cluster' | 'address' | 'ejectedMs' | 'unejectedMs'>;

export interface Offset {
  /** The log's clock minus the run's, ms. */
  readonly estimate: number;
  readonly bounds: [lo: number, hi: number];
}

/** A sighting, and the logged ejections that may be the same. */
export interface Candidates {
  readonly sighting: Sighting;
  /** In order of start. */
  readonly logged: readonly Logged[];
}

/**
 * The offset at which the most sightings agree with the log, each logged ejection counted once. Of equally good offsets, the
 * one with the fewest late sightings is taken, then the one nearest to 0.
 *
 * @returns null if there is nothing to compare, or too little agrees
 */
export function clockOffset(candidates: readonly Candidates[]): Offset | null {
  const { loose, prompt } = claimsOf(candidates);
  const best = bestRegion(loose, prompt);
  // An absence that lasted for the whole run says nothing about the offset.
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

/** Whether one agreement is enough: any two absences of the same length agree, so there must be no other candidate. */
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

/** At most so many consecutive ejections may be seen as one absence. */
const MAX_JOINED = 4;

/** Ejections of an endpoint that follow each other so closely that it may not have been seen in between, as one. */
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

/** The offsets at which the logged ejection can be the sighting; null: none. */
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

/** Of the regions with the most claims: the one with the most prompt claims, and where in it these are. */
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
