/** The report of `weighbridge compare` for people at a terminal: the answer first, then the figures beside each other. */
import type { ComparedResult, CompareResult, PairComparison } from '../../analysis/compare/result.js';
import { counted, plain, rate } from '../../text/numbers.js';
import { grid, type Paint } from '../layout/grid.js';
import { page, pageColumns, paragraph } from '../layout/page.js';
import { painter } from '../layout/paint.js';
import { label, number } from '../table/columns.js';
import type { TableOptions } from '../table.js';
import { answer } from './answer.js';
import {
  checkSection,
  differenceSections,
  errorKindSection,
  figureSection,
  type PairLetters,
} from './tables.js';
import { letter, shownNames } from './words.js';

/** Every line is at most `columns` wide and the last ends in a newline. */
export function compareReport(result: CompareResult, options: TableOptions): string {
  const columns = pageColumns(options.columns);
  const paint = painter(options.color);
  const { comparisons, results } = result;
  const names = shownNames(results.map(({ name }) => name)).map((name, i) => `${letter(i)} ${name}`);
  const namesOf = (pair: number) => ({ own: names[pair + 1] ?? '', reference: names[0] ?? '' });
  const sections = [
    ...worstFirst(comparisons).map((pair) =>
      answer(pair, namesOf(comparisons.indexOf(pair)), columns, paint),
    ),
    resultsSection(results, names, columns, paint),
    ...comparisons.flatMap((pair, i) =>
      details(pair, lettersOf(i), comparisons.length > 1 ? namesOf(i) : null, columns, paint),
    ),
    footer(result, columns),
  ];
  return page(sections, columns);
}

function worstFirst(pairs: readonly PairComparison[]): readonly PairComparison[] {
  const order: readonly PairComparison['verdict'][] = ['fail', 'inconclusive', 'pass'];
  return pairs.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
}

/** The first of the results is A. */
function lettersOf(pair: number): PairLetters {
  return { own: letter(pair + 1), reference: letter(0) };
}

/** @param names the two, where there are other pairs too */
function details(
  pair: PairComparison,
  letters: PairLetters,
  names: PairLetters | null,
  columns: number,
  paint: Paint,
): string[][] {
  return [
    names === null ? [] : paragraph('', [`${names.own} against ${names.reference}`], 0, columns),
    ...differenceSections(pair, letters, columns, paint),
    errorKindSection(pair, letters, columns),
    figureSection(pair, letters, columns),
    checkSection(pair, columns),
  ];
}

function resultsSection(
  results: readonly ComparedResult[],
  names: readonly string[],
  columns: number,
  paint: Paint,
): string[] {
  const rows = results.map(({ startedAt, requests, requestsPerSecond, verdict, ended }, i) => [
    { text: names[i] ?? '' },
    { text: startedAt.slice(0, 16).replace('T', ' ') },
    { text: counted(requests, 'request').replace(/ requests?$/, '') },
    { text: requestsPerSecond === null ? '-' : rate(requestsPerSecond) },
    verdict === null
      ? { text: ended === 'completed' ? '-' : ended }
      : { text: verdict, paint: (cell: string) => paint(verdict, cell) },
  ]);
  const heads = [
    label('Results'),
    number('started (UTC)'),
    number('requests'),
    number('answers'),
    label('verdict'),
  ];
  return grid(heads, rows, columns);
}

/** What the intervals are, and which differences count. */
function footer(result: CompareResult, columns: number): string[] {
  const { of, confidence, tests, intervalConfidence, ownIntervalConfidence, tolerances } = result;
  const percent = (fraction: number) => `${Number((fraction * 100).toFixed(2))} %`;
  const latency =
    tolerances.latencyMs === null
      ? `${plain((tolerances.latencyPart ?? 0) * 100)} %`
      : `${plain(tolerances.latencyMs)} ms`;
  const counts =
    of === 'limits'
      ? `${plain(tolerances.kneePart * 100)} % of the knee`
      : `${latency} (latency), ${plain(tolerances.errorPoints)} points (errors), the tolerance (shares)`;
  const together = tests > 1 ? ` (Bonferroni, ${tests} tests; each has ${percent(intervalConfidence)})` : '';
  return paragraph(
    '',
    [
      `Intervals hold together with ${percent(confidence)}${together}.`,
      `- worse, better, differs: shown by them, and at least ${counts}`,
      `- alike, not worse: less than that, by the difference's own ${percent(ownIntervalConfidence)} interval`,
      '- too small: shown, but less than that; unclear: none of these can be told',
      `They are about the answers of these runs. The machine, the network and the hour differ too: repeat what matters.${of === 'runs' ? ' Times are exact to 0.1 %.' : ''}`,
    ],
    0,
    columns,
  );
}
