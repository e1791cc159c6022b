/** Error rates for the result: of each version and of the whole run, with intervals, judged or not. */
import { DEFAULT_MAX_ERROR_RATE } from '../../plan/defaults.js';
import { errorLimit } from '../../plan/error-limits.js';
import type { VersionResult } from '../result.js';
import type { ErrorCounts } from '../slot-counts.js';
import { rateTest } from '../stats/rate-limit.js';
import { type CheckInput, type CountedVersion, sameVersion } from './check-input.js';
import { intervalOf, rateOf } from './rates.js';

/** The error figures of a version's result. */
export type ErrorFigures = Pick<VersionResult, 'errors' | 'errorRate' | 'errorRateInterval'>;

/**
 * Errors of each version with the intervals that are judged.
 *
 * @param judged what the verdict is over: of a run that stopped when it was known, the counts of that look
 */
export function errorFigures({ versions }: CheckInput, judged: CheckInput): ErrorFigures[] {
  return versions.map((version) =>
    rateFigures(version.errors, sameVersion(judged, version)?.errors ?? null, judged, version.version),
  );
}

/** Errors, their share of the requests that were answered or failed, and its interval: of the whole run. */
export function runErrorFigures({ errors }: CheckInput, judged: CheckInput): ErrorFigures {
  return rateFigures(errors, judged.errors, judged, null);
}

/** @param version null: the whole run */
function rateFigures(
  counts: ErrorCounts,
  judged: ErrorCounts | null,
  { judge, method }: CheckInput,
  version: string | null,
): ErrorFigures {
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
  return { errors, errorRate: null, errorRateInterval: null };
}
