/** Rows and cells of CSV files that are safe to open in a spreadsheet. */
import { stringify } from 'csv-stringify/sync';
import { safeText } from './printable.js';

export type CsvValue = string | number | null;

/** A column: its name in the head, and its cell of a row. */
export type CsvColumn<Row> = readonly [name: string, cell: (row: Row) => CsvValue];

/** Enough for a microsecond in eleven days. The last three digits of a double are what binary fractions leave of decimal ones. */
const DIGITS = 12;

/**
 * A head, and a line per row. Cells that a spreadsheet would read as formulas begin with an apostrophe; numbers have at most
 * twelve digits, so that 0.1 + 0.2 is 0.3. Quotes as in RFC 4180; lines end in a line feed.
 */
export function csvText<Row>(columns: readonly CsvColumn<Row>[], rows: readonly Row[]): string {
  const cells = rows.map((row) => columns.map(([, cell]) => csvCell(withoutDust(cell(row)))));
  return stringify(cells, { header: true, columns: columns.map(([name]) => name) });
}

function withoutDust(value: CsvValue): CsvValue {
  return typeof value !== 'number' || Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS));
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
