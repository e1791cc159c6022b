/** What a run is judged by, in words. */
import { inSeconds } from '../text/durations.js';
import { plain } from '../text/numbers.js';
import type { JudgePlan } from './plan.js';
import { tolerancesInWords, tolerancesOf } from './tolerance.js';

/** `v1=90,v2=10 ± 2 points at 95 %`, and what else is not as by default. */
export function judgeInWords(judge: JudgePlan): string {
  const { expected, confidence, maxErrorRate, maxErrorIncrease, errorStatuses, only } = judge;
  const { maxLatency, maxLatencyRatio } = judge;
  const percent = (fraction: number) => Number((fraction * 100).toPrecision(6));
  const limit = (value: number | null) => (value === null ? 'off' : `${plain(value * 100)} %`);
  const weights = (expected ?? []).map(({ name, weight }) => `${name}=${weight}`).join(',');
  const tolerance =
    judge.tolerance === null
      ? `${percent(Math.min(...tolerancesOf(judge)))} points`
      : tolerancesInWords(judge.tolerance);
  const rates =
    maxErrorRate === null
      ? []
      : [
          limit(maxErrorRate.all),
          ...maxErrorRate.versions.map((own) => `${own.version} ${limit(own.limit)}`),
        ];
  return [
    expected === null ? 'no expected weights' : `${weights} ± ${tolerance} at ${percent(confidence)} %`,
    ...(rates.length === 0 ? [] : [`largest error rate ${rates.join(', ')}`]),
    ...(maxErrorIncrease === null ? [] : [`largest increase of errors ${percent(maxErrorIncrease)} points`]),
    ...maxLatency.map(
      ({ version, percentile, ms }) =>
        `${version === null ? '' : `${version} `}p${percentile} at most ${inSeconds(ms)}`,
    ),
    ...maxLatencyRatio.map(
      ({ percentile, ratio }) => `p${percentile} at most ${plain(ratio)} × the baseline's`,
    ),
    ...(errorStatuses.join() === '5xx' ? [] : [`errors ${errorStatuses.join(', ')}`]),
    ...(only === null ? [] : [`only ${only.join(', ')}`]),
  ].join('; ');
}
