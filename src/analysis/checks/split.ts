/** Are the weights kept? Shares with their intervals, and the verdict over them. */
import type { JudgePlan } from '../../plan/plan.js';
import { tolerancesOf } from '../../plan/tolerance.js';
import { counted, plain } from '../../text/numbers.js';
import type { Check, SplitResult, VersionResult } from '../result.js';
import { type ShareTest, shareTest } from '../stats/share-test.js';
import {
  effectOfUnknown,
  failLevel,
  judgeSplit,
  judgeVersions,
  moreRequests,
  type SplitCounts,
  type SplitRule,
  shareBounds,
  type UnknownEffect,
} from '../stats/two-one-sided.js';
import type { Verdict } from '../verdict.js';
import { type CheckInput, type CountedVersion, intervalConfidence, sameVersion } from './check-input.js';
import { nameOf, percentOf } from './words.js';

/** The split's part of a version's result. */
export type ShareFigures = Pick<
  VersionResult,
  'expectedShare' | 'tolerancePoints' | 'share' | 'deviationPoints' | 'shareBounds' | 'shareInterval'
>;

/**
 * Shares and deviations of each version, in order, with the intervals that are judged.
 *
 * @param judged what the verdict is over: of a run that stopped when it was known, the counts of that look
 */
export function shareFigures(input: CheckInput, judged: CheckInput): ShareFigures[] {
  const { versions, judge } = input;
  const attributed = versions.reduce((sum, version) => sum + version.requests, 0);
  const tolerances = tolerancesOf(judge);
  return versions.map((version, i): ShareFigures => {
    const { expectedShare } = version;
    const share = attributed === 0 ? null : version.requests / attributed;
    const tolerance = tolerances[i] ?? null;
    const counts = sameVersion(judged, version);
    return {
      expectedShare,
      tolerancePoints: tolerance === null ? null : points(tolerance),
      share,
      deviationPoints: share === null || expectedShare === null ? null : (share - expectedShare) * 100,
      shareBounds:
        expectedShare === null || tolerance === null ? null : shareBounds(expectedShare, tolerance),
      shareInterval:
        counts === undefined ? null : intervalOf(counts, judged, 1 - judge.confidence, tolerance),
    };
  });
}

/** A check per version. None when no version is expected. */
export function splitChecks(input: CheckInput): Check[] {
  const { judge, versions } = input;
  if (judge.expected === null) return [];
  const [counts, rule] = [splitCounts(judge.expected, input), splitRule(input)];
  const verdicts = judgeVersions(counts, rule);
  const effects = effectOfUnknown(counts, rule);
  const tolerances = tolerancesOf(judge);
  const alpha = 1 - judge.confidence;
  const weighted = judge.expected.filter(({ share }) => share > 0).length;
  const attributed = versions.reduce((sum, version) => sum + version.requests, 0);
  return versions.map((version, i): Check => {
    const expectedShare = version.expectedShare ?? 0;
    const verdict = verdicts[i] ?? 'fail';
    const tolerance = tolerances[i] ?? null;
    const share = attributed === 0 ? null : version.requests / attributed;
    const level = verdict === 'fail' ? failLevel(alpha, weighted) : alpha;
    const interval = intervalOf(version, input, level, tolerance);
    return {
      name: `split/${version.version}`,
      verdict,
      figure: share,
      bound: shareBounds(expectedShare, tolerance ?? 0),
      interval,
      requestsNeeded: null,
      text: `${textOf(version, verdict, share, interval, tolerance ?? 0, input.unknown)}${unknownText(effects[i] ?? null, input.unknown)}`,
    };
  });
}

/** The checks of versions that must get nothing, because they are not expected or have weight 0, but got a request. */
export function strangerChecks(input: CheckInput): Check[] {
  return splitChecks(input).filter((_, i) => {
    const { expectedShare, drawn } = input.versions[i] as CountedVersion;
    return (expectedShare ?? 0) === 0 && drawn > 0;
  });
}

