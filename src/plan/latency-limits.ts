/** Limits of latency: the options checked. */
import { OptionError } from '../errors.js';
import { checkExpected } from './expectations.js';
import type { ExpectedVersion, LatencyLimit, LatencyRatioLimit } from './plan.js';
import type { PlanOptions } from './plan-options.js';
import { checkPositive, checkPositiveMs } from './ranges.js';

/** Limits that can be given. */
export const MAX_LATENCY_LIMITS = 1_000;
const MAX_RATIO = 1_000_000;

/** @throws OptionError naming `maxLatency` */
export function latencyLimits(given: NonNullable<PlanOptions['maxLatency']>): readonly LatencyLimit[] {
  const limits = given.map(({ percentile, ms, version = null }) => ({
    version,
    percentile: checkPercentile(percentile, 'maxLatency'),
    ms: checkPositiveMs(ms, 'maxLatency'),
  }));
  return eachOnce(limits, ({ version, percentile }) => `p${percentile} of ${version ?? 'all'}`, 'maxLatency');
}

/** @throws OptionError naming `maxLatencyRatio` */
export function latencyRatios(given: readonly LatencyRatioLimit[]): readonly LatencyRatioLimit[] {
  const limits = given.map(({ percentile, ratio }) => ({
    percentile: checkPercentile(percentile, 'maxLatencyRatio'),
    ratio: checkPositive(ratio, 'maxLatencyRatio', MAX_RATIO),
  }));
  return eachOnce(limits, ({ percentile }) => `p${percentile}`, 'maxLatencyRatio');
}

/** @throws OptionError naming `maxLatency`, for a version that is not expected */
export function checkLatencyVersions(
  limits: readonly LatencyLimit[],
  expected: readonly ExpectedVersion[] | null,
): void {
  for (const { version } of limits) {
    if (version !== null) checkExpected(version, expected, 'maxLatency');
  }
}

function checkPercentile(percentile: number, option: string): number {
  const tenths = percentile * 10;
  if (percentile > 0 && percentile < 100 && Math.abs(tenths - Math.round(tenths)) < 1e-9) return percentile;
  throw new OptionError(
    (name) => `${name(option)}: p${percentile} is no percentile between 0 and 100 with at most one decimal.`,
  );
}

function eachOnce<T>(limits: readonly T[], what: (limit: T) => string, option: string): readonly T[] {
  if (limits.length > MAX_LATENCY_LIMITS) {
    throw new OptionError(
      (name) => `${name(option)}: ${limits.length} limits are more than ${MAX_LATENCY_LIMITS}.`,
    );
  }
  const seen = new Set<string>();
  for (const limit of limits) {
    const one = what(limit);
    if (seen.has(one)) throw new OptionError((name) => `${name(option)}: ${one} is given twice.`);
    seen.add(one);
  }
  return limits;
}
