/** Error rates exactly at their limit of 1 %, and what it takes to show that there are no errors. */
import { type Drawn, sizeOf, untilVerdict } from './drawn-run.js';
import type { Row, Step } from './step.js';
import { mean, percent, plainPercent, tooOften } from './tally.js';

type Split = Pick<Drawn, 'expected' | 'tolerance'>;

const HALVES: Split = { expected: [0.5, 0.5], tolerance: 0.02 };
const CANARY: Split = { expected: [0.9, 0.1], tolerance: 0.02 };

const CASES: readonly (Split & { name: string; rates: readonly number[] })[] = [
  ...[
    { name: '50/50', ...HALVES },
    { name: '90/10', ...CANARY },
  ].flatMap((split) => [
    { ...split, rates: [0.01, 0.01] },
    { ...split, rates: [0.002, 0.01] },
    { ...split, rates: [0, 0] },
    { ...split, rates: [0.002, 0.002] },
    { ...split, rates: [0, 0.02] },
    { ...split, rates: [0, 1] },
  ]),
];

function row(split: (typeof CASES)[number]): Row {
  const { name, expected, tolerance, rates } = split;
  const atLimit = rates.includes(0.01);
  const drawn: Drawn = { expected, tolerance, truth: expected, errorRates: rates };
  const what = `${name}, errors ${rates.map((rate) => `${100 * rate} %`).join(' and ')}`;
  return {
    cells: {
      errors: untilVerdict({ ...drawn, only: 'errors' }),
      both: untilVerdict({ ...drawn, only: 'both' }),
    },
    line: ({ errors, both }) => [
      name,
      rates.map((rate) => `${100 * rate} %`).join(', '),
      percent(errors, 'pass'),
      percent(errors, 'fail'),
      Math.round(mean(errors)).toLocaleString('en'),
      Math.round(mean(both)).toLocaleString('en'),
      (mean(both) / sizeOf(split)).toFixed(2),
      plainPercent(both, 'pass'),
    ],
    misses: ({ errors }) =>
      atLimit
        ? [...tooOften(what, errors, 'pass'), ...tooOften(what, errors, 'fail')]
        : tooOften(what, errors, Math.max(...rates) > 0.01 ? 'pass' : 'fail'),
  };
}

export const errors: Step = {
  name: 'errors',
  head: [
    'split',
    'true error rates',
    'errors: pass',
    'errors: fail',
    'requests',
    'with the split: requests',
    '÷ fixed size',
    'pass',
  ],
  rows: CASES.map(row),
};
