/** What was not answered well, as CSV: a row per version and kind, then those of the whole run. */
import type { RunResult, VersionResult } from '../../analysis/result.js';
import { type CsvColumn, csvText } from '../../text/csv.js';
import { runColumns } from './run-columns.js';
import { ALL } from './versions.js';

interface Row {
  readonly row: 'version' | 'all';
  readonly version: string;
  /** `backend`: a status of the version itself; `gateway`: a reply that the gateway made; `failure`: no whole response. */
  readonly from: 'backend' | 'gateway' | 'failure' | 'any';
  /** A status or an outcome's name. */
  readonly kind: string;
  readonly requests: number;
}

const COLUMNS: readonly CsvColumn<Row>[] = [
  ['row', ({ row }) => row],
  ['version', ({ version }) => version],
  ['from', ({ from }) => from],
  ['kind', ({ kind }) => kind],
  ['requests', ({ requests }) => requests],
];

/**
 * CSV with a head. Rows of versions have each status from 400 on, the gateway's replies in the version's name, and requests that broke
 * after the version was read. Rows of the whole run (`all`) have what counts as an error, with or without a version.
 */
export function errorsCsv(result: RunResult): string {
  const all = Object.entries(result.errors.kinds).map(
    ([kind, requests]): Row => ({ row: 'all', version: ALL, from: 'any', kind, requests }),
  );
  return csvText([...COLUMNS, ...runColumns(result)], [...result.versions.flatMap(rowsOf), ...all]);
}

function rowsOf(version: VersionResult): Row[] {
  const rows = (from: Row['from'], counts: Readonly<Record<string, number>>): Row[] =>
    Object.entries(counts).map(([kind, requests]) => ({
      row: 'version',
      version: version.version,
      from,
      kind,
      requests,
    }));
  const { statuses, gatewayReplyStatuses, gatewayReplyKinds, failures } = version;
  const ofBackends = Object.entries(statuses).map(
    ([status, n]) => [status, n - (gatewayReplyStatuses[status] ?? 0)] as const,
  );
  const bad = ofBackends.filter(([status, n]) => Number(status) >= 400 && n > 0);
  return [
    ...rows('backend', Object.fromEntries(bad)),
    ...rows('gateway', gatewayReplyKinds),
    ...rows('failure', failures),
  ];
}
