/** `--max-latency p99=250ms,v2:p99=300ms` and `--max-latency-ratio p99=1.2`. */
import { UserError } from '../../errors.js';
import type { LatencyLimit, LatencyRatioLimit } from '../../plan/plan.js';
import { parsePositiveDuration, parsePositiveNumber } from '../../plan/units.js';
import { printable } from '../../text/printable.js';

const MAX_RATIO = 1_000_000;

/**
 * Reads limits of percentiles.
 *
 * @param items such as `p99=250ms`, `v2:p99=300ms`
 * @throws UserError naming `flag`
 */
export function parseLatencyLimits(items: readonly string[], flag: string): LatencyLimit[] {
  return items.map((item) => {
    const [, version, percentile, limit] = /^(?:(.+):)?p(\d+(?:\.\d+)?)=([^=]+)$/.exec(item) ?? [];
    if (percentile === undefined || limit === undefined) {
      throw new UserError(
        `${flag}: '${printable(item)}' is no limit. Write it as p99=250ms, or as v2:p99=250ms for one version.`,
      );
    }
    return {
      version: version ?? null,
      percentile: Number(percentile),
      ms: parsePositiveDuration(limit, flag),
    };
  });
}

/**
 * Reads limits of ratios.
 *
 * @param items such as `p99=1.2`
 * @throws UserError naming `flag`
 */
export function parseLatencyRatios(items: readonly string[], flag: string): LatencyRatioLimit[] {
  return items.map((item) => {
    const [, percentile, ratio] = /^p(\d+(?:\.\d+)?)=([^=]+)$/.exec(item) ?? [];
    if (percentile === undefined || ratio === undefined) {
      throw new UserError(`${flag}: '${printable(item)}' is no limit. Write it as p99=1.2.`);
    }
    return { percentile: Number(percentile), ratio: parsePositiveNumber(ratio, flag, MAX_RATIO) };
  });
}