/** The split as a whole; null when no version is expected. */
export function splitResult(
  input: CheckInput,
): Omit<SplitResult, 'looks' | 'requestsAtVerdict' | 'findings'> | null {
  const { judge, unknown, connections, method } = input;
  if (judge.expected === null) return null;
  const counts = splitCounts(judge.expected, input);
  const rule = splitRule(input);
  const verdict = judgeSplit(counts, rule);
  const [tolerance = 0, ...others] = new Set(tolerancesOf(judge));
  return {
    verdict,
    tolerancePoints: others.length > 0 ? null : points(tolerance),
    intervalConfidence: intervalConfidence(input),
    method,
    unit: connections === null ? 'request' : 'connection',
    draws: Math.round(totalDraws(input)),
    unknownVersion: unknown,
    moreRequestsNeeded:
      verdict === 'inconclusive' && connections === null ? moreRequests(counts, rule) : null,
  };
}

function splitRule({ judge, method }: CheckInput): SplitRule {
  return { confidence: judge.confidence, method };
}

/** @param tolerance null for a version that is not expected: its share has no boundary */
function intervalOf(
  version: CountedVersion,
  input: CheckInput,
  alpha: number,
  tolerance: number | null,
): [number, number] | null {
  const n = totalDraws(input);
  const unknown = unknownDraws(input);
  const drawn = drawsOf(version, input);
  if (n - unknown <= 0) return null;
  const width = tolerance ?? Math.min(...tolerancesOf(input.judge));
  const test = shareTest(Number.isFinite(width) ? input.method : 'fixed', width);
  return shareIntervalOf(test, { drawn, unknown, all: n }, alpha);
}

/**
 * The interval of a share over the bounds that draws of unknown versions leave open.
 *
 * @param counts draws of the version, draws whose version is not known, and both with those of other versions
 */
export function shareIntervalOf(
  test: ShareTest,
  { drawn, unknown, all }: { readonly drawn: number; readonly unknown: number; readonly all: number },
  alpha: number,
): [number, number] {
  return [test.lower(drawn, all, alpha), test.upper(drawn + unknown, all, alpha)];
}

/** Draws of the version: its requests, or its part of the connections. */
function drawsOf(version: CountedVersion, { connections }: CheckInput): number {
  return connections === null ? version.drawn : version.drawnByConnections;
}

/** Draws whose version is unknown. */
function unknownDraws({ unknown, connections, unknownConnections }: CheckInput): number {
  return connections === null ? unknown : unknownConnections;
}

function totalDraws(input: CheckInput): number {
  return input.versions.reduce((sum, version) => sum + drawsOf(version, input), unknownDraws(input));
}

function splitCounts(expected: NonNullable<JudgePlan['expected']>, input: CheckInput): SplitCounts {
  const draws = input.versions.map((version) => drawsOf(version, input));
  const tolerances = tolerancesOf(input.judge);
  return {
    versions: expected.map(({ share }, i) => ({
      expectedShare: share,
      tolerance: tolerances[i] as number,
      drawn: draws[i] ?? 0,
    })),
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
  unknown: number,
): string {
  const name = nameOf(version);
  if (expectedShare === null) return `${name} is not expected and got ${counted(drawn, 'request')}`;
  if (expectedShare === 0) return `${name} has weight 0 and got ${counted(drawn, 'request')}`;
  const rule = `(${percentOf(expectedShare)} ± ${plain(points(tolerance))})`;
  if (drawn === 0 && unknown > 0) return `no request is known to have gone to ${name} ${rule}`;
  if (drawn === 0) return `${name} got no request ${rule}`;
  const got = `${name} got ${percentOf(share ?? 0)}`;
  const [low, high] = interval ?? [0, 1];
  if (verdict === 'pass') return `${got} ${rule}`;
  if (verdict === 'inconclusive') return `${got}, between ${percentOf(low)} and ${percentOf(high)} ${rule}`;
  return low > expectedShare
    ? `${got}, at least ${percentOf(low)} ${rule}`
    : `${got}, at most ${percentOf(high)} ${rule}`;
}

/** That only the requests without a known version leave a verdict open. */
function unknownText(effect: UnknownEffect | null, unknown: number): string {
  if (effect === null) return '';
  const which = `${counted(unknown, 'request')} without a known version`;
  return effect === 'open'
    ? `; the ${which} alone leave it open, however many more are sent`
    : `; without the ${which} it would ${effect}`;
}

/** A fraction in percentage points, without the dust of binary fractions (0.07 is 7, not 7.000000000000001). */
function points(share: number): number {
  return Number((share * 100).toPrecision(12));
}
