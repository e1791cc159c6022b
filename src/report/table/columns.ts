/** Columns and cells that several sections of the table use. */
import type { RunResult } from '../../analysis/result.js';
import { count, plain } from '../../text/numbers.js';
import type { Cell, Column } from '../layout/grid.js';

/** Below this width, heads are abbreviated and there is no space before units. */
export const NARROW = 76;

/** Versions with rows of their own; `--json` has them all. */
export const MAX_VERSIONS = 40;

/** A column of labels. It has the same width in every section unless a label needs more, so that columns align. */
export const label = (head: string): Column => ({ head, align: 'left', fit: 'cut', minWidth: 13 });
/** A column of numbers. */
export const number = (head: string): Column => ({ head, align: 'right' });
/** A row of cells without colour. */
export const text = (...texts: string[]): Cell[] => texts.map((one) => ({ text: one }));

/** A limit of a circuit breaker. */
export function limit(value: number | null): string {
  return value === null ? 'no limit' : count(value);
}

/** Head of a column of intervals, with their confidence. */
export function intervalHead({ errors, split }: RunResult, columns: number): string {
  const level = `${plain(errors.intervalConfidence * 100)} %`;
  // At every look: a run that stops when its verdict is known would make ordinary intervals too narrow.
  return split?.method === 'sequential' && columns >= NARROW ? `${level} at any look` : `${level} interval`;
}

/** The last line of a table that does not show all rows; none when it does. */
export function more(hidden: number, what: string): string[] {
  return hidden > 0 ? [`and ${count(hidden)} more ${what}: see --json`] : [];
}
