/**
 * By how much the clock of an event log differs from this machine's. Each absence that both tell of says that the
 * difference lies between two values; the difference in which most of them agree is taken.
 */
import { SLACK_MS } from '../analysis/ejections/sequence.js';
import { MOST_OFFSET_MS, type Span } from './observations.js';

/** An absence as it was seen on the run clock. */
export interface Sighting {
  /** When it began and ended; infinite where it is not known. */
  readonly startMs: Span;
  readonly endMs: Span;
  /** It may have been seen so much later than it was logged, ms. */
  readonly lateMs: number;
}

/** The same absence as the log may tell it; ms since the start of the run by the log's clock. */
interface Logged {
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
  readonly logged: readonly Logged[];
}

/** An interval that is of one sighting. */
interface Claim {
  readonly of: number;
  readonly lo: number;
  readonly hi: number;
}

interface Region {
  readonly claims: number;
  readonly lo: number;
  readonly hi: number;
}

/**
 * The offset in which the most sightings find themselves in the log: of equally good ones the one that needs the
 * fewest late sightings, then the one nearest 0. Null when there is nothing to compare.
 */
export function clockOffset(candidates: readonly Candidates[]): Offset | null {
  const claims: Claim[] = [];
  const prompt: Claim[] = [];
  candidates.forEach(({ sighting, logged }, of) => {
    for (const one of logged) {
      const loose = offsetsFor(sighting, one, sighting.lateMs);
      if (loose === null) continue;
      claims.push({ of, ...loose });
      const tight = offsetsFor(sighting, one, 0);
      if (tight !== null) prompt.push({ of, ...tight });
    }
  });
  let best: { region: Region; inner: Region } | null = null;
  for (const region of mostAgreed(claims)) {
    const inner = nearest(mostAgreed(within(prompt, region))) ?? { ...region, claims: 0 };
    if (
      best === null ||
      inner.claims > best.inner.claims ||
      (inner.claims === best.inner.claims && fromZero(inner) < fromZero(best.inner))
    ) {
      best = { region, inner };
    }
  }
  if (best === null) return null;
  const { region, inner } = best;
  // An interval that says nothing, as of an absence that lasted for the whole run.
  if (region.hi - region.lo > MOST_OFFSET_MS) return null;
  const estimate = fromZero(inner) === 0 ? 0 : (inner.lo + inner.hi) / 2;
  return { estimate, bounds: [region.lo, region.hi] };
}

/** Which offsets make one the other; null: none does. */
function offsetsFor(
  { startMs, endMs }: Sighting,
  { ejectedMs, unejectedMs }: Logged,
  lateMs: number,
): { lo: number; hi: number } | null {
  let [lo, hi] = [-MOST_OFFSET_MS, MOST_OFFSET_MS];
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

function within(claims: readonly Claim[], { lo, hi }: Region): Claim[] {
  return claims.flatMap((claim) => {
    const clipped = { of: claim.of, lo: Math.max(claim.lo, lo), hi: Math.min(claim.hi, hi) };
    return clipped.lo <= clipped.hi ? [clipped] : [];
  });
}

/** The regions that lie in claims of the most different sightings, from left to right. */
function mostAgreed(claims: readonly Claim[]): Region[] {
  const ends = united(claims).flatMap(({ lo, hi }) => [
    { at: lo, opens: true },
    { at: hi, opens: false },
  ]);
  // A claim that ends where another begins has that point in common with it.
  ends.sort((a, b) => a.at - b.at || Number(b.opens) - Number(a.opens));
  let open = 0;
  let most = 0;
  let regions: { claims: number; lo: number; hi: number }[] = [];
  let growing = false;
  for (const { at, opens } of ends) {
    if (opens) {
      open += 1;
      if (open > most) regions = [];
      most = Math.max(most, open);
      if (open === most) regions.push({ claims: open, lo: at, hi: at });
      growing = open === most;
      continue;
    }
    const region = regions.at(-1);
    if (growing && region !== undefined) region.hi = at;
    growing = false;
    open -= 1;
  }
  return regions;
}

/** Overlapping claims of one sighting become one, so that it does not count twice. */
function united(claims: readonly Claim[]): Claim[] {
  const sorted = [...claims].sort((a, b) => a.of - b.of || a.lo - b.lo);
  const kept: { of: number; lo: number; hi: number }[] = [];
  for (const claim of sorted) {
    const last = kept.at(-1);
    if (last?.of === claim.of && claim.lo <= last.hi) last.hi = Math.max(last.hi, claim.hi);
    else kept.push({ ...claim });
  }
  return kept;
}

function nearest(regions: readonly Region[]): Region | null {
  return regions.reduce<Region | null>(
    (best, region) => (best === null || fromZero(region) < fromZero(best) ? region : best),
    null,
  );
}

function fromZero({ lo, hi }: Pick<Region, 'lo' | 'hi'>): number {
  return Math.max(lo, -hi, 0);
}
