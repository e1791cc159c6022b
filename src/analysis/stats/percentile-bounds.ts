/** A percentile of what a histogram counted, with its bounds. */
import type { LogHistogram } from '../../log-histogram.js';
import { quantileRanks, samplesForUpperBound } from './quantile-bounds.js';

/** Those of every result; the table shows them when no others are asked for. */
export const PERCENTILES: readonly number[] = [50, 90, 95, 99, 99.9];

/** A percentile and what it certainly is not below and not above; null: there is nothing, or no bound. */
export interface PercentileBounds {
  readonly figure: number | null;
  readonly low: number;
  readonly high: number | null;
}

type Counted = Pick<LogHistogram, 'count' | 'percentile' | 'atRank'>;

/** @param alpha each bound has a chance of at most this to be wrong */
export function percentileBounds(values: Counted, percent: number, alpha: number): PercentileBounds {
  const ranks = quantileRanks(percent / 100, values.count, alpha);
  return {
    figure: values.percentile(percent),
    low: ranks.low === null ? 0 : values.atRank(ranks.low).low,
    high: ranks.high === null ? null : values.atRank(ranks.high).high,
  };
}

/** Chance that the largest of the values is below the percentile, up to which a percentile is shown. */
const SHOWN_ALPHA = 0.05;

/**
 * The percentile to show; null if even the largest value may well be below the true one, so that it would be the maximum under
 * another name: p99 needs 299 values. In the same way p1 would be the minimum.
 */
export function shownPercentile(values: Counted, percent: number): number | null {
  return isEnoughFor(percent, values.count) ? values.percentile(percent) : null;
}

/** {@link PERCENTILES} of values, by their numbers as text; null as in {@link shownPercentile}. */
export function shownPercentiles(values: Counted): Record<string, number | null> {
  return Object.fromEntries(
    PERCENTILES.map((percent) => [String(percent), shownPercentile(values, percent)]),
  );
}

/** Whether a percentile of so many values is shown. */
export function isEnoughFor(percent: number, count: number): boolean {
  return count >= answersFor(percent);
}

/** How many values a percentile needs to be shown. */
export function answersFor(percent: number): number {
  return samplesForUpperBound(Math.max(percent, 100 - percent) / 100, SHOWN_ALPHA);
}
