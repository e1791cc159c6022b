/** Makes the result of a comparison: gathers what is asked of each pair, divides the confidence among it, and answers. */
import { withoutDust } from '../../text/numbers.js';
import type { ToolResult } from '../result.js';
import { worst } from '../stats/two-one-sided.js';
import type { Verdict } from '../verdict.js';
import { CURVE_PERCENTILES, curvesOf } from './curves.js';
import { changedChecks, errorKindPairs, type KindCounts, limitsFigures, runFigures } from './figures.js';
import {
  type Comparable,
  type ComparableLimits,
  type ComparableRun,
  isLimits,
  type Named,
} from './inputs.js';
import { limitsQuestions } from './limits-questions.js';
import { answerTo, type Levels, type Question } from './questions.js';
import type {
  CheckChange,
  ComparedResult,
  CompareResult,
  CompareTolerancesResult,
  PairComparison,
} from './result.js';
import { runQuestions } from './run-questions.js';
import type { CompareTolerances } from './tolerances.js';
import { warningsOn } from './warnings.js';

export interface ComparePlan {
  readonly tolerances: CompareTolerances;
  /** Of all intervals together, a fraction. */
  readonly confidence: number;
  readonly tool: ToolResult;
}

/** What differs between two results of a kind, before it is answered. */
interface Pair
  extends Pick<PairComparison, 'onlyInReference' | 'onlyInThis' | 'figures' | 'errorKinds' | 'checks'> {
  readonly reference: Named<Comparable>;
  readonly other: Named<Comparable>;
  readonly questions: readonly Question[];
}

/** @param results all of runs, or all of searches for limits; at least two */
export function compareResults(
  results: readonly Named<ComparableRun>[] | readonly Named<ComparableLimits>[],
  { tolerances, confidence, tool }: ComparePlan,
): CompareResult {
  const [first, ...others] = results as readonly Named<Comparable>[];
  const pairs = others.map((other) => pairOf(first as Named<Comparable>, other, tolerances));
  // Tests are of one pair each.
  const tests = pairs.reduce(
    (sum, { questions }) => sum + new Set(questions.map(({ test }) => test)).size,
    0,
  );
  const alpha = 1 - confidence;
  const levels: Levels = { together: alpha / (2 * Math.max(1, tests)), own: alpha };
  const comparisons = pairs.map((pair) => answered(pair, levels));
  return {
    schemaVersion: 1,
    tool,
    of: first !== undefined && isLimits(first.result) ? 'limits' : 'runs',
    results: (results as readonly Named<Comparable>[]).map((one) =>
      describe(one, (first as Named<Comparable>).result),
    ),
    curvePercentiles: [...CURVE_PERCENTILES],
    confidence,
    tests,
    intervalConfidence: withoutDust(1 - 2 * levels.together),
    ownIntervalConfidence: withoutDust(1 - 2 * levels.own),
    tolerances: tolerancesResult(tolerances),
    verdict: worst(comparisons.map(({ verdict }) => verdict)) ?? 'inconclusive',
    comparisons,
  };
}

function pairOf(reference: Named<Comparable>, other: Named<Comparable>, tolerances: CompareTolerances): Pair {
  const [a, b] = [reference.result, other.result];
  if (isLimits(a) && isLimits(b)) {
    return {
      reference,
      other,
      onlyInReference: [],
      onlyInThis: [],
      questions: limitsQuestions(a, b, tolerances),
      figures: limitsFigures(a, b),
      errorKinds: errorKindPairs(refusalsOf(a), refusalsOf(b)),
      checks: changedChecks(named(a.checks), named(b.checks)),
    };
  }
  const [base, own] = [a as ComparableRun, b as ComparableRun];
  const only = (of: ComparableRun, without: ComparableRun) =>
    of.versions
      .map(({ version }) => version)
      .filter((version) => !without.versions.some((one) => one.version === version));
  return {
    reference,
    other,
    onlyInReference: only(base, own),
    onlyInThis: only(own, base),
    questions: runQuestions(base, own, tolerances),
    figures: runFigures(base, own),
    errorKinds: errorKindPairs(errorsOf(base), errorsOf(own)),
    checks: changedChecks(base.checks, own.checks),
  };
}

function errorsOf({ errors }: ComparableRun): KindCounts {
  return { kinds: errors.kinds, of: errors.requests };
}

function refusalsOf({ requests }: ComparableLimits): KindCounts {
  return { kinds: requests.byKind, of: requests.scheduled };
}

function named(checks: ComparableLimits['checks']) {
  return checks.map(({ kind, verdict, text }) => ({ name: kind, verdict, text }));
}

function answered({ reference, other, questions, ...rest }: Pair, levels: Levels): PairComparison {
  const differences = questions.map((question) => answerTo(question, levels));
  const verdicts = differences.flatMap(({ verdict }) => (verdict === null ? [] : [verdict]));
  return {
    name: other.name,
    reference: reference.name,
    verdict:
      worst([...verdicts, ownVerdict(reference.result, other.result, rest.checks), missing(rest)]) ??
      'inconclusive',
    warnings: warningsOn(reference, other),
    ...rest,
    differences,
  };
}

/** What the results' own verdicts and checks say: a fail where the reference had none is worse, also if something else failed there. */
function ownVerdict(
  { verdict: before }: Comparable,
  { verdict: after }: Comparable,
  changed: readonly CheckChange[],
): Verdict {
  if (after !== 'fail') return after === 'inconclusive' && before === 'pass' ? 'inconclusive' : 'pass';
  const fails = changed.filter(({ value }) => value === 'fail');
  if (before !== 'fail' || fails.some(({ reference }) => reference !== null)) return 'fail';
  // A check that the reference did not have: nobody knows whether it would have failed there.
  return fails.length > 0 ? 'inconclusive' : 'pass';
}

/** Of a version that answered in the reference alone, nobody knows whether it is worse. */
function missing({ onlyInReference }: Pick<Pair, 'onlyInReference'>): Verdict {
  return onlyInReference.length > 0 ? 'inconclusive' : 'pass';
}

function describe({ name, result }: Named<Comparable>, reference: Comparable): ComparedResult {
  const { startedAt, durationMs, ended, target, requests, verdict } = result;
  return {
    name,
    startedAt,
    durationMs,
    ended,
    url: target.url,
    host: target.host,
    requests: requests.scheduled,
    requestsPerSecond: isLimits(result) ? null : result.requestsPerSecond,
    verdict,
    curves: curvesOf(result, reference),
  };
}

function tolerancesResult({ latency, errors, knee }: CompareTolerances): CompareTolerancesResult {
  return {
    latencyPart: 'ms' in latency ? null : latency.relative,
    latencyMs: 'ms' in latency ? latency.ms : null,
    errorPoints: withoutDust(errors * 100),
    kneePart: knee,
  };
}
