/** Columns of the live view. The tables of reports measure every cell, which is too slow for what is drawn again and again. */
import { widthOf } from '../../text/width.js';

/** A cell: its text, which fits its column, and a function that colours it. */
export interface LiveCell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

export class LiveColumn {
  readonly width: number;

  constructor(
    readonly head: string,
    readonly align: 'left' | 'right',
    readonly cells: readonly LiveCell[],
  ) {
    this.width = cells.reduce((most, { text }) => Math.max(most, widthOf(text)), head.length);
  }
}

const GAP = '  ';
/** Wider columns show no more. */
const MAX_FLEXIBLE = 41;

/** The heads, then a line per row. */
export function aligned(columns: readonly LiveColumn[], rows: number): string[] {
  const line = (cellOf: (column: LiveColumn) => LiveCell) =>
    columns
      .map((column) => padded(cellOf(column), column))
      .join(GAP)
      .trimEnd();
  return [
    line(({ head }) => ({ text: head })),
    ...Array.from({ length: rows }, (_, row) => line(({ cells }) => cells[row] ?? { text: '' })),
  ];
}

/** How wide columns are together. */
function widthOfAll(columns: readonly { readonly width: number }[]): number {
  return columns.reduce((sum, { width }) => sum + width, GAP.length * (columns.length - 1));
}

function padded({ text, paint }: LiveCell, { align, width }: LiveColumn): string {
  const spaces = ' '.repeat(Math.max(0, width - widthOf(text)));
  const painted = paint === undefined ? text : paint(text);
  return align === 'left' ? `${painted}${spaces}` : `${spaces}${painted}`;
}

/** A column that takes the room which others leave. */
export interface Flexible {
  /** At least. */
  readonly width: number;
  readonly atWidth: (width: number) => LiveColumn;
}

/** The first set of columns that there is room for. */
export function fitting(
  variants: readonly (readonly (LiveColumn | Flexible)[])[],
  columns: number,
): LiveColumn[] | null {
  for (const variant of variants) {
    const left = columns - widthOfAll(variant);
    if (left < 0) continue;
    return variant.map((column) =>
      'atWidth' in column ? column.atWidth(Math.min(MAX_FLEXIBLE, column.width + left)) : column,
    );
  }
  return null;
}
