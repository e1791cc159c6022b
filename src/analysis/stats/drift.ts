/**
 * Do the shares change during a run? For each version the cumulative sum of what it has more than its share (E. S. Page, Biometrika
 * 41, 1954; W. Ploberger and W. Krämer, Econometrica 60, 1992):
 *
 *     C_v = max over parts i of  |Σ_(j ≤ i) (x_jv − n_j p_v)| ÷ √(n p_v (1 − p_v))
 *
 * For draws with constant shares the sum is about a Brownian bridge. With V > 2 versions the smallest p of all is multiplied by their
 * number (Bonferroni): with two, one sum is the other's mirror image.
 */
import { type Counts, contrast, sizeOf, totalsOf } from './counts-table.js';
import { fisherExact } from './fisher-exact.js';
import { bridgeTail } from './kolmogorov.js';

/** Responses of a version, and of all others, for a test. */
const MIN_RESPONSES = 10;
/** A segment and the rest must each have this part of all responses to be told. */
const MIN_FRACTION = 0.025;
/** So much more must a segment in the middle explain than one change, before two changes are told. */
const SECOND_CHANGE = 20;
/** Parts that a scanned window consists of. */
const WINDOW_PARTS = 2;

/** Parts from `from` up to `to`, without it, have other shares than the rest. */
export interface Segment {
  readonly from: number;
  readonly to: number;
}

/**
 * Probability of a cumulative sum as large as the largest, for draws with constant shares.
 *
 * @param parts counts by version, in the order of sending
 * @param variance of the counts, as a multiple of that of draws: the sums of requests that come in bursts vary more
 */
export function driftP(parts: readonly Counts[], variance = 1): number {
  const totals = totalsOf(parts);
  const n = sizeOf(totals);
  const versions = tested(totals);
  const largest = versions.map((v) => {
    const share = (totals[v] as number) / n;
    let [sum, most] = [0, 0];
    for (const part of parts) {
      sum += (part[v] as number) - sizeOf(part) * share;
      most = Math.max(most, Math.abs(sum));
    }
    return most / Math.sqrt(n * share * (1 - share) * variance);
  });
  return largest.length === 0 ? 1 : Math.min(1, bridgeTail(Math.max(...largest)) * testsOf(versions, totals));
}

/**
 * The segment whose shares differ most from the rest by Pearson's X²: from the start to the time of one change, or between two
 * changes if that explains far more.
 */
export function changedSegment(parts: readonly Counts[]): Segment | null {
  const sums: Float64Array[] = [new Float64Array(parts[0]?.length ?? 0)];
  for (const part of parts) sums.push(totalsOf([sums.at(-1) as Counts, part]));
  const all = sums.at(-1) as Float64Array;
  const least = MIN_FRACTION * sizeOf(all);
  const [inside, outside] = [new Float64Array(all.length), new Float64Array(all.length)];
  /** Of the segments that begin at one of the first so many parts. */
  const best = (froms: number): { segment: Segment | null; chiSquare: number } => {
    let found: { segment: Segment | null; chiSquare: number } = { segment: null, chiSquare: 0 };
    for (let from = 0; from < froms; from++) {
      for (let to = from + 1; to <= parts.length; to++) {
        for (let v = 0; v < all.length; v++) {
          const count = (sums[to]?.[v] as number) - (sums[from]?.[v] as number);
          inside[v] = count;
          outside[v] = (all[v] as number) - count;
        }
        if (sizeOf(inside) < least || sizeOf(outside) < least) continue;
        const { chiSquare } = contrast(inside, outside);
        if (chiSquare > found.chiSquare) found = { segment: { from, to }, chiSquare };
      }
    }
    return found;
  };
  const one = best(1);
  const two = best(parts.length);
  return two.chiSquare > one.chiSquare + SECOND_CHANGE ? two.segment : one.segment;
}

/**
 * The half-overlapping window whose count of a version is least likely, by Fisher's exact test against the rest; p is multiplied
 * by the number of windows and versions.
 *
 * @param parts about equal ones; a window is two of them
 */
export function scanWindows(
  parts: readonly Counts[],
): { readonly segment: Segment; readonly p: number } | null {
  const totals = totalsOf(parts);
  const n = sizeOf(totals);
  const windows = parts.length - WINDOW_PARTS + 1;
  const versions = tested(totals);
  const tests = windows * testsOf(versions, totals);
  let found: { segment: Segment; p: number } | null = null;
  for (let from = 0; from < windows; from++) {
    const inside = totalsOf(parts.slice(from, from + WINDOW_PARTS));
    const size = sizeOf(inside);
    for (const v of versions) {
      const x = inside[v] as number;
      const p = Math.min(1, tests * fisherExact(x, size, (totals[v] as number) - x, n - size));
      if (found === null || p < found.p) found = { segment: { from, to: from + WINDOW_PARTS }, p };
    }
  }
  return found;
}

function tested(totals: Counts): number[] {
  const n = sizeOf(totals);
  return Array.from(totals, (count, v) => ({ count, v }))
    .filter(({ count }) => Math.min(count, n - count) >= MIN_RESPONSES)
    .map(({ v }) => v);
}

/** Of two versions one is what the other is not. */
function testsOf(versions: readonly number[], totals: Counts): number {
  return Array.from(totals).filter((count) => count > 0).length === 2 ? 1 : versions.length;
}
