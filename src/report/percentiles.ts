/** Percentiles that a reader asks for, also those that are not in the result. */
import type { LatencyResult } from '../analysis/result.js';
import { isEnoughFor } from '../analysis/stats/percentile-bounds.js';
import { hdrLibrary } from '../hdr-library.js';

/** In microseconds; null where there are too few answers for the percentile. */
export function percentilesUs(latency: LatencyResult, percents: readonly number[]): (number | null)[] {
  const { count, max, percentiles } = latency;
  const known = percents.map((percent) => percentiles[String(percent)]);
  if (known.every((us) => us !== undefined)) return known;
  const all = hdrLibrary().decodeFromCompressedBase64(latency.histogram);
  return percents.map((percent) =>
    max !== null && isEnoughFor(percent, count) ? Math.min(all.getValueAtPercentile(percent), max) : null,
  );
}
