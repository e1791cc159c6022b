/** Columns and cells that the sections of the terminal report have in common. */
import { count } from '../../text/numbers.js';
import type { Cell, Column } from '../layout/grid.js';

/** Below this width heads are short and units stand without a space. */
export const NARROW = 76;

/** Versions with rows of their own; `--json` has them all. */
export const MAX_VERSIONS = 40;

/** As wide in every table, unless a label needs more, so that the tables stand in line. */
export const label = (head: string): Column => ({ head, align: 'left', fit: 'cut', atLeast: 13 });
export const number = (head: string): Column => ({ head, align: 'right' });
export const text = (...texts: string[]): Cell[] => texts.map((one) => ({ text: one }));

/** The last line of a table that does not show everything. */
export function more(hidden: number, what: string): string[] {
  return hidden > 0 ? [`and ${count(hidden)} more ${what}: see --json`] : [];
}
