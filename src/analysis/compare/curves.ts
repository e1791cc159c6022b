/** How long answers took, percentile by percentile, to draw the results' curves over each other. */
import type { LogHistogram } from '../../log-histogram.js';
import { isEnoughFor } from '../stats/percentile-bounds.js';
import { histogramOf } from './histogram.js';
import { type Comparable, type ComparableRun, isLimits } from './inputs.js';
import type { CurveResult } from './result.js';

/** Points of a curve up to 90 %, from there to 99 %, and so on. */
const POINTS_A_NINE = 20;
const MOST_NINES = 5;
/** Versions with a curve: those of the first result with most requests. */
const MAX_CURVES = 8;

/** From 0 to 99.999. */
export const CURVE_PERCENTILES: readonly number[] = Array.from(
  { length: MOST_NINES * POINTS_A_NINE + 1 },
  (_, i) => Number((100 * (1 - 10 ** (-i / POINTS_A_NINE))).toFixed(6)),
);

/** Of one result, for the versions that the first result has too; all backends together where there is none. */
export function curvesOf(result: Comparable, reference: Comparable): CurveResult[] {
  if (isLimits(result) || isLimits(reference)) return [];
  const shown = versionsWithCurves(result, reference);
  if (shown.length === 0) return curveOf(null, histogramOf(result.backends.latencyUs));
  return shown.flatMap(({ version, latencyUs }) => curveOf(version, histogramOf(latencyUs)));
}

function versionsWithCurves(result: ComparableRun, reference: ComparableRun): ComparableRun['versions'] {
  const most = reference.versions.toSorted((a, b) => b.requests - a.requests).slice(0, MAX_CURVES);
  const names = reference.versions.filter((one) => most.includes(one)).map(({ version }) => version);
  return names.flatMap((name) => result.versions.filter(({ version }) => version === name));
}

function curveOf(version: string | null, times: LogHistogram): CurveResult[] {
  const { count } = times;
  if (count === 0) return [];
  return [
    {
      version,
      timesUs: CURVE_PERCENTILES.map((percent) =>
        isEnoughFor(percent, count)
          ? times.atRank(Math.max(1, Math.ceil((count * percent) / 100))).high
          : null,
      ),
    },
  ];
}
