/** Columns of tables that count versions: one for each expected version, some for others, the last for all further ones. */
import { OTHER } from './version-slots.js';

/** Columns for versions that are not expected; the last is for all others. */
const UNEXPECTED = 8;

/** @param expected number of expected versions: their slots are the first */
export function columnCount(expected: number): number {
  return expected + UNEXPECTED;
}

/** @param slot of a version, not NONE */
export function columnOf(slot: number, columns: number): number {
  const column = slot - OTHER - 1;
  return column < 0 || column >= columns ? columns - 1 : column;
}

/** Names of the columns. The last is "other versions", unless it is for one version alone. */
export function columnNames(columns: number, slotNames: readonly string[]): string[] {
  const names = slotNames.slice(OTHER + 1);
  return Array.from({ length: columns }, (_, column) =>
    column === columns - 1 && names.length !== columns ? OTHERS : (names[column] ?? OTHERS),
  );
}

const OTHERS = '(other)';
