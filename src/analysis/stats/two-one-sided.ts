/**
 * The verdict on the split: two one-sided tests per version (Schuirmann 1987), joined as an intersection–union test (Berger 1982).
 * docs/statistics.md says it in words.
 */
import type { Verdict } from '../verdict.js';
import { type ShareTest, shareTest, type TestMethod } from './share-test.js';
import { roundedUp, smallestFactor } from './smallest-factor.js';

/** What was counted for one expected version. */
interface DrawnVersion {
  /** A fraction. */
  readonly expectedShare: number;
  /** Allowed deviation of the share, a fraction. */
  readonly tolerance: number;
  /** Requests of which it is known that the gateway drew this version. */
  readonly drawn: number;
}

/** The counts of a run, as far as they matter to the split. */
export interface SplitCounts {
  readonly versions: readonly DrawnVersion[];
  /** Requests drawn for versions that are not expected. */
  readonly unexpected: number;
  /** Requests whose version is unknown though the gateway may have drawn one. */
  readonly unknown: number;
}

export interface SplitRule {
  readonly method: TestMethod;
  /** 0.95: a wrong pass or a wrong fail has at most 5 % chance. */
  readonly confidence: number;
}

/** A boundary nearer to 0 or 1 than this lies there but for rounding. */
const EDGE = 1e-12;
/** Beyond this many requests in all, "more requests" is no advice. */
const MAX_REQUESTS = 1e9;

/** The share's bounds: null where the tolerance reaches past 0 or 1 and there is nothing to test. */
export function shareBounds(
  expectedShare: number,
  tolerance: number,
): [lo: number | null, hi: number | null] {
  if (expectedShare === 0) return [null, 0];
  const lo = expectedShare - tolerance;
  const hi = expectedShare + tolerance;
  return [lo <= EDGE ? null : lo, hi >= 1 - EDGE ? null : hi];
}

/** Requests over which shares are judged. */
function total(counts: SplitCounts): number {
  return counts.versions.reduce((sum, version) => sum + version.drawn, counts.unexpected + counts.unknown);
}

/**
 * Judges each version alone.
 *
 * @returns a verdict per version, in order. Every one is `inconclusive` when no version was drawn at all.
 */
export function judgeVersions(counts: SplitCounts, rule: SplitRule): Verdict[] {
  const n = total(counts);
  if (n - counts.unknown <= 0) return counts.versions.map(() => 'inconclusive');
  const weighted = counts.versions.filter((version) => version.expectedShare > 0).length;
  return counts.versions.map((version) => judgeVersion(version, n, counts.unknown, weighted, rule));
}

function judgeVersion(
  version: DrawnVersion,
  n: number,
  unknown: number,
  weighted: number,
  { confidence, method }: SplitRule,
): Verdict {
  const alpha = 1 - confidence;
  const { expectedShare, tolerance, drawn } = version;
  const test = shareTest(method, tolerance);
  const most = drawn + unknown;
  if (expectedShare === 0) {
    if (drawn > 0) return 'fail';
    return test.isBelow(unknown, n, tolerance, alpha) ? 'pass' : 'inconclusive';
  }
  const [low, high] = shareBounds(expectedShare, tolerance);
  // Never seen, though that many requests would have shown it: this decides where the tolerance reaches 0. Elsewhere a run until its
  // verdict leaves it to the test of the boundary, since a second way to fail would add its own chance of error.
  const isAsked = method === 'fixed' || low === null;
  if (isAsked && drawn === 0 && unknown === 0 && (1 - expectedShare) ** n <= alpha / weighted) return 'fail';

  const aboveLow = low === null || test.isAbove(drawn, n, low, alpha);
  const belowHigh = high === null || test.isBelow(most, n, high, alpha);
  // A tolerance may reach over the whole share: a version that nothing was drawn for is not shown to get its part.
  if (drawn > 0 && aboveLow && belowHigh) return 'pass';
  const fails = isOutside(test, [drawn, most], n, [low, high], failLevel(alpha, weighted));
  return fails ? 'fail' : 'inconclusive';
}

/**
 * The level of a version's fail: one version is enough to fail, so that the chance is divided among them. With two versions one is
 * too high exactly when the other is too low, so there is one event to guard.
 *
 * @param weighted versions with weight
 */
export function failLevel(alpha: number, weighted: number): number {
  return weighted <= 2 ? alpha : alpha / weighted;
}

function isOutside(
  test: ShareTest,
  [least, most]: readonly [number, number],
  n: number,
  [low, high]: readonly [number | null, number | null],
  alpha: number,
): boolean {
  return (
    (high !== null && test.isAbove(least, n, high, alpha)) ||
    (low !== null && test.isBelow(most, n, low, alpha))
  );
}

/**
 * What the requests of unknown version alone do to a verdict that they leave open. `pass` and `fail`: without them it would be that;
 * `open`: without them more requests would decide, and with them none do.
 */
export type UnknownEffect = 'pass' | 'fail' | 'open';

