/** The shape of what a saved run is judged by. It obeys the rules that options are checked by. */
import { CHECK_KINDS } from '../../plan/check-kinds.js';
import { DEFAULT_ERROR_STATUSES } from '../../plan/defaults.js';
import { checkRules } from '../../plan/ejection.js';
import { MAX_ERROR_STATUSES } from '../../plan/error-limits.js';
import { expectedAsSaved, MAX_VERSIONS } from '../../plan/expectations.js';
import { givenJudge } from '../../plan/judge.js';
import { MAX_LATENCY_LIMITS } from '../../plan/latency-limits.js';
import type {
  EjectionRule,
  ErrorLimits,
  ExpectedVersion,
  JudgePlan,
  LatencyLimit,
  LatencyRatioLimit,
  PolicyScope,
  Tolerance,
  Tolerances,
} from '../../plan/plan.js';
import type { GivenErrorLimits, GivenTolerance, GivenTolerances } from '../../plan/plan-options.js';
import { MAX_DURATION_MS } from '../../plan/units.js';
import {
  bool,
  byRule,
  type Check,
  count,
  list,
  number,
  object,
  oneOf,
  orAbsent,
  orElse,
  orNull,
  text,
  whole,
} from './shape.js';

/** Times of a rule, ms: as long as durations in manifests can be. */
const ruleMs = number(1, 2 ** 63 / 1e6);

/** Of responses: three digits. */
const STATUSES = { min: 100, max: 999 };

const oneTolerance = object<Tolerance>({ fraction: number(0, 1), of: oneOf('requests', 'share') });
const tolerancesShape = object<Tolerances>({
  all: orNull(oneTolerance),
  versions: list(object({ version: text, tolerance: oneTolerance }), MAX_VERSIONS),
});

/** Older versions knew one tolerance in points, as a number. */
const tolerance: Check<Tolerances> = (value, where) =>
  typeof value === 'number'
    ? { all: { fraction: number(0, 1)(value, where), of: 'requests' }, versions: [] }
    : tolerancesShape(value, where);

const judgeShape: Check<JudgePlan> = object<JudgePlan>({
  expected: orNull(
    list(
      object<ExpectedVersion>({
        name: text,
        weight: number(0, 1e15),
        share: number(0, 1),
        mapped: list(text),
      }),
      MAX_VERSIONS,
    ),
  ),
  tolerance: orNull(tolerance),
  confidence: number(0, 1),
  // Files of older versions do not have what follows: what is absent is judged by its default.
  only: orAbsent(list(oneOf(...CHECK_KINDS), CHECK_KINDS.length)),
  maxErrorRate: orAbsent(
    object<ErrorLimits>({
      all: orNull(number(0, 1)),
      versions: list(object({ version: text, limit: orNull(number(0, 1)) }), MAX_VERSIONS),
    }),
  ),
  maxErrorIncrease: orAbsent(number(0, 1)),
  maxLatency: orElse(
    list(
      object<LatencyLimit>({
        version: orNull(text),
        percentile: number(0, 100),
        ms: number(0, MAX_DURATION_MS),
      }),
      MAX_LATENCY_LIMITS,
    ),
    [],
  ),
  maxLatencyRatio: orElse(
    list(
      object<LatencyRatioLimit>({ percentile: number(0, 100), ratio: number(0, 1e6) }),
      MAX_LATENCY_LIMITS,
    ),
    [],
  ),
  errorStatuses: orElse(list(text, MAX_ERROR_STATUSES), DEFAULT_ERROR_STATUSES),
});

/** What a run is judged by, checked by the rules of `makePlan`. */
export const judge: Check<JudgePlan> = (value, where) => {
  const judged = judgeShape(value, where);
  const { expected, confidence, only, maxErrorRate, maxErrorIncrease, errorStatuses } = judged;
  const name = (option: string) => `${where}.${option === 'expect' ? 'expected' : option}`;
  return byRule(name, () => {
    givenJudge({
      tolerance: judged.tolerance === null ? undefined : givenTolerances(judged.tolerance),
      confidence,
      only: only ?? undefined,
      maxErrorRate: maxErrorRate === null ? undefined : asGiven(maxErrorRate),
      maxErrorIncrease: maxErrorIncrease ?? undefined,
      errorStatuses,
      maxLatency: judged.maxLatency,
      maxLatencyRatio: judged.maxLatencyRatio,
    });
    return { ...judged, expected: expected === null ? null : expectedAsSaved(expected) };
  });
};

/** Older versions knew only policies that count per version. */
export const policyScope: Check<PolicyScope> = orElse(oneOf('version', 'route'), 'version');

function givenTolerances({ all, versions }: Tolerances): GivenTolerances {
  const given = ({ fraction, of }: Tolerance): GivenTolerance =>
    of === 'share' ? { relative: fraction } : fraction;
  return {
    all: all === null ? undefined : given(all),
    versions: new Map(versions.map((own) => [own.version, given(own.tolerance)])),
  };
}

function asGiven({ all, versions }: ErrorLimits): GivenErrorLimits {
  return {
    all: all ?? 'off',
    versions: new Map(versions.map(({ version, limit }) => [version, limit ?? 'off'])),
  };
}

const ejectionShape = list(
  object<EjectionRule>({
    version: orNull(text),
    scope: policyScope,
    source: text,
    errorCodes: orAbsent(list(whole(STATUSES), STATUSES.max)),
    consecutive5xx: count,
    consecutiveGatewayErrors: count,
    consecutiveLocalOriginFailures: orNull(count),
    intervalMs: ruleMs,
    baseEjectionTimeMs: ruleMs,
    maxEjectionPercent: number(0, 100),
    alwaysEjectsOne: orElse(bool, false),
    minHealthPercent: number(0, 100),
    endpoints: orNull(count),
    asked: orElse(bool, false),
  }),
);

/** At most one rule per version. */
export const ejection: Check<readonly EjectionRule[]> = (value, where) => {
  const rules = ejectionShape(value, where);
  return byRule(
    () => where,
    () => checkRules(rules),
  );
};
