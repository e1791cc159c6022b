/** What a saved run's dictionary entries stand for in sample blocks. */
import type { RunLabels } from '../../blocks/run-labels.js';
import { NO_LABEL, ORIGIN } from '../../blocks/sample-block.js';
import { type ColumnName, NAMES } from '../format/columns.js';

/** Longer ones were cut before they were written (identifier/index.ts). */
const LABEL_LENGTH = 1024;

/** Stands for a name that no version of the format had when this was written. */
export const UNKNOWN_NAME = 0xfffe;

const LISTS = { version: 'versions', endpoint: 'endpoints', address: 'addresses' } as const;

/**
 * Numbers of a dictionary's entries as the sample block has them. Labels get the numbers that they had in the
 * run: expected ones come first, the others in the order in which the file has them, which is the order in
 * which the run met them. So every list in a report is the same.
 *
 * @param labels learns what is new
 */
export function numbersOf(column: ColumnName, entries: readonly string[], labels: RunLabels): Uint16Array {
  if (column === 'version' || column === 'endpoint' || column === 'address') {
    const numbers = { versions: [], endpoints: [], addresses: [] };
    const list = LISTS[column];
    const cut = entries.map((entry) => entry.slice(0, LABEL_LENGTH));
    labels.learn({ versions: [], endpoints: [], addresses: [], [list]: cut }, numbers);
    return Uint16Array.from(numbers[list]);
  }
  const names: readonly string[] = NAMES[column as keyof typeof NAMES];
  return Uint16Array.from(entries, (entry) => {
    const code = names.indexOf(entry);
    return code < 0 ? UNKNOWN_NAME : code;
  });
}

/** What a column holds in a row without an entry: nothing read, or an origin that is not known. */
export function absent(column: ColumnName): number {
  if (column === 'origin') return ORIGIN.unknown;
  return column === 'outcome' || column === 'phase' ? UNKNOWN_NAME : NO_LABEL;
}
