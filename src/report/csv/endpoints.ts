/** Endpoints as CSV: a row per version and endpoint. */
import type { RunResult, VersionResult } from '../../analysis/result.js';
import { type CsvColumn, csvText } from '../../text/csv.js';
import { runColumns } from './run-columns.js';
import { STATUS_COLUMNS } from './status-columns.js';

type Row = VersionResult['endpoints'][number] & Pick<VersionResult, 'version'>;

const COLUMNS: readonly CsvColumn<Row>[] = [
  ['version', ({ version }) => version],
  ['endpoint', ({ endpoint }) => endpoint],
  ['requests', ({ requests }) => requests],
  ...STATUS_COLUMNS,
];

/** CSV with a head. It has no rows if responses do not name endpoints. */
export function endpointsCsv(result: RunResult): string {
  const rows = result.versions.flatMap(({ version, endpoints }) =>
    endpoints.map((one) => ({ ...one, version })),
  );
  return csvText([...COLUMNS, ...runColumns(result)], rows);
}
