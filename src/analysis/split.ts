/** Are the weights kept? Shares with their intervals, and the verdict over them. */
import type { JudgePlan } from '../plan/plan.js';
import type { Check, SplitResult, VersionResult } from './result.js';
import { lowerBound, upperBound } from './stats/clopper-pearson.js';
import {
  judgeSplit,
  judgeVersions,
  moreRequests,
  type SplitCounts,
  shareBounds,
} from './stats/two-one-sided.js';

/** Two-sided confidence of the share intervals that are shown, whatever the verdict's. */
const INTERVAL_CONFIDENCE = 0.95;

/** A version as counted; those expected come first, in the plan's order. */
interface CountedVersion {
  readonly version: string;
  /** Whole responses. */
  readonly requests: number;
  /** Requests known to have been drawn for it: whole responses and broken ones. */
  readonly drawn: number;
}

export interface SplitInput {
  readonly judge: JudgePlan;
  readonly versions: readonly CountedVersion[];
  /** Requests whose version is unknown though the gateway may have drawn one. */
  readonly unknown: number;
}

/** The split's part of a version's result. */
export type ShareFigures = Pick<
  VersionResult,
  'expectedShare' | 'share' | 'deviationPoints' | 'shareInterval'
>;

interface SplitOutput {
  /** Per version, in order. */
  readonly shares: ShareFigures[];
  readonly split: SplitResult | null;
  readonly checks: Check[];
}

/** Shares, deviations, the split's verdict and a check per version. */
export function weighSplit({ judge, versions, unknown }: SplitInput): SplitOutput {
  const attributed = versions.reduce((sum, version) => sum + version.requests, 0);
  const drawn = versions.reduce((sum, version) => sum + version.drawn, 0);
  const n = drawn + unknown;
  const interval = (version: CountedVersion, alpha: number): [number, number] | null =>
    drawn === 0 ? null : [lowerBound(version.drawn, n, alpha), upperBound(version.drawn + unknown, n, alpha)];

  const shares = versions.map((version, i): ShareFigures => {
    const expectedShare = judge.expected === null ? null : (judge.expected[i]?.share ?? null);
    const share = attributed === 0 ? null : version.requests / attributed;
    return {
      expectedShare,
      share,
      deviationPoints: share === null || expectedShare === null ? null : (share - expectedShare) * 100,
      shareInterval: interval(version, (1 - INTERVAL_CONFIDENCE) / 2),
    };
  });
  if (judge.expected === null) return { shares, split: null, checks: [] };

  const { tolerance, confidence } = judge;
  const counts = splitCounts(judge.expected, versions, unknown);
  const verdicts = judgeVersions(counts, judge);
  const checks = versions.map((version, i): Check => {
    const expectedShare = shares[i]?.expectedShare ?? 0;
    return {
      name: `split/${version.version}`,
      verdict: verdicts[i] ?? 'fail',
      figure: shares[i]?.share ?? null,
      bound: shareBounds(expectedShare, tolerance),
      interval: interval(version, 1 - confidence),
    };
  });
  const verdict = judgeSplit(counts, judge);
  const split: SplitResult = {
    verdict,
    tolerancePoints: points(tolerance),
    intervalConfidence: INTERVAL_CONFIDENCE,
    unknownVersion: unknown,
    moreRequests: verdict === 'inconclusive' ? moreRequests(counts, judge) : null,
  };
  return { shares, split, checks };
}

function splitCounts(
  expected: NonNullable<JudgePlan['expected']>,
  versions: readonly CountedVersion[],
  unknown: number,
): SplitCounts {
  return {
    versions: expected.map(({ share }, i) => ({ expectedShare: share, drawn: versions[i]?.drawn ?? 0 })),
    unexpected: versions.slice(expected.length).reduce((sum, version) => sum + version.drawn, 0),
    unknown,
  };
}

/** A fraction in percentage points, without the dust of binary fractions (0.07 is 7, not 7.000000000000001). */
function points(fraction: number): number {
  return Number((fraction * 100).toPrecision(12));
}
