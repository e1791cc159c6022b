/** Notes, and how expectations were derived. */
import type { ResultNote } from '../../analysis/result.js';
import { counted } from '../../text/numbers.js';
import { paragraph } from '../layout/page.js';

/** @param explain false: only how many notes say what was derived */
export function noteSections(all: readonly ResultNote[], columns: number, explain: boolean): string[][] {
  const explanations = all.filter(({ kind }) => kind === 'explanation');
  const others = all.filter(({ kind }) => kind !== 'explanation');
  const section = (heading: string, notes: readonly ResultNote[]) =>
    notes.length === 0
      ? []
      : [heading, ...notes.flatMap(({ text }) => paragraph('-', text.split('\n'), 2, columns))];
  const hidden = explanations.length;
  return [
    section('Notes', others),
    explain
      ? section('Derived', explanations)
      : hidden === 0
        ? []
        : paragraph(
            '',
            [
              `Left out: ${counted(hidden, 'note')} on what was derived from where (--explain shows ${hidden === 1 ? 'it' : 'them'}).`,
            ],
            0,
            columns,
          ),
  ];
}
