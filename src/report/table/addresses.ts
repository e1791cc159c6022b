/** What came from each address of the gateway. */
import type { AddressResult, RunResult } from '../../analysis/result.js';
import { count, percent, tally } from '../../text/numbers.js';
import { type GridData, grid } from '../layout/grid.js';
import { VERSION_UNKNOWN } from '../terms.js';
import { label, more, number, text } from './columns.js';

/** Addresses with rows of their own. */
const MAX_ADDRESSES = 16;
/** Versions named in a row. */
const MAX_VERSIONS_IN_A_ROW = 8;

/** Responses of each address by version, and failures. Empty when there is only one address. */
export function addressSection({ addresses }: RunResult, columns: number): string[] {
  if (addresses.length < 2) return [];
  const { columns: heads, rows } = addressTable(addresses.slice(0, MAX_ADDRESSES));
  return [...grid(heads, rows, columns), ...more(addresses.length - rows.length, 'addresses')];
}

export function addressTable(addresses: readonly AddressResult[]): GridData {
  const rows = addresses.map((row) => {
    const attributed = row.requests - row.unattributed;
    const versions = Object.entries(row.versions)
      .slice(0, MAX_VERSIONS_IN_A_ROW)
      .map(([version, n]) => `${version} ${count(n)} (${percent(n / attributed)} %)`);
    const unknown = row.unattributed > 0 ? [`${VERSION_UNKNOWN} ${count(row.unattributed)}`] : [];
    const failed = tally(row.failures);
    const parts = [...versions, ...unknown, ...(failed === '' ? [] : [`failed: ${failed}`])];
    return text(row.address, count(row.requests), parts.join(' · '));
  });
  const columns = [
    label('Addresses'),
    number('requests'),
    { head: 'versions', align: 'left', fit: 'wrap' } as const,
  ];
  return { columns, rows };
}
