/** Error rates for the result: of each version and of the whole run, with intervals, judged or not. */
import { DEFAULT_MAX_ERROR_RATE } from '../../plan/defaults.js';
import { errorLimit } from '../../plan/error-limits.js';
import type { ErrorCounts } from '../counts.js';
import type { VersionResult } from '../result.js';
import { differenceBounds } from '../stats/rate-difference.js';
import { rateTest } from '../stats/rate-limit.js';
import { baselineOf, type CheckInput, type CountedVersion, sameVersion } from './check-input.js';
import { differenceOf, intervalOf, rateOf } from './rates.js';

/** The error figures of a version's result. */
export type ErrorFigures = Pick<
  VersionResult,
  'errors' | 'errorRate' | 'errorRateInterval' | 'errorIncrease'
>;

/**
 * Errors of each version with the intervals that are judged, and how they compare with the baseline's.
 *
 * @param judged what the verdict is over: of a run that stopped when it was known, the counts of that look
 */
export function errorFigures({ versions }: CheckInput, judged: CheckInput): ErrorFigures[] {
  const alpha = 1 - judged.judge.confidence;
  const baseline = baselineOf(versions);
  return versions.map((version) => {
    const rate = rateOf(version.errors);
    const base = baseline === null || baseline === version ? null : rateOf(baseline.errors);
    const increase = base === null ? null : differenceOf(rate, base);
    return {
      ...rateFigures(version.errors, sameVersion(judged, version)?.errors ?? null, judged, version.version),
      errorIncrease:
        base === null || increase === null
          ? null
          : {
              over: (baseline as CountedVersion).version,
              points: increase * 100,
              interval: inPoints(differenceBounds(rate, base, alpha)),
            },
    };
  });
}

/** Errors, their share of the requests that were answered or failed, and its interval: of the whole run. */
export function runErrorFigures({ errors }: CheckInput, judged: CheckInput): RateFigures {
  return rateFigures(errors, judged.errors, judged, null);
}

type RateFigures = Pick<ErrorFigures, 'errors' | 'errorRate' | 'errorRateInterval'>;

/** @param version null: the whole run */
function rateFigures(
  counts: ErrorCounts,
  judged: ErrorCounts | null,
  { judge, method }: CheckInput,
  version: string | null,
): RateFigures {
  const rate = rateOf(counts);
  const limit = errorLimit(judge, version) ?? DEFAULT_MAX_ERROR_RATE;
  return {
    errors: counts.errors,
    errorRate: rate.trials === 0 ? null : rate.events / rate.trials,
    errorRateInterval:
      judged === null ? null : intervalOf(rateOf(judged), 1 - judge.confidence, rateTest(method, limit)),
  };
}

/** Where requests were chosen by what answered them, a rate says nothing. */
export function withoutRate({ errors: { errors } }: Pick<CountedVersion, 'errors'>): ErrorFigures {
  return { errors, errorRate: null, errorRateInterval: null, errorIncrease: null };
}

function inPoints([low, high]: [number, number]): [lo: number, hi: number] {
  return [low * 100, high * 100];
}
