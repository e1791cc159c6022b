/** What the order of sending shows: turns, bursts, shares that change. */
import type { Part, SendWindows } from '../send-windows.js';
import { type Counts, columnsWith, contrast, sharesOf, sizeOf, totalsOf } from '../stats/counts-table.js';
import { type Bursts, bursts, type Dispersion, dispersion } from '../stats/dispersion.js';
import { changedSegment, driftP, type Segment, scanWindows } from '../stats/drift.js';
import { chiSquareTail } from '../stats/gamma-tail.js';

/** Parts that a run must have at least. */
const MIN_PARTS = 10;
/** Expected responses of each version in a part. */
const MIN_EXPECTED = 5;
/**
 * Requests of a part for each one in flight, to see turns. The gateway may see those in flight in another order, which blurs the
 * ends of a part.
 */
const PER_IN_FLIGHT = 4;
/** Chance of finding turns, and of finding bursts, where there are none. */
export const DISPERSION_ALPHA = 0.005;
/** Where bursts are as likely as this, short changes are not looked for: requests that come in bursts look like them. */
const MAYBE_BURSTS = 0.05;
/** Chance of finding a change where there is none. */
const DRIFT_ALPHA = 0.01;
/** The same, against the versions of unknown requests that explain most of it. */
const UNKNOWN_ALPHA = 0.001;
/** Parts in which a change is looked for. */
const DRIFT_PARTS = 200;
/** Parts of the scan for short changes: 19 windows of a tenth of the run. */
const SCAN_PARTS = 20;

export interface SendOrder {
  /** How much parts of the run vary; null: there are too few. */
  readonly spread: (Dispersion & { readonly parts: number }) | null;
  /** Null: there are none. */
  readonly bursts: (Bursts & { readonly parts: number }) | null;
  /** Shares that change, once or for some time. */
  readonly change: {
    readonly p: number;
    readonly once: boolean;
    readonly inside: Part;
    readonly outside: Part;
  } | null;
  /** In which changes are looked for. */
  readonly parts: readonly Part[];
}

/** @param inFlight requests at once */
export function sendOrder(windows: SendWindows, inFlight: number): SendOrder {
  const whole = windows.whole();
  const columns = comparable(whole.counts);
  const leastShare = Math.min(...sharesOf(columns(whole.counts)));
  const partsOf = (size: number): readonly Counts[] | null => {
    if (!(leastShare < 1)) return null;
    const parts = windows.parts(Math.max(MIN_EXPECTED / leastShare, size));
    return parts.length < MIN_PARTS ? null : parts.map(({ counts }) => columns(counts));
  };
  const large = partsOf(PER_IN_FLIGHT * inFlight);
  const small = partsOf(0);
  const between = small === null ? null : { ...bursts(small), parts: small.length };
  const pBursts = between?.pMore ?? 1;
  const parts = windows.parts(Math.max(1, whole.responses / DRIFT_PARTS));
  return {
    spread: large === null ? null : { ...dispersion(large), parts: large.length },
    bursts: pBursts <= DISPERSION_ALPHA ? between : null,
    change:
      pBursts <= DISPERSION_ALPHA
        ? null
        : pBursts <= MAYBE_BURSTS
          ? changeOf(parts, between?.ratio)
          : (changeOf(parts) ?? shortChange(windows.parts(whole.responses / SCAN_PARTS))),
    parts,
  };
}

function changeOf(parts: readonly Part[], variance = 1): SendOrder['change'] {
  const rows = parts.map(({ counts }) => counts);
  const p = driftP(rows, variance);
  const segment = p <= DRIFT_ALPHA ? changedSegment(rows) : null;
  return segment === null ? null : changed(parts, segment, p);
}

function shortChange(parts: readonly Part[]): SendOrder['change'] {
  const found = scanWindows(parts.map(({ counts }) => counts));
  return found === null || found.p > DRIFT_ALPHA ? null : changed(parts, found.segment, found.p);
}

/** Null where requests whose version is not known may be all that changed. */
function changed(parts: readonly Part[], { from, to }: Segment, p: number): SendOrder['change'] {
  const inside = joined(parts.slice(from, to));
  const outside = joined([...parts.slice(0, from), ...parts.slice(to)]);
  const shown = Array.from(inside.counts).some(
    (_, v) => above(inside, outside, v) || above(outside, inside, v),
  );
  if (!shown) return null;
  const once = from === 0 || to === parts.length;
  // The part before a change comes first.
  return once && from > 0 ? { p, once, inside: outside, outside: inside } : { p, once, inside, outside };
}

/** Whether the version's share is larger in the first, whatever the versions of the unknown requests are. */
function above(a: Part, b: Part, version: number): boolean {
  const [n, m] = [a.responses + a.unknown, b.responses + b.unknown];
  const least = a.counts[version] as number;
  const most = (b.counts[version] as number) + b.unknown;
  if (least * m <= most * n) return false;
  if (a.unknown + b.unknown === 0) return true;
  const { chiSquare, df } = contrast([least, n - least], [most, m - most]);
  return chiSquareTail(chiSquare, df) <= UNKNOWN_ALPHA;
}

function joined(parts: readonly Part[]): Part {
  const counts = totalsOf(parts.map((part) => part.counts));
  return {
    fromUs: parts[0]?.fromUs ?? 0,
    toUs: parts.at(-1)?.toUs ?? 0,
    responses: sizeOf(counts),
    counts,
    unknown: parts.reduce((sum, { unknown }) => sum + unknown, 0),
  };
}

/** A function that takes the versions with enough responses to compare parts; the others count as one, if that is enough. */
function comparable(totals: Counts): (row: Counts) => number[] {
  const least = MIN_PARTS * MIN_EXPECTED;
  const kept = columnsWith([totals], least);
  const rest = sizeOf(totals) - sizeOf(kept(totals));
  return rest < least ? kept : (row) => [...kept(row), sizeOf(row) - sizeOf(kept(row))];
}
