/** Rows and cells of CSV files that are safe to open in a spreadsheet. */
import { stringify } from 'csv-stringify/sync';
import { safeText } from './printable.js';

export type CsvValue = string | number | null;

/** A header line, and a line per row. Cells that a spreadsheet would read as formulas begin with an apostrophe. */
export function csvText(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, CsvValue>>[],
): string {
  const safe = rows.map((row) => columns.map((name) => csvCell(row[name] ?? null)));
  return stringify(safe, { header: true, columns: [...columns] });
}

/**
 * Numbers are not changed, also negative ones. A text that begins like a formula gets an apostrophe (OWASP, "CSV
 * Injection"). Quotes and spaces before it do not matter, and full-width characters count, because some spreadsheets read
 * them in the same way. Tabs and line ends, which can begin a formula too, are blanks already.
 */
export function csvCell<Value>(value: Value): Value | string {
  if (typeof value !== 'string') return value;
  const safe = safeText(value);
  return /^["'\s\uFFFD]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/u.test(safe) ? `'${safe}` : safe;
}
