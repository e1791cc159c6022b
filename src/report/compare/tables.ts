/** The figures of a pair beside each other. */
import type { Difference, FigurePair, Outcome, PairComparison } from '../../analysis/compare/result.js';
import { time } from '../../text/durations.js';
import { count, percent, rate } from '../../text/numbers.js';
import { type Cell, type Column, grid, type Paint } from '../layout/grid.js';
import { paragraph } from '../layout/page.js';
import { shortName } from '../layout/text.js';
import { label, more, NARROW, number, text } from '../table/columns.js';
import {
  differenceText,
  figureText,
  intervalText,
  OUTCOMES,
  plainLevel,
  relativeText,
  subject,
} from './words.js';

/** Rows of a section; what is not alike comes before what is, where there are more. */
const MAX_ROWS = 40;

export interface PairLetters {
  readonly own: string;
  readonly reference: string;
}

/** Shares, latency, errors and knees, each a table; empty ones are left out. */
export function differenceSections(
  { differences }: PairComparison,
  letters: PairLetters,
  columns: number,
  paint: Paint,
): string[][] {
  const sections: readonly (readonly [
    head: string,
    unit: string,
    figures: readonly Difference['figure'][],
  ])[] = [
    ['Share %', 'points', ['share']],
    ['Latency', '', ['latency', 'slower']],
    ['Errors %', 'points', ['error-rate']],
    ['Knee', '', ['knee']],
  ];
  return sections.map(([head, unit, figures]) => {
    const all = differences.filter(({ figure }) => figures.includes(figure));
    const rows = mostTelling(all);
    if (rows.length === 0) return [];
    const narrow = columns < NARROW;
    const table = grid(
      columnsOf(head, unit, letters, narrow),
      rows.map((one) => rowOf(one, narrow, paint)),
      columns,
    );
    return [...table, ...more(all.length - rows.length, 'rows')];
  });
}

function columnsOf(head: string, unit: string, { own, reference }: PairLetters, narrow: boolean): Column[] {
  const difference = `${own} − ${reference}`;
  return [
    label(head),
    number(reference),
    number(own),
    ...(narrow ? [] : [number(unit === '' ? difference : `${difference} ${unit}`)]),
    number(narrow ? difference : 'interval'),
    { head: '', align: 'left' },
  ];
}

function rowOf(one: Difference, narrow: boolean, paint: Paint): Cell[] {
  const space = narrow ? '' : ' ';
  const { figure, outcome, reference, value, relative, unit, difference } = one;
  const isSlower = figure === 'slower';
  const middle = isSlower
    ? ''
    : unit === 'us'
      ? relative === null
        ? '-'
        : relativeText(relative)
      : unit === 'percent'
        ? differenceText({ ...one, relative: null }).replace(' points', '')
        : differenceText({ ...one, difference });
  return [
    { text: subject(one, 'row') },
    { text: isSlower ? '' : figureText(reference, unit, space) },
    { text: isSlower && value !== null ? `${value.toFixed(1)} %` : figureText(value, unit, space) },
    ...(narrow ? [] : [{ text: middle }]),
    { text: `${intervalText(one)}${isSlower && one.interval !== null ? ' %' : ''}` },
    outcomeCell(outcome, paint),
  ];
}

function outcomeCell(outcome: Outcome | null, paint: Paint): Cell {
  if (outcome === null) return { text: '' };
  const meaning =
    outcome === 'worse'
      ? 'fail'
      : outcome === 'unknown' || outcome === 'differs'
        ? 'inconclusive'
        : outcome === 'better'
          ? 'pass'
          : null;
  const cell = { text: OUTCOMES[outcome] };
  return meaning === null ? cell : { ...cell, paint: (shown: string) => paint(meaning, shown) };
}

const ORDER: readonly (Outcome | null)[] = [
  'worse',
  'differs',
  'better',
  'unknown',
  'slight',
  'not-worse',
  'alike',
  null,
];

/** All, in their order, or those that matter most of them. */
function mostTelling(all: readonly Difference[]): readonly Difference[] {
  if (all.length <= MAX_ROWS) return all;
  const ranked = all
    .toSorted((a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome))
    .slice(0, MAX_ROWS);
  return all.filter((one) => ranked.includes(one));
}

const FIGURES: Readonly<Record<FigurePair['figure'], string>> = {
  'requests-per-second': 'answers per second',
  'ejection-windows': 'ejection windows',
  'ejected-endpoints': 'endpoints taken out',
  'time-out-of-rotation': 'time out of rotation',
  'leaked-errors': 'leaked 5xx',
  'first-refusal': 'first refusals',
  'last-accepted': 'nothing refused up to',
  'predicted-knee': 'predicted knee',
  'largest-goodput': 'largest goodput',
  recovery: 'recovery',
};

/** Figures without an interval. */
export function figureSection({ figures }: PairComparison, letters: PairLetters, columns: number): string[] {
  const rows = figures
    .filter(({ reference, value }) => reference !== null || value !== null)
    .map(({ figure, unit, reference, value }) =>
      text(FIGURES[figure], valueText(reference, unit), valueText(value, unit)),
    );
  const heads = [label('Not tested'), number(letters.reference), number(letters.own)];
  return rows.length === 0 ? [] : grid(heads, rows, columns);
}

function valueText(value: number | null, unit: FigurePair['unit']): string {
  if (value === null) return '-';
  if (unit === 'ms') return time(value * 1000);
  return unit === 'per-second' ? rate(value) : plainLevel(value);
}

/** Errors by kind: counts and percentages. */
export function errorKindSection(
  { errorKinds }: PairComparison,
  letters: PairLetters,
  columns: number,
): string[] {
  const shown = errorKinds.slice(0, MAX_ROWS);
  if (shown.length === 0) return [];
  const rows = shown.map(({ kind, reference, value, referencePercent, valuePercent }) =>
    text(kind, count(reference), ofRequests(referencePercent), count(value), ofRequests(valuePercent)),
  );
  const { reference, own } = letters;
  const heads = [
    label('Kinds of errors'),
    number(reference),
    number(`${reference} %`),
    number(own),
    number(`${own} %`),
  ];
  return [...grid(heads, rows, columns), ...more(errorKinds.length - shown.length, 'kinds')];
}

function ofRequests(percents: number | null): string {
  return percent(percents === null ? null : percents / 100);
}

/** The results' own checks with another verdict. */
export function checkSection({ checks }: PairComparison, columns: number): string[] {
  const shown = checks.slice(0, MAX_ROWS);
  if (shown.length === 0) return [];
  const lines = shown.flatMap(({ name, reference, value, text: found }) =>
    paragraph(
      '-',
      [
        `${shortName(name)}: ${reference ?? 'not checked'} → ${value ?? 'not checked'}${found === null ? '' : ` (${found})`}`,
      ],
      2,
      columns,
    ),
  );
  return ['Checks of their own that changed', ...lines, ...more(checks.length - shown.length, 'checks')];
}
