/** The figures of a pair beside each other, before they are laid out. */
import type { Difference, FigurePair, Outcome, PairComparison } from '../../analysis/compare/result.js';
import { time } from '../../text/durations.js';
import { count, percent, rate } from '../../text/numbers.js';
import type { Cell, Column, GridData } from '../layout/grid.js';
import { label, NARROW, number, text } from '../table/columns.js';
import {
  differenceText,
  figureText,
  intervalText,
  OUTCOMES,
  plainLevel,
  relativeText,
  subject,
} from './words.js';

/** Which result is which. */
export interface PairLetters {
  readonly own: string;
  readonly reference: string;
}

export interface DifferenceTable {
  readonly heading: string;
  readonly table: GridData;
  /** Rows that are not in it. */
  readonly hidden: number;
}

const SECTIONS: readonly {
  readonly head: string;
  readonly unit: string;
  readonly heading: string;
  readonly figures: readonly Difference['figure'][];
}[] = [
  { head: 'Share %', unit: 'points', heading: 'Shares', figures: ['share'] },
  { head: 'Latency', unit: '', heading: 'Latency', figures: ['latency', 'slower'] },
  { head: 'Errors %', unit: 'points', heading: 'Error rates', figures: ['error-rate'] },
  { head: 'Knee', unit: '', heading: 'Knees', figures: ['knee'] },
];

/**
 * Shares, latency, errors and knees, each a table; those without rows are left out.
 *
 * @param columns of the terminal
 * @param max rows of a table; what is not alike comes before what is, where there are more
 */
export function differenceTables(
  { differences }: PairComparison,
  letters: PairLetters,
  columns: number,
  max: number,
): DifferenceTable[] {
  const narrow = columns < NARROW;
  return SECTIONS.flatMap(({ head, unit, heading, figures }) => {
    const all = differences.filter(({ figure }) => figures.includes(figure));
    const rows = mostTelling(all, max);
    if (rows.length === 0) return [];
    const table = {
      columns: columnsOf(head, unit, letters, narrow),
      rows: rows.map((one) => rowOf(one, narrow)),
    };
    return [{ heading, table, hidden: all.length - rows.length }];
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

function rowOf(one: Difference, narrow: boolean): Cell[] {
  const space = narrow ? '' : ' ';
  const { figure, outcome, reference, value, unit, interval } = one;
  const isSlower = figure === 'slower';
  return [
    { text: subject(one, 'row') },
    { text: isSlower ? '' : figureText(reference, unit, space) },
    { text: isSlower && value !== null ? `${value.toFixed(1)} %` : figureText(value, unit, space) },
    ...(narrow ? [] : [{ text: isSlower ? '' : sizeText(one) }]),
    { text: `${intervalText(one)}${isSlower && interval !== null ? ' %' : ''}` },
    outcomeCell(outcome),
  ];
}

/** Of times the ratio: their difference is in the interval. */
function sizeText(one: Difference): string {
  if (one.unit === 'us') return one.relative === null ? '-' : relativeText(one.relative);
  return differenceText(one).replace(' points', '');
}

const MEANINGS: Readonly<Partial<Record<Outcome, 'pass' | 'fail' | 'inconclusive'>>> = {
  worse: 'fail',
  unknown: 'inconclusive',
  differs: 'inconclusive',
  better: 'pass',
};

function outcomeCell(outcome: Outcome | null): Cell {
  if (outcome === null) return { text: '' };
  const meaning = MEANINGS[outcome];
  return { text: OUTCOMES[outcome], ...(meaning === undefined ? {} : { meaning }) };
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
function mostTelling(all: readonly Difference[], max: number): readonly Difference[] {
  if (all.length <= max) return all;
  const ranked = all.toSorted((a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome));
  const kept = new Set(ranked.slice(0, max));
  return all.filter((one) => kept.has(one));
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
export function figureTable({ figures }: PairComparison, letters: PairLetters): GridData {
  return {
    columns: [label('Not tested'), number(letters.reference), number(letters.own)],
    rows: figures
      .filter(({ reference, value }) => reference !== null || value !== null)
      .map(({ figure, unit, reference, value }) =>
        text(FIGURES[figure], valueText(reference, unit), valueText(value, unit)),
      ),
  };
}

function valueText(value: number | null, unit: FigurePair['unit']): string {
  if (value === null) return '-';
  if (unit === 'ms') return time(value * 1000);
  return unit === 'per-second' ? rate(value) : plainLevel(value);
}

/** Errors by kind: counts and percentages. */
export function errorKindTable({ errorKinds }: PairComparison, { own, reference }: PairLetters): GridData {
  const ofRequests = (percents: number | null) => percent(percents === null ? null : percents / 100);
  return {
    columns: [
      label('Kinds of errors'),
      number(reference),
      number(`${reference} %`),
      number(own),
      number(`${own} %`),
    ],
    rows: errorKinds.map((one) =>
      text(
        one.kind,
        count(one.reference),
        ofRequests(one.referencePercent),
        count(one.value),
        ofRequests(one.valuePercent),
      ),
    ),
  };
}

/** The results' own checks with another verdict, a text each. */
export function changedChecks({ checks }: PairComparison): string[] {
  return checks.map(({ name, reference, value, text: found }) => {
    const change = `${reference ?? 'not checked'} → ${value ?? 'not checked'}`;
    return `${name}: ${change}${found === null ? '' : ` (${found})`}`;
  });
}
