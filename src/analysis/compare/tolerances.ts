/** Which differences are too small to count: the options checked, and what applies without them. */
import {
  DEFAULT_ERROR_TOLERANCE,
  DEFAULT_KNEE_TOLERANCE,
  DEFAULT_LATENCY_TOLERANCE,
} from '../../plan/defaults.js';
import type { ExpectedVersion, Tolerances } from '../../plan/plan.js';
import type { GivenTolerances } from '../../plan/plan-options.js';
import { checkPositive, checkPositiveMs } from '../../plan/ranges.js';
import { tolerances, tolerancesOf } from '../../plan/tolerance.js';
import type { ComparableRun } from './inputs.js';

/** A part of the reference's time, or a time. */
export type LatencyTolerance = { readonly relative: number } | { readonly ms: number };

export interface ToleranceOptions {
  /** Of shares, as of `makePlan`; default: that of the reference, else two points or half of the smallest share if that is less. */
  readonly tolerance?: GivenTolerances | undefined;
  /** Of percentiles of latency; default: a tenth of the reference's. */
  readonly latencyTolerance?: LatencyTolerance | undefined;
  /** Of error rates, a fraction: 0.005, the default, is half a point. */
  readonly errorTolerance?: number | undefined;
  /** Of knees, a part of the reference's; default 0.1. */
  readonly kneeTolerance?: number | undefined;
}

export interface CompareTolerances {
  readonly shares: Tolerances | null;
  readonly latency: LatencyTolerance;
  /** A fraction. */
  readonly errors: number;
  /** A part of the reference's. */
  readonly knee: number;
}

/** Far more than anyone accepts. */
const MAX_PART = 100;

/** @throws OptionError naming the option that is wrong */
export function compareTolerances(given: ToleranceOptions): CompareTolerances {
  const {
    tolerance,
    latencyTolerance = { relative: DEFAULT_LATENCY_TOLERANCE },
    errorTolerance = DEFAULT_ERROR_TOLERANCE,
    kneeTolerance = DEFAULT_KNEE_TOLERANCE,
  } = given;
  if ('ms' in latencyTolerance) checkPositiveMs(latencyTolerance.ms, 'latencyTolerance');
  else checkPositive(latencyTolerance.relative, 'latencyTolerance', MAX_PART);
  return {
    shares: tolerance === undefined ? null : tolerances(tolerance),
    latency: latencyTolerance,
    errors: checkPositive(errorTolerance, 'errorTolerance', 1),
    knee: checkPositive(kneeTolerance, 'kneeTolerance', MAX_PART),
  };
}

/** Of a time of the reference, µs. */
export function latencyToleranceUs(tolerance: LatencyTolerance, referenceUs: number): number {
  return 'ms' in tolerance ? tolerance.ms * 1000 : tolerance.relative * referenceUs;
}

/** Of a version's share, in points: what was given, else the reference's own. */
export function shareTolerance(
  { shares }: CompareTolerances,
  { versions }: ComparableRun,
  version: string,
): number {
  const at = versions.findIndex((one) => one.version === version);
  const own = versions[at]?.tolerancePoints ?? null;
  if (shares === null && own !== null) return own;
  const expected = versions.map(({ version: name, expectedShare, share }) =>
    standIn(name, expectedShare ?? share ?? 0),
  );
  return (tolerancesOf({ tolerance: shares, expected })[at] as number) * 100;
}

/** A version as the rules of tolerances read it. A result does not have the rest of what was expected. */
export function standIn(name: string, share: number): ExpectedVersion {
  return { name, weight: 0, share, mapped: [] };
}
