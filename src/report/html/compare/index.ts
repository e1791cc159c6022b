/** The HTML report of `compare`: one file, the answer first. */
import type { CompareResult, PairComparison } from '../../../analysis/compare/result.js';
import { counted } from '../../../text/numbers.js';
import { howItIsTold, resultsTable } from '../../compare/about.js';
import { CAREFUL, sentences } from '../../compare/answer.js';
import { lettersOf, namesOfPair, resultNames, worstFirst } from '../../compare/names.js';
import { changedChecks, differenceTables, errorKindTable, figureTable } from '../../compare/tables.js';
import { ANSWERS } from '../../compare/words.js';
import type { GridData } from '../../layout/grid.js';
import { answerBlock } from '../frame/answer.js';
import { page } from '../frame/document.js';
import { commandBlock, pageFooter, pageHeader } from '../frame/header.js';
import { html, type Markup, NOTHING, type Part, paragraphs } from '../frame/markup.js';
import { plotSection } from '../frame/plot.js';
import { type Section, section } from '../frame/section.js';
import { tableMarkup } from '../frame/table.js';
import { curvePlot } from './curves.js';

/** Rows of a table. */
const MAX_ROWS = 200;
/** As on a wide terminal: nothing is abbreviated. */
const WIDE = 200;
/** Results that the answer has a paragraph of. */
const MAX_ANSWERED = 16;

/** A whole page. */
export function htmlComparison(result: CompareResult): string {
  const { comparisons, tool, verdict } = result;
  const names = resultNames(result);
  const plots = curvePlot(result, names);
  const title =
    comparisons.length === 1
      ? `${names[1]} against ${names[0]}`
      : `${counted(comparisons.length, 'result')} against ${names[0]}`;
  return page({
    title: `${ANSWERS[verdict].toLowerCase()}: ${title}`,
    version: tool.version,
    header: pageHeader('Results compared by weighbridge', title, 'The reference is A.'),
    answer: answer(result, names),
    sections: [
      section('results', 'Results', tableMarkup('What was compared', resultsTable(result, names))),
      ...comparisons.map((pair, i) => pairSection(pair, i, names, comparisons.length === 1)),
      ...plotSection(plots),
      section('how', 'How it is told', paragraphs(howItIsTold(result).join('\n'))),
      section('command', 'Command', commandBlock(tool)),
    ],
    footer: pageFooter(tool),
    plots: plots.map(({ spec }) => spec),
  });
}

function answer({ comparisons, verdict }: CompareResult, names: readonly string[]): Markup {
  const [only, ...others] = comparisons;
  const single = only !== undefined && others.length === 0;
  const { own, reference } = namesOfPair(names, 0);
  return answerBlock({
    verdict,
    word: ANSWERS[verdict],
    why: single ? `${own} against ${reference}` : '',
    warnings: [],
    causes: [
      ...(single ? careful(only) : []),
      ...(single
        ? sentences(only)
        : worstFirst(comparisons)
            .slice(0, MAX_ANSWERED)
            .map((pair) => inShort(pair, names, comparisons))),
    ],
    sentences: [],
    figures: [],
  });
}

/** One of several pairs, in a line. */
function inShort(pair: PairComparison, names: readonly string[], all: readonly PairComparison[]): string {
  const [first = ''] = sentences(pair);
  return `${namesOfPair(names, all.indexOf(pair)).own}: ${ANSWERS[pair.verdict].toLowerCase()}. ${first}`;
}

/** What else may explain a difference: a paragraph and a list. */
function careful({ warnings }: PairComparison): string[] {
  return warnings.length === 0
    ? []
    : [[`Careful: ${CAREFUL}`, ...warnings.map(({ text }) => `- ${text}`)].join('\n')];
}

/** @param isAnswered what is said of it stands in the answer */
function pairSection(
  pair: PairComparison,
  index: number,
  names: readonly string[],
  isAnswered: boolean,
): Section {
  const { own, reference } = namesOfPair(names, index);
  const letters = lettersOf(index);
  const checks = changedChecks(pair).slice(0, MAX_ROWS);
  const table = (heading: string, data: GridData): Part =>
    data.rows.length === 0 ? NOTHING : tableMarkup(heading, data, MAX_ROWS);
  return section(
    `pair-${index + 1}`,
    `${own} against ${reference}`,
    isAnswered
      ? NOTHING
      : [
          careful(pair).map(paragraphs),
          html`<ul>${sentences(pair).map((text) => html`<li>${text}</li>`)}</ul>`,
        ],
    differenceTables(pair, letters, WIDE, MAX_ROWS).map(({ heading, table: data, hidden }) => [
      table(heading, data),
      hidden === 0 ? NOTHING : html`<p class="more">${counted(hidden, 'more row')}: see --json.</p>`,
    ]),
    table('Errors by kind', errorKindTable(pair, letters)),
    table('Figures that are not tested', figureTable(pair, letters)),
    checks.length === 0
      ? NOTHING
      : html`<h3>Checks of their own that changed</h3><ul>${checks.map((text) => html`<li>${text}</li>`)}</ul>`,
  );
}
