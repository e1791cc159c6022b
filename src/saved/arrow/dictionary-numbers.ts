/** The numbers that dictionary entries of a saved run have in sample blocks. */
import type { RunLabels } from '../../blocks/run-labels.js';
import { NO_LABEL, ORIGIN } from '../../blocks/sample-block.js';
import { type ColumnName, NAMES } from '../format/columns.js';

/** A run cuts longer labels before it writes them (src/probes/identifier). */
const LABEL_LENGTH = 1024;

/** Number of a name that this version does not know. */
export const UNKNOWN_NAME = 0xfffe;

const LISTS = { version: 'versions', endpoint: 'endpoints', address: 'addresses' } as const;

/**
 * The number of each entry of a dictionary. Labels get the numbers that they had in the run, so that lists in a report
 * have the same order: expected labels first, then the others in the order of the file, which is the order in which
 * the run read them.
 *
 * @param labels new labels are added to it
 */
export function numbersOf(column: ColumnName, entries: readonly string[], labels: RunLabels): number[] {
  if (column === 'version' || column === 'endpoint' || column === 'address') {
    const numbers = { versions: [], endpoints: [], addresses: [] };
    const list = LISTS[column];
    const cut = entries.map((entry) => entry.slice(0, LABEL_LENGTH));
    labels.learn({ versions: [], endpoints: [], addresses: [], [list]: cut }, numbers);
    return numbers[list];
  }
  const names: readonly string[] = NAMES[column as keyof typeof NAMES];
  return entries.map((entry) => {
    const code = names.indexOf(entry);
    return code < 0 ? UNKNOWN_NAME : code;
  });
}

/** Number of a row without an entry: no label, or an unknown origin. Outcome and phase must not be missing. */
export function absent(column: ColumnName): number {
  if (column === 'origin') return ORIGIN.unknown;
  return column === 'outcome' || column === 'phase' ? UNKNOWN_NAME : NO_LABEL;
}
