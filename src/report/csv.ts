/** The result as CSV: a row per version, then one for responses whose version is unknown. */
import type { LatencyResult, RunResult } from '../analysis/result.js';
import { sum } from '../collections.js';
import { csvText, type CsvValue as Value } from '../text/csv.js';
import { statusCell } from './status-cell.js';

/**
 * CSV with a head. Names of columns are stable. Shares are fractions, deviations percentage points, times microseconds.
 * Cells that a spreadsheet would take for a formula begin with an apostrophe.
 */
export function csvReport(result: RunResult): string {
  const rows = [...versionRows(result), unattributedRow(result)];
  return csvText(Object.keys(rows[0] as Record<string, Value>), rows);
}

function versionRows({ versions, checks, split, errors }: RunResult): Record<string, Value>[] {
  return versions.map((version) => ({
    row: 'version',
    version: version.version,
    labels: version.labels.join(' | '),
    expected_share: version.expectedShare,
    requests: version.requests,
    share: version.share,
    deviation_points: version.deviationPoints,
    share_interval_low: version.shareInterval?.[0] ?? null,
    share_interval_high: version.shareInterval?.[1] ?? null,
    tolerance_points: version.tolerancePoints,
    interval_confidence: errors.intervalConfidence,
    method: split?.method ?? null,
    requests_at_verdict: split?.requestsAtVerdict ?? null,
    errors: version.errors,
    error_rate: version.errorRate,
    error_rate_interval_low: version.errorRateInterval?.[0] ?? null,
    error_rate_interval_high: version.errorRateInterval?.[1] ?? null,
    errors_verdict: checks.find(({ name }) => name === `errors/${version.version}`)?.verdict ?? null,
    verdict: checks.find(({ name }) => name === `split/${version.version}`)?.verdict ?? null,
    ...statusColumns(version.statuses),
    failed: sum(Object.values(version.failures)),
    gateway_replies: version.gatewayReplies,
    ...latencyColumns('latency', version.latencyUs),
    ...latencyColumns('service_time', version.serviceTimeUs),
  }));
}

function unattributedRow({ unattributed }: RunResult): Record<string, Value> {
  const { 'no-version': fromBackends = 0 } = unattributed.kinds;
  return {
    row: 'unattributed',
    version: null,
    labels: null,
    expected_share: null,
    requests: unattributed.requests,
    share: null,
    deviation_points: null,
    share_interval_low: null,
    share_interval_high: null,
    tolerance_points: null,
    interval_confidence: null,
    method: null,
    requests_at_verdict: null,
    errors: null,
    error_rate: null,
    error_rate_interval_low: null,
    error_rate_interval_high: null,
    errors_verdict: null,
    verdict: null,
    ...statusColumns(unattributed.statuses),
    failed: null,
    gateway_replies: unattributed.requests - fromBackends,
    ...latencyColumns('latency', null),
    ...latencyColumns('service_time', null),
  };
}

function statusColumns(statuses: Record<string, number>): Record<string, Value> {
  const classOf = (digit: string) =>
    Object.entries(statuses).reduce((n, [status, times]) => (status[0] === digit ? n + times : n), 0);
  return {
    status_2xx: classOf('2'),
    status_3xx: classOf('3'),
    status_4xx: classOf('4'),
    status_5xx: classOf('5'),
    statuses: statusCell(statuses),
  };
}

function latencyColumns(name: string, latency: LatencyResult | null): Record<string, Value> {
  const p = (percentile: string) => latency?.percentiles[percentile] ?? null;
  return {
    [`${name}_count`]: latency?.count ?? null,
    [`${name}_min_us`]: latency?.min ?? null,
    [`${name}_mean_us`]: latency?.mean ?? null,
    [`${name}_p50_us`]: p('50'),
    [`${name}_p90_us`]: p('90'),
    [`${name}_p95_us`]: p('95'),
    [`${name}_p99_us`]: p('99'),
    [`${name}_p99_9_us`]: p('99.9'),
    [`${name}_max_us`]: latency?.max ?? null,
  };
}
