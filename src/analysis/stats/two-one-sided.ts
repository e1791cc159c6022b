/**
 * The verdict of a run that is looked at once: two one-sided exact tests per version (Schuirmann 1987),
 * joined as an intersection–union test (Berger 1982). docs/statistics.md says it in words.
 */
import type { Verdict } from '../verdict.js';
import { lowerBound, upperBound } from './clopper-pearson.js';
import { roundedUp, smallestFactor } from './smallest-factor.js';

/** What was counted for one expected version. */
interface DrawnVersion {
  /** A fraction. */
  readonly expectedShare: number;
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
  /** Allowed deviation of a share, a fraction. */
  readonly tolerance: number;
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
  { tolerance, confidence }: SplitRule,
): Verdict {
  const alpha = 1 - confidence;
  const { expectedShare, drawn } = version;
  if (expectedShare === 0) {
    if (drawn > 0) return 'fail';
    return upperBound(unknown, n, alpha) < tolerance ? 'pass' : 'inconclusive';
  }
  // Never seen, though that many requests would have shown it: this decides where the tolerance reaches 0.
  if (drawn === 0 && unknown === 0 && (1 - expectedShare) ** n <= alpha / weighted) return 'fail';

  const [low, high] = shareBounds(expectedShare, tolerance);
  const lower = lowerBound(drawn, n, alpha);
  const upper = upperBound(drawn + unknown, n, alpha);
  // A tolerance may reach over the whole share: a version that nothing was drawn for is not shown to get its part.
  const answered = drawn > 0;
  if (answered && (low === null || lower > low) && (high === null || upper < high)) return 'pass';
  // With two versions one is too high exactly when the other is too low, so there is one event to guard.
  const failAlpha = weighted <= 2 ? alpha : alpha / weighted;
  // The stricter level widens the interval: only what is outside already can be outside then.
  const tooHigh = high !== null && lower > high && lowerBound(drawn, n, failAlpha) > high;
  const tooLow = low !== null && upper < low && upperBound(drawn + unknown, n, failAlpha) < low;
  return tooHigh || tooLow ? 'fail' : 'inconclusive';
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
 * How many more requests would about decide an inconclusive split if the shares, and the part that is
 * unknown, stay as they were seen.
 *
 * @returns rounded up to two digits; null when no number would: a share lies on a boundary, or the unknown
 *   part alone reaches over one
 */
export function moreRequests(counts: SplitCounts, rule: SplitRule): number | null {
  const n = total(counts);
  if (n - counts.unknown <= 0 || !decidedInTheEnd(counts, rule)) return null;
  const decidedAt = (factor: number) => judgeSplit(scaled(counts, factor), rule) !== 'inconclusive';
  const factor = smallestFactor(decidedAt, MAX_REQUESTS / n);
  return factor === null ? null : roundedUp((factor - 1) * n);
}

/** Whether any number of requests with these shares would decide: the shares themselves against the bounds. */
function decidedInTheEnd(counts: SplitCounts, rule: SplitRule): boolean {
  const n = total(counts);
  const sides = counts.versions.map(({ expectedShare, drawn }) => {
    const least = drawn / n;
    const most = (drawn + counts.unknown) / n;
    const [low, high] =
      expectedShare === 0 ? [null, rule.tolerance] : shareBounds(expectedShare, rule.tolerance);
    return {
      inside:
        (drawn > 0 || expectedShare === 0) && (low === null || least > low) && (high === null || most < high),
      outside:
        (high !== null && least > high) ||
        (low !== null && most < low) ||
        (drawn === 0 && counts.unknown === 0 && expectedShare > 0),
    };
  });
  return sides.some((side) => side.outside) || sides.every((side) => side.inside);
}

function scaled(counts: SplitCounts, factor: number): SplitCounts {
  return {
    versions: counts.versions.map((version) => ({ ...version, drawn: version.drawn * factor })),
    unexpected: counts.unexpected * factor,
    unknown: counts.unknown * factor,
  };
}
