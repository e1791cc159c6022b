/** How long answers took, as CSV: a row per version and bucket of times. */
import type { LatencyResult, RunResult } from '../../analysis/result.js';
import { type CsvColumn, csvText } from '../../text/csv.js';
import { runColumns } from './run-columns.js';

interface Row {
  readonly version: string;
  readonly times: 'latency' | 'service_time';
  readonly bucket: LatencyResult['buckets'][number];
}

const COLUMNS: readonly CsvColumn<Row>[] = [
  ['version', ({ version }) => version],
  ['times', ({ times }) => times],
  ['from_us', ({ bucket }) => bucket[0]],
  ['to_us', ({ bucket }) => bucket[1]],
  ['count', ({ bucket }) => bucket[2]],
];

/** CSV with a head. Buckets without answers have no row. */
export function histogramCsv(result: RunResult): string {
  const rows = result.versions.flatMap(({ version, latencyUs, serviceTimeUs }): Row[] => [
    ...latencyUs.buckets.map((bucket): Row => ({ version, times: 'latency', bucket })),
    ...serviceTimeUs.buckets.map((bucket): Row => ({ version, times: 'service_time', bucket })),
  ]);
  return csvText([...COLUMNS, ...runColumns(result)], rows);
}
