/** Rows as CSV text for spreadsheets and programs. */
import { stringify } from 'csv-stringify/sync';
import { csvCell } from './csv-cell.js';

export type CsvValue = string | number | null;

/** A head, also when there are no rows, and a line per row. Cells that would be formulas begin with an apostrophe. */
export function csvText(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, CsvValue>>[],
): string {
  const safe = rows.map((row) => columns.map((name) => csvCell(row[name] ?? null)));
  return stringify(safe, { header: true, columns: [...columns] });
}
