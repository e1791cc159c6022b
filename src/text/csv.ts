/** Rows and cells of CSV files that end in spreadsheets. */
import { stringify } from 'csv-stringify/sync';
import { safeText } from './printable.js';

export type CsvValue = string | number | null;

/** A head, also when there are no rows, and a line per row. Cells that would be formulas begin with an apostrophe. */
export function csvText(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, CsvValue>>[],
): string {
  const safe = rows.map((row) => columns.map((name) => csvCell(row[name] ?? null)));
  return stringify(safe, { header: true, columns: [...columns] });
}

/**
 * Numbers are left as they are, also negative ones. A text that begins with what starts a formula, after
 * quotes or spaces too (and in full width, which some spreadsheets take for the same), gets an apostrophe
 * (OWASP, "CSV Injection"). Tabs and line ends, which count as such beginnings, are blanks by then.
 */
export function csvCell<Value>(value: Value): Value | string {
  if (typeof value !== 'string') return value;
  const safe = safeText(value);
  return /^["'\s\uFFFD]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/u.test(safe) ? `'${safe}` : safe;
}