/** @returns an effect per version, in order; null where they are not what leaves it open */
export function effectOfUnknown(counts: SplitCounts, rule: SplitRule): (UnknownEffect | null)[] {
  const known = { ...counts, unknown: 0 };
  const [verdicts, without] = [judgeVersions(counts, rule), judgeVersions(known, rule)];
  const [sides, ownSides] = [sidesOf(counts), sidesOf(known)];
  return verdicts.map((verdict, i) => {
    const alone = without[i];
    if (verdict !== 'inconclusive' || alone === undefined || counts.unknown === 0) return null;
    if (alone !== 'inconclusive') return alone;
    const isOpen = (side: Side | undefined) => side === undefined || (!side.inside && !side.outside);
    return isOpen(sides[i]) && !isOpen(ownSides[i]) ? 'open' : null;
  });
}

/** Fail beats inconclusive beats pass; null for none. */
export function worst(verdicts: readonly Verdict[]): Verdict | null {
  if (verdicts.includes('fail')) return 'fail';
  if (verdicts.includes('inconclusive')) return 'inconclusive';
  return verdicts.length === 0 ? null : 'pass';
}

/** The split's verdict: every version's share must hold, and nothing else may have answered. */
export function judgeSplit(counts: SplitCounts, rule: SplitRule): Verdict {
  if (counts.unexpected > 0) return 'fail';
  return worst(judgeVersions(counts, rule)) ?? 'inconclusive';
}

/**
 * How many more requests would decide an inconclusive split, by the shares that were seen: from the fewest to the most over shares
 * that are a standard error away from these, since that is how well they are known.
 *
 * @returns rounded up to two digits, the most null for no limit; null when no number would decide by the shares that were seen: a
 *   share lies on a boundary, or the unknown part alone reaches over one
 */
export function moreRequests(
  counts: SplitCounts,
  rule: SplitRule,
): [fewest: number, most: number | null] | null {
  const n = total(counts);
  if (n - counts.unknown <= 0 || moreNeeded(counts, rule) === null) return null;
  const needed = [counts, ...shifted(counts, n)].map((each) => moreNeeded(each, rule));
  const known = needed.filter((more) => more !== null);
  const rounded = known.map((more) => roundedUp(Math.max(1, more)));
  return [Math.min(...rounded), known.length < needed.length ? null : Math.max(...rounded)];
}

/** Draws that are missing; null when no number would decide, below 1 when these would already. */
function moreNeeded(counts: SplitCounts, rule: SplitRule): number | null {
  const n = total(counts);
  if (!decidedInTheEnd(counts)) return null;
  if (judgeSplit(counts, rule) !== 'inconclusive') return 0;
  const decidedAt = (factor: number) => judgeSplit(scaled(counts, factor), rule) !== 'inconclusive';
  const factor = smallestFactor(decidedAt, MAX_REQUESTS / n);
  return factor === null ? null : (factor - 1) * n;
}

/** The counts with the share of one version a standard error higher or lower, and the others' in its place. */
function shifted(counts: SplitCounts, n: number): SplitCounts[] {
  return counts.versions.flatMap(({ drawn }, i) => {
    if (drawn <= 0 || drawn >= n) return [];
    const error = Math.sqrt((drawn * (n - drawn)) / n);
    return [-error, error].map((by) => {
      const rest = (n - drawn - by) / (n - drawn);
      return {
        unexpected: counts.unexpected,
        unknown: counts.unknown * rest,
        versions: counts.versions.map((version, v) => ({
          ...version,
          drawn: v === i ? Math.max(0, drawn + by) : version.drawn * rest,
        })),
      };
    });
  });
}

/** Whether any number of requests with these shares would decide: the shares themselves against the bounds. */
function decidedInTheEnd(counts: SplitCounts): boolean {
  const sides = sidesOf(counts);
  return sides.some((side) => side.outside) || sides.every((side) => side.inside);
}

/** Whether a share, whatever the requests of unknown version are, lies within its bounds, or outside. */
interface Side {
  readonly inside: boolean;
  readonly outside: boolean;
}

function sidesOf(counts: SplitCounts): Side[] {
  const n = total(counts);
  return counts.versions.map(({ expectedShare, tolerance, drawn }) => {
    const least = drawn / n;
    const most = (drawn + counts.unknown) / n;
    const [low, high] = expectedShare === 0 ? [null, tolerance] : shareBounds(expectedShare, tolerance);
    return {
      inside:
        (drawn > 0 || expectedShare === 0) && (low === null || least > low) && (high === null || most < high),
      outside:
        (high !== null && least > high) ||
        (low !== null && most < low) ||
        (drawn === 0 && counts.unknown === 0 && expectedShare > 0),
    };
  });
}

function scaled(counts: SplitCounts, factor: number): SplitCounts {
  return {
    versions: counts.versions.map((version) => ({ ...version, drawn: version.drawn * factor })),
    unexpected: counts.unexpected * factor,
    unknown: counts.unknown * factor,
  };
}
