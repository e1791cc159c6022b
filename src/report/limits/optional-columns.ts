/** Tables that leave out columns where there is no room. */
import { type Cell, type Column, fits, grid } from '../layout/grid.js';

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
): string[] {
  let shown = columns;
  const cells = () =>
    rows.map((row) =>
      shown.map(({ cell }): Cell => {
        const made = cell(row);
        return typeof made === 'string' ? { text: made } : made;
      }),
    );
  const heads = () => shown.map(({ column }) => column);
  for (;;) {
    const worst = shown.reduce((most, { rank }) => Math.max(most, rank), 0);
    if (worst === 0 || fits(heads(), cells(), width)) return grid(heads(), cells(), width);
    const last = shown.findLastIndex(({ rank }) => rank === worst);
    shown = shown.filter((_, i) => i !== last);
  }
}
