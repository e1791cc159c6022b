/** The report of `weighbridge compare` for people at a terminal: the answer first, then the figures beside each other. */
import type { CompareResult, PairComparison } from '../../analysis/compare/result.js';
import { type GridData, grid, type Paint } from '../layout/grid.js';
import { page, pageColumns, paragraph } from '../layout/page.js';
import { painter } from '../layout/paint.js';
import { more } from '../table/columns.js';
import type { TableOptions } from '../table.js';
import { howItIsTold, resultsTable } from './about.js';
import { answer } from './answer.js';
import { lettersOf, namesOfPair, resultNames, worstFirst } from './names.js';
import { changedChecks, differenceTables, errorKindTable, figureTable } from './tables.js';

/** Rows of a table, and checks. */
const MAX_ROWS = 40;

/** Every line is at most `columns` wide and the last ends in a newline. */
export function compareReport(result: CompareResult, options: TableOptions): string {
  const columns = pageColumns(options.columns);
  const paint = painter(options.color);
  const { comparisons } = result;
  const names = resultNames(result);
  const results = resultsTable(result, names);
  const sections = [
    ...worstFirst(comparisons).map((pair) =>
      answer(pair, namesOfPair(names, comparisons.indexOf(pair)), columns, paint),
    ),
    grid(results.columns, results.rows, columns, paint),
    ...comparisons.flatMap((pair, i) => [
      comparisons.length > 1 ? pairHeading(names, i, columns) : [],
      ...details(pair, i, columns, paint),
    ]),
    paragraph('', howItIsTold(result), 0, columns),
  ];
  return page(sections, columns);
}

function pairHeading(names: readonly string[], pair: number, columns: number): string[] {
  const { own, reference } = namesOfPair(names, pair);
  return paragraph('', [`${own} against ${reference}`], 0, columns);
}

function details(pair: PairComparison, index: number, columns: number, paint: Paint): string[][] {
  const letters = lettersOf(index);
  const section = (table: GridData, hidden: number, what: string) =>
    table.rows.length === 0
      ? []
      : [...grid(table.columns, table.rows, columns, paint), ...more(hidden, what)];
  const kinds = errorKindTable(pair, letters);
  return [
    ...differenceTables(pair, letters, columns, MAX_ROWS).map(({ table, hidden }) =>
      section(table, hidden, 'rows'),
    ),
    section({ ...kinds, rows: kinds.rows.slice(0, MAX_ROWS) }, kinds.rows.length - MAX_ROWS, 'kinds'),
    section(figureTable(pair, letters), 0, 'rows'),
    checkSection(pair, columns),
  ];
}

function checkSection(pair: PairComparison, columns: number): string[] {
  const all = changedChecks(pair);
  if (all.length === 0) return [];
  const shown = all.slice(0, MAX_ROWS);
  return [
    'Checks of their own that changed',
    ...shown.flatMap((text) => paragraph('-', [text], 2, columns)),
    ...more(all.length - shown.length, 'checks'),
  ];
}
