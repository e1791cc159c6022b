/** Is each version fast enough: against a limit, and against the baseline? */
import type { LatencyLimit, Note } from '../../plan/plan.js';
import { time } from '../../text/durations.js';
import { count, plain } from '../../text/numbers.js';
import type { Check } from '../result.js';
import { type PercentileBounds, percentileBounds } from '../stats/percentile-bounds.js';
import { samplesForUpperBound } from '../stats/quantile-bounds.js';
import type { Verdict } from '../verdict.js';
import { baselineOf, type CheckInput, type CountedVersion, isSeen } from './check-input.js';
import { nameOf } from './words.js';

export function latencyChecks(input: CheckInput): Check[] {
  return [...limitChecks(input), ...ratioChecks(input)];
}

function limitChecks({ judge, versions }: CheckInput): Check[] {
  const alpha = 1 - judge.confidence;
  const limits = versions
    .filter(isSeen)
    .flatMap((version) => limitsOf(version, judge.maxLatency).map((limit) => ({ version, limit })));
  return limits.map(({ version, limit: { percentile, ms } }): Check => {
    const limitUs = ms * 1000;
    const { figure, low, high } = percentileBounds(version.latency, percentile, alpha);
    const least = percentileBounds(version.latency, percentile, alpha / limits.length).low;
    const verdict: Verdict =
      high !== null && high <= limitUs ? 'pass' : least > limitUs ? 'fail' : 'inconclusive';
    const name = nameOf(version.version);
    const n = version.latency.count;
    const too = `of ${name} is not known above: it has ${count(n)} answers, and ${count(samplesForUpperBound(percentile / 100, alpha))} are needed`;
    const between = `between ${time(low)} and ${time(high)}`;
    return {
      name: `latency/${version.version}/p${percentile}`,
      verdict,
      figure: high === null ? null : figure,
      bound: [null, limitUs],
      interval: high === null ? null : [low, high],
      requestsNeeded: high === null ? samplesForUpperBound(percentile / 100, alpha) : null,
      text:
        verdict === 'fail'
          ? `p${percentile} of ${name} is at least ${time(low)} (at most ${time(limitUs)})`
          : high === null
            ? `p${percentile} ${too}`
            : `p${percentile} of ${name} is ${verdict === 'pass' ? time(figure) : between} (at most ${time(limitUs)})`,
    };
  });
}

function ratioChecks({ judge, versions }: CheckInput): Check[] {
  const baseline = baselineOf(versions);
  if (baseline === null) return [];
  const alpha = 1 - judge.confidence;
  const others = versions.filter(isSeen).filter((version) => version !== baseline);
  const pairs = others.flatMap((version) => judge.maxLatencyRatio.map((limit) => ({ version, limit })));
  return pairs.map(({ version, limit: { percentile, ratio: limit } }): Check => {
    const ratio = latencyRatio(version, baseline, percentile, alpha);
    const { low: least } = latencyRatio(version, baseline, percentile, alpha / pairs.length);
    const verdict: Verdict =
      ratio.high !== null && ratio.high <= limit ? 'pass' : least > limit ? 'fail' : 'inconclusive';
    const names = `p${percentile} of ${nameOf(version.version)}`;
    const base = nameOf(baseline.version);
    return {
      name: `latency-ratio/${version.version}/p${percentile}`,
      verdict,
      figure: ratio.figure,
      bound: [null, limit],
      interval: ratio.high === null ? null : [ratio.low, ratio.high],
      requestsNeeded: null,
      text:
        ratio.figure === null
          ? `${names} cannot be compared with that of ${base}: too few answers for a bound`
          : `${names} is ${plain(ratio.figure)} × that of ${base}, between ${plain(ratio.low)} and ${ratio.high === null ? 'any' : plain(ratio.high)} (at most ${plain(limit)})`,
    };
  });
}

/** From this ratio on, a difference that is shown is told, whether or not there is a limit. */
const TELLING_RATIO = 1.5;
const TELLING_PERCENTILES = [50, 99];

/** A note for each version that is shown to be much slower or faster than the baseline. */
export function latencyNotes({ judge, versions }: CheckInput): Note[] {
  const baseline = baselineOf(versions);
  if (baseline === null) return [];
  const others = versions.filter(isSeen).filter((version) => version !== baseline);
  // Two sides of two percentiles of each: one that is wrong is enough for a false alarm.
  const alpha = (1 - judge.confidence) / (2 * TELLING_PERCENTILES.length * others.length);
  return others.flatMap((version) => {
    const found = TELLING_PERCENTILES.flatMap((percentile) => {
      const { figure, low, high } = latencyRatio(version, baseline, percentile, alpha);
      const shown = low >= TELLING_RATIO || (high !== null && high <= 1 / TELLING_RATIO);
      if (figure === null || !shown) return [];
      const [own, base] = [version, baseline].map(({ latency }) => time(latency.percentile(percentile)));
      return [`p${percentile} is ${plain(figure)} × (${own}, not ${base})`];
    });
    if (found.length === 0) return [];
    const text = `Latency of ${nameOf(version.version)} against ${nameOf(baseline.version)}: ${found.join(', ')}.`;
    return [{ code: 'latency-differs', text }];
  });
}

/**
 * A percentile of a version ÷ that of another, with bounds that each have a chance of at most `alpha` to be wrong: half of it for
 * the percentile above the line, half for that below.
 *
 * @returns no figure if a percentile of the two has no upper bound: its estimate would be the maximum in disguise
 */
function latencyRatio(
  version: CountedVersion,
  base: CountedVersion,
  percentile: number,
  alpha: number,
): PercentileBounds {
  const [above, below] = [version, base].map(({ latency }) =>
    percentileBounds(latency, percentile, alpha / 2),
  ) as [PercentileBounds, PercentileBounds];
  const known = above.high !== null && below.high !== null && below.figure !== null && below.figure > 0;
  return {
    figure: known ? (above.figure ?? 0) / (below.figure ?? 1) : null,
    low: below.high === null || below.high <= 0 ? 0 : above.low / below.high,
    high: above.high === null || below.low <= 0 ? null : above.high / below.low,
  };
}

/** A limit of the version's own goes before one of the same percentile for all. */
function limitsOf({ version }: CountedVersion, limits: readonly LatencyLimit[]): LatencyLimit[] {
  const own = limits.filter((limit) => limit.version === version);
  const general = limits.filter(
    (limit) => limit.version === null && own.every(({ percentile }) => percentile !== limit.percentile),
  );
  return [...own, ...general];
}
