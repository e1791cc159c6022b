/** The result as CSV: a row per version, then one for the whole run. */
import type { AnswersResult, Check, LatencyResult, RunResult, VersionResult } from '../../analysis/result.js';
import { sum } from '../../collections.js';
import { type CsvColumn, type CsvValue, csvText } from '../../text/csv.js';
import { runColumns } from './run-columns.js';
import { STATUS_COLUMNS } from './status-columns.js';

/** Stands for the whole run. A version may have this name too: the column `row` tells them apart. */
export const ALL = '(all)';

/** What both kinds of rows have. */
interface Row extends Pick<AnswersResult, 'requests' | 'statuses' | 'latencyUs' | 'serviceTimeUs'> {
  readonly row: 'version' | 'all';
  readonly version: string;
  readonly labels: string;
  /** Of the split, of a version alone. */
  readonly split: Partial<Pick<VersionResult, SplitFields>>;
  readonly tolerancePoints: number | null;
  readonly errors: Pick<VersionResult, 'errors' | 'errorRate' | 'errorRateInterval'>;
  readonly errorsVerdict: Check['verdict'] | null;
  readonly verdict: Check['verdict'] | null;
  readonly failed: number;
  readonly gatewayReplies: number;
  readonly unattributed: number;
}

type SplitFields = 'expectedShare' | 'share' | 'deviationPoints' | 'shareInterval';

/**
 * CSV with a head. Names of columns are stable. Shares are fractions, deviations percentage points, times microseconds. The row
 * `all` also counts responses without a version and requests that failed; its times are those of all answers of backends.
 */
export function csvReport(result: RunResult): string {
  const { errors, split } = result;
  const columns: CsvColumn<Row>[] = [
    ['row', ({ row }) => row],
    ['version', ({ version }) => version],
    ['labels', ({ labels }) => labels],
    ['expected_share', (row) => row.split.expectedShare ?? null],
    ['requests', ({ requests }) => requests],
    ['share', (row) => row.split.share ?? null],
    ['deviation_points', (row) => row.split.deviationPoints ?? null],
    ['share_interval_low', (row) => row.split.shareInterval?.[0] ?? null],
    ['share_interval_high', (row) => row.split.shareInterval?.[1] ?? null],
    ['tolerance_points', ({ tolerancePoints }) => tolerancePoints],
    ['interval_confidence', () => errors.intervalConfidence],
    ['method', () => split?.method ?? null],
    ['requests_at_verdict', () => split?.requestsAtVerdict ?? null],
    ['errors', (row) => row.errors.errors],
    ['error_rate', (row) => row.errors.errorRate],
    ['error_rate_interval_low', (row) => row.errors.errorRateInterval?.[0] ?? null],
    ['error_rate_interval_high', (row) => row.errors.errorRateInterval?.[1] ?? null],
    ['errors_verdict', ({ errorsVerdict }) => errorsVerdict],
    ['verdict', ({ verdict }) => verdict],
    ...STATUS_COLUMNS,
    ['failed', ({ failed }) => failed],
    ['gateway_replies', ({ gatewayReplies }) => gatewayReplies],
    ['unattributed', ({ unattributed }) => unattributed],
    ...latencyColumns('latency', ({ latencyUs }) => latencyUs),
    ...latencyColumns('service_time', ({ serviceTimeUs }) => serviceTimeUs),
    ...runColumns(result),
  ];
  return csvText(columns, [...result.versions.map((version) => versionRow(result, version)), allRow(result)]);
}

function versionRow({ checks }: RunResult, version: VersionResult): Row {
  return {
    ...version,
    row: 'version',
    labels: version.labels.join(' | '),
    split: version,
    errors: version,
    errorsVerdict: verdictOf(checks, `errors/${version.version}`),
    verdict: verdictOf(checks, `split/${version.version}`),
    failed: sum(Object.values(version.failures)),
    unattributed: 0,
  };
}

function allRow({ overall, backends, requests, errors, checks, split, gatewayReplies }: RunResult): Row {
  return {
    row: 'all',
    version: ALL,
    labels: '',
    requests: overall.requests,
    statuses: overall.statuses,
    latencyUs: backends.latencyUs,
    serviceTimeUs: backends.serviceTimeUs,
    split: {},
    tolerancePoints: split?.tolerancePoints ?? null,
    errors,
    errorsVerdict: verdictOf(checks, 'errors'),
    verdict: split?.verdict ?? null,
    failed: requests.failed,
    gatewayReplies: sum(Object.values(gatewayReplies)),
    unattributed: requests.unattributed,
  };
}

function verdictOf(checks: readonly Check[], name: string): Check['verdict'] | null {
  return checks.find((check) => check.name === name)?.verdict ?? null;
}

function latencyColumns(name: string, of: (row: Row) => LatencyResult): CsvColumn<Row>[] {
  const column = (figure: string, value: (latency: LatencyResult) => CsvValue): CsvColumn<Row> => [
    `${name}_${figure}`,
    (row) => value(of(row)),
  ];
  return [
    column('count', ({ count }) => count),
    column('min_us', ({ min }) => min),
    column('mean_us', ({ mean }) => mean),
    ...['50', '90', '95', '99', '99.9'].map((p) =>
      column(`p${p.replace('.', '_')}_us`, ({ percentiles }) => percentiles[p] ?? null),
    ),
    column('max_us', ({ max }) => max),
  ];
}
