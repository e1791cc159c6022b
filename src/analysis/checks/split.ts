/** Are the weights kept? Shares with their intervals, and the verdict over them. */
import type { JudgePlan } from '../../plan/plan.js';
import { toleranceOf } from '../../plan/tolerance.js';
import { counted, plain } from '../../text/numbers.js';
import type { Check, SplitResult, VersionResult } from '../result.js';
import { lowerBound, upperBound } from '../stats/clopper-pearson.js';
import {
  judgeSplit,
  judgeVersions,
  moreRequests,
  type SplitCounts,
  type SplitRule,
  shareBounds,
} from '../stats/two-one-sided.js';
import type { Verdict } from '../verdict.js';
import type { CheckInput, CountedVersion } from './check-input.js';
import { INTERVAL_CONFIDENCE } from './interval-confidence.js';
import { nameOf, percentOf } from './words.js';

/** The split's part of a version's result. */
export type ShareFigures = Pick<
  VersionResult,
  'expectedShare' | 'share' | 'deviationPoints' | 'shareInterval'
>;

/** Shares, deviations and intervals of each version, in order. */
export function shareFigures(input: CheckInput): ShareFigures[] {
  const { versions } = input;
  const attributed = versions.reduce((sum, version) => sum + version.requests, 0);
  return versions.map((version): ShareFigures => {
    const { expectedShare } = version;
    const share = attributed === 0 ? null : version.requests / attributed;
    return {
      expectedShare,
      share,
      deviationPoints: share === null || expectedShare === null ? null : (share - expectedShare) * 100,
      shareInterval: intervalOf(version, input, (1 - INTERVAL_CONFIDENCE) / 2),
    };
  });
}

/** A check per version. None when no version is expected. */
export function splitChecks(input: CheckInput): Check[] {
  const { judge, versions } = input;
  if (judge.expected === null) return [];
  const verdicts = judgeVersions(splitCounts(judge.expected, input), splitRule(judge));
  const shares = shareFigures(input);
  return versions.map((version, i): Check => {
    const expectedShare = version.expectedShare ?? 0;
    const verdict = verdicts[i] ?? 'fail';
    const interval = intervalOf(version, input, 1 - judge.confidence);
    const share = shares[i]?.share ?? null;
    return {
      name: `split/${version.version}`,
      verdict,
      figure: share,
      bound: shareBounds(expectedShare, toleranceOf(judge)),
      interval,
      requestsNeeded: null,
      text: textOf(version, verdict, share, interval, toleranceOf(judge)),
    };
  });
}

/** The split as a whole; null when no version is expected. */
export function splitResult(input: CheckInput): SplitResult | null {
  const { judge, unknown, connections } = input;
  if (judge.expected === null) return null;
  const counts = splitCounts(judge.expected, input);
  const rule = splitRule(judge);
  const verdict = judgeSplit(counts, rule);
  return {
    verdict,
    tolerancePoints: points(rule.tolerance),
    intervalConfidence: INTERVAL_CONFIDENCE,
    unit: connections === null ? 'request' : 'connection',
    draws: Math.round(totalDraws(input)),
    unknownVersion: unknown,
    moreRequests: verdict === 'inconclusive' && connections === null ? moreRequests(counts, rule) : null,
  };
}

function splitRule(judge: JudgePlan): SplitRule {
  return { tolerance: toleranceOf(judge), confidence: judge.confidence };
}

function intervalOf(version: CountedVersion, input: CheckInput, alpha: number): [number, number] | null {
  const n = totalDraws(input);
  const unknown = unknownDraws(input);
  const drawn = drawsOf(version, input);
  return n - unknown <= 0 ? null : [lowerBound(drawn, n, alpha), upperBound(drawn + unknown, n, alpha)];
}

/** Draws of the version: its requests, or its part of the connections. */
function drawsOf(version: CountedVersion, { connections }: CheckInput): number {
  return connections === null ? version.drawn : version.drawnByConnections;
}

/** Draws whose version is unknown; of connections as large a part as of requests. */
function unknownDraws({ versions, unknown, connections }: CheckInput): number {
  if (connections === null) return unknown;
  const known = versions.reduce((sum, { drawn }) => sum + drawn, 0);
  return known === 0 ? 0 : (unknown / known) * connections;
}

function totalDraws(input: CheckInput): number {
  return input.versions.reduce((sum, version) => sum + drawsOf(version, input), unknownDraws(input));
}

function splitCounts(expected: NonNullable<JudgePlan['expected']>, input: CheckInput): SplitCounts {
  const draws = input.versions.map((version) => drawsOf(version, input));
  return {
    versions: expected.map(({ share }, i) => ({ expectedShare: share, drawn: draws[i] ?? 0 })),
    unexpected: draws.slice(expected.length).reduce((sum, drawn) => sum + drawn, 0),
    unknown: unknownDraws(input),
  };
}

function textOf(
  { version, expectedShare, drawn }: CountedVersion,
  verdict: Verdict,
  share: number | null,
  interval: readonly [number, number] | null,
  tolerance: number,
): string {
  const name = nameOf(version);
  if (expectedShare === null) return `${name} is not expected and got ${counted(drawn, 'request')}`;
  if (expectedShare === 0) return `${name} has weight 0 and got ${counted(drawn, 'request')}`;
  const rule = `(${percentOf(expectedShare)} ± ${plain(points(tolerance))})`;
  if (drawn === 0) return `${name} got no request ${rule}`;
  const got = `${name} got ${percentOf(share ?? 0)}`;
  const [low, high] = interval ?? [0, 1];
  if (verdict === 'pass') return `${got} ${rule}`;
  if (verdict === 'inconclusive') return `${got}, between ${percentOf(low)} and ${percentOf(high)} ${rule}`;
  return low > expectedShare
    ? `${got}, at least ${percentOf(low)} ${rule}`
    : `${got}, at most ${percentOf(high)} ${rule}`;
}

/** A fraction in percentage points, without the dust of binary fractions (0.07 is 7, not 7.000000000000001). */
function points(fraction: number): number {
  return Number((fraction * 100).toPrecision(12));
}
