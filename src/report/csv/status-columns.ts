/** Counts by status in CSV. */
import type { CsvColumn } from '../../text/csv.js';

type Counts = Readonly<Record<string, number>>;

/** Counts by HTTP status or outcome as one cell: `200=7207 503=1`; empty for none. */
export function statusCell(counts: Counts): string {
  return Object.entries(counts)
    .map(([status, n]) => `${status}=${n}`)
    .join(' ');
}

/** A column per class, and one with each status. */
export const STATUS_COLUMNS: readonly CsvColumn<{ readonly statuses: Counts }>[] = [
  ...['2', '3', '4', '5'].map(
    (digit): CsvColumn<{ readonly statuses: Counts }> => [
      `status_${digit}xx`,
      ({ statuses }) => ofClass(statuses, digit),
    ],
  ),
  ['statuses', ({ statuses }) => statusCell(statuses)],
];

function ofClass(statuses: Counts, digit: string): number {
  return Object.entries(statuses).reduce((sum, [status, n]) => (status[0] === digit ? sum + n : sum), 0);
}
