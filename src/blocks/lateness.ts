/** How late the requests of an open loop were, as a histogram: plain data, which crosses threads and is saved. */
import { COARSE, LogHistogram, MAX_VALUE_US } from '../log-histogram.js';

/** Requests that were late by `us` or a little more, up to the next bucket: buckets are at most 1.6 % wide, 1 µs up to 127 µs. */
export interface LatenessBucket {
  /** Whole µs. */
  readonly us: number;
  readonly requests: number;
}

/** An empty histogram of lateness. */
export function latenessHistogram(): LogHistogram {
  return new LogHistogram(COARSE);
}

/** Lateness in whole µs, within what a histogram can hold. */
export function wholeLatenessUs(us: number): number {
  const whole = Math.round(us);
  return whole > 0 ? Math.min(whole, MAX_VALUE_US) : 0;
}

/** The buckets in use, from early to late. */
export function bucketsOf(histogram: LogHistogram): LatenessBucket[] {
  const buckets: LatenessBucket[] = [];
  histogram.forEach((us, requests) => {
    buckets.push({ us, requests });
  });
  return buckets;
}

/** The histogram that has these buckets. */
export function histogramOf(buckets: readonly LatenessBucket[]): LogHistogram {
  const histogram = latenessHistogram();
  for (const { us, requests } of buckets) histogram.record(Math.min(us, MAX_VALUE_US), requests);
  return histogram;
}

/** Those of several generators as those of one; null if one has none. */
export function mergeBuckets(all: readonly (readonly LatenessBucket[] | null)[]): LatenessBucket[] | null {
  const merged = latenessHistogram();
  for (const buckets of all) {
    if (buckets === null) return null;
    merged.merge(histogramOf(buckets));
  }
  return bucketsOf(merged);
}
