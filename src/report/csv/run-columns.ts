/** The last columns of each CSV file: which run a row is of, so that rows of many runs can be put into one table. */
import type { TargetResult, Verdict } from '../../analysis/result.js';
import type { CsvColumn } from '../../text/csv.js';

interface AnyResult {
  readonly startedAt: string;
  readonly target: Pick<TargetResult, 'url' | 'host'>;
  readonly verdict: Verdict | null;
}

interface LoadedResult extends AnyResult {
  readonly load: { readonly connections: number; readonly ratePerSecond: number | null };
}

/** Of a search for limits, whose load differs from row to row. */
export function searchColumns({ startedAt, target, verdict }: AnyResult): CsvColumn<unknown>[] {
  return [
    ['run_started_at', () => startedAt],
    ['run_url', () => target.url],
    ['run_host', () => target.host],
    ['run_verdict', () => verdict],
  ];
}

export function runColumns(result: LoadedResult): CsvColumn<unknown>[] {
  const { connections, ratePerSecond } = result.load;
  return [
    ...searchColumns(result),
    ['run_connections', () => connections],
    ['run_rate_per_second', () => ratePerSecond],
  ];
}
