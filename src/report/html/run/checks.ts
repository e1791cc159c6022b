/** Each thing that was judged, with what was found. */
import type { Check, RunResult } from '../../../analysis/result.js';
import type { GridData } from '../../layout/grid.js';
import { label } from '../../table/columns.js';
import { type Section, section } from '../frame/section.js';
import { tableMarkup } from '../frame/table.js';

/** Rows of the table; those that failed come first. */
const MAX_CHECKS = 200;
const ORDER = ['fail', 'inconclusive', 'pass'];

/** Empty where nothing was judged. */
export function checkSection({ checks }: RunResult): Section[] {
  if (checks.length === 0) return [];
  const sorted = checks.toSorted((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict));
  return [
    section(
      'checks',
      'Checks',
      tableMarkup('What was judged, and what was found', table(sorted), MAX_CHECKS),
    ),
  ];
}

function table(checks: readonly Check[]): GridData {
  return {
    columns: [label('check'), { head: 'verdict', align: 'left' }, { head: 'what was found', align: 'left' }],
    rows: checks.map(({ name, verdict, text }) => [
      { text: name },
      { text: verdict, meaning: verdict },
      { text },
    ]),
  };
}
