/** Error rates for the result: of each version and of the whole run, with intervals, judged or not. */
import type { ErrorCounts } from '../counts.js';
import type { VersionResult } from '../result.js';
import { differenceBounds } from '../stats/rate-difference.js';
import { baselineOf, type CountedVersion } from './check-input.js';
import { INTERVAL_CONFIDENCE } from './interval-confidence.js';
import { differenceOf, intervalOf, rateOf } from './rates.js';

/** The error figures of a version's result. */
export type ErrorFigures = Pick<
  VersionResult,
  'errors' | 'errorRate' | 'errorRateInterval' | 'errorIncrease'
>;

/** Errors of each version with their intervals, and how they compare with the baseline's. */
export function errorFigures(versions: readonly CountedVersion[]): ErrorFigures[] {
  const alpha = (1 - INTERVAL_CONFIDENCE) / 2;
  const baseline = baselineOf(versions);
  return versions.map((version) => {
    const rate = rateOf(version.errors);
    const base = baseline === null || baseline === version ? null : rateOf(baseline.errors);
    const increase = base === null ? null : differenceOf(rate, base);
    return {
      ...rateFigures(version.errors),
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

/** Errors, their share of the requests that were answered or failed, and its interval. */
export function rateFigures(counts: ErrorCounts): {
  errors: number;
  errorRate: number | null;
  errorRateInterval: [lo: number, hi: number] | null;
} {
  const rate = rateOf(counts);
  return {
    errors: counts.errors,
    errorRate: rate.trials === 0 ? null : rate.events / rate.trials,
    errorRateInterval: intervalOf(rate, (1 - INTERVAL_CONFIDENCE) / 2),
  };
}

/** Where requests were chosen by what answered them, a rate says nothing. */
export function withoutRate({ errors: { errors } }: Pick<CountedVersion, 'errors'>): ErrorFigures {
  return { errors, errorRate: null, errorRateInterval: null, errorIncrease: null };
}

function inPoints([low, high]: [number, number]): [lo: number, hi: number] {
  return [low * 100, high * 100];
}
