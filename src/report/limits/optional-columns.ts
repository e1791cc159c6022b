/** Tables that leave out columns where there is no room. */
import { type Cell, type Column, fits, type GridData, grid, type Paint } from '../layout/grid.js';

/** A column with the cell of each row. */
export interface RankedColumn<Row> {
  readonly column: Column;
  readonly cell: (row: Row) => Cell | string;
  /** Columns of the highest rank are left out first; of rank 0 never. */
  readonly rank: number;
}

/** A grid of as many columns as fit into `width`. */
export function rankedGrid<Row>(
  columns: readonly RankedColumn<Row>[],
  rows: readonly Row[],
  width: number,
  paint?: Paint,
): string[] {
  let shown = columns;
  for (;;) {
    const worst = shown.reduce((most, { rank }) => Math.max(most, rank), 0);
    const table = rankedData(shown, rows);
    if (worst === 0 || fits(table.columns, table.rows, width)) {
      return grid(table.columns, table.rows, width, paint);
    }
    const last = shown.findLastIndex(({ rank }) => rank === worst);
    shown = shown.filter((_, i) => i !== last);
  }
}

/** All columns, for a reader who has the room. */
export function rankedData<Row>(columns: readonly RankedColumn<Row>[], rows: readonly Row[]): GridData {
  return {
    columns: columns.map(({ column }) => column),
    rows: rows.map((row) =>
      columns.map(({ cell }): Cell => {
        const made = cell(row);
        return typeof made === 'string' ? { text: made } : made;
      }),
    ),
  };
}
