/** Tables without rules, made to fit a width. */
import Table from 'cli-table3';
import { sum } from '../../collections.js';
import { terminalText } from '../../text/printable.js';
import { widthOf } from '../../text/width.js';
import { cut, wrap } from './text.js';

/** Spaces between columns; 1 where there is no room for 2. */
const GAP = 2;
/** A column that may shrink never gets narrower than this. */
const MIN_FLEXIBLE = 6;
/** A column of labels never gets wider than this: long rows are hard to follow. */
const MAX_LABEL = 48;

/** A column of a grid. */
export interface Column {
  readonly head: string;
  readonly align: 'left' | 'right';
  /** What happens to a cell that is too wide: cut in the middle, or wrapped. Without it, the column never shrinks. */
  readonly fit?: 'cut' | 'wrap';
  /** Its width when its cells are narrower; not kept where there is no room. */
  readonly minWidth?: number;
}

type Meaning = 'pass' | 'fail' | 'inconclusive';

/** Colours a text by its meaning; returns it unchanged when colour is off. */
export type Paint = (meaning: Meaning, text: string) => string;

/** A cell: its text, what it means, and a function that colours parts of it after it was fitted to the width. */
export interface Cell {
  readonly text: string;
  readonly meaning?: Meaning;
  readonly paint?: (text: string) => string;
}

/** A table before it is laid out; the first cell of a row names it. */
export interface GridData {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

/** The lines of a table without rules: heads, then rows. No line is wider than `width` if columns can shrink enough. */
export function grid(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  width: number,
  paint: Paint = (_, text) => text,
): string[] {
  const safe = rows.map((row) => row.map((cell) => ({ ...cell, text: terminalText(cell.text) })));
  const wanted = columnWidths(columns, safe);
  const gap = sum(wanted) + GAP * (columns.length - 1) <= width ? GAP : 1;
  const widths = shrunk(columns, wanted, width - gap * (columns.length - 1));
  const table = new Table({
    chars: { ...NO_RULES, middle: ' '.repeat(gap) },
    colWidths: widths,
    colAligns: columns.map(({ align }) => align),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(columns.map(({ head }, i) => cut(head, widths[i] as number)));
  for (const row of safe) {
    table.push(
      row.map(({ text, meaning, paint: paintPart }, i) => {
        const wide = widths[i] as number;
        const fitted = columns[i]?.fit === 'wrap' ? wrap(text, wide).join('\n') : cut(text, wide);
        const painted = meaning === undefined ? fitted : paint(meaning, fitted);
        return paintPart === undefined ? painted : paintPart(painted);
      }),
    );
  }
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}

/** Whether a grid of these rows fits without cutting, wrapping or narrow gaps. */
export function fits(columns: readonly Column[], rows: readonly (readonly Cell[])[], width: number): boolean {
  const safe = rows.map((row) => row.map(({ text }) => ({ text: terminalText(text) })));
  return sum(columnWidths(columns, safe)) + GAP * (columns.length - 1) <= width;
}

/** The widths that heads and cells need. */
function columnWidths(columns: readonly Column[], rows: readonly (readonly Cell[])[]): number[] {
  return columns.map(({ head, fit, minWidth = 1 }, i) => {
    const widest = rows.reduce((max, row) => Math.max(max, widthOf(row[i]?.text ?? '')), widthOf(head));
    return Math.max(minWidth, fit === 'cut' ? Math.min(widest, MAX_LABEL) : widest);
  });
}

/** Widths that fit: columns that may shrink do so, the widest first. */
function shrunk(columns: readonly Column[], wanted: readonly number[], room: number): number[] {
  const widths = [...wanted];
  for (let over = sum(widths) - room; over > 0; over--) {
    const shrinkable = widths.map((w, i) => (columns[i]?.fit !== undefined && w > MIN_FLEXIBLE ? w : 0));
    const widest = Math.max(...shrinkable);
    if (widest === 0) break;
    widths[shrinkable.indexOf(widest)] = widest - 1;
  }
  return widths;
}

const NO_RULES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
};
