/** The run over time as CSV: a row per interval and version. */
import type { RunResult, TimelineRow } from '../../analysis/result.js';
import { sum } from '../../collections.js';
import { type CsvColumn, csvText } from '../../text/csv.js';
import { runColumns } from './run-columns.js';
import { STATUS_COLUMNS } from './status-columns.js';

/** CSV with a head. Rows by time; a version without responses and failures in an interval has no row in it. */
export function timelineCsv(result: RunResult): string {
  const columns: CsvColumn<TimelineRow>[] = [
    ['start_ms', ({ startMs }) => startMs],
    ['interval_ms', () => result.timelineIntervalMs],
    ['version', ({ version }) => version],
    ['requests', ({ requests }) => requests],
    ['share', ({ share }) => share],
    ...STATUS_COLUMNS,
    ['errors', ({ errors }) => sum(Object.values(errors))],
    ['latency_p50_us', ({ p50Us }) => p50Us],
    ['latency_p99_us', ({ p99Us }) => p99Us],
    ['latency_max_us', ({ maxUs }) => maxUs],
    ...runColumns(result),
  ];
  return csvText(columns, result.timeline);
}
