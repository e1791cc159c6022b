/** Splits of two versions and 70/20/10: what a verdict costs, and how often it is wrong. */
import { type Drawn, once, sizeOf, untilVerdict } from './drawn-run.js';
import type { Row, Step } from './step.js';
import { percent, plainPercent, ratio, tooMany, tooOften } from './tally.js';

export interface Split extends Pick<Drawn, 'expected' | 'tolerance'> {
  readonly name: string;
}

const SPLITS: readonly Split[] = [
  { name: '50/50 ± 2', expected: [0.5, 0.5], tolerance: 0.02 },
  { name: '90/10 ± 2', expected: [0.9, 0.1], tolerance: 0.02 },
  { name: '99/1 ± 0.5', expected: [0.99, 0.01], tolerance: 0.005 },
  { name: '50/50 ± 1', expected: [0.5, 0.5], tolerance: 0.01 },
  { name: '70/20/10 ± 2', expected: [0.7, 0.2, 0.1], tolerance: 0.02 },
];

/** The split with the last version's share higher by `by`, and the others lower in proportion. */
export function off({ expected, tolerance }: Split, by: number): Drawn {
  const last = expected.length - 1;
  const own = expected[last] as number;
  const truth = expected.map((share, v) => (v === last ? own + by : share * (1 - by / (1 - own))));
  return { expected, tolerance, truth: truth.map((share) => Number(share.toPrecision(12))) };
}

/** Mean requests may be this many times the fixed size, of a kept split and of one that is off by twice the tolerance. */
const MOST = { kept: 1, off: 1.1 };

function cost(split: Split): Row {
  const size = sizeOf(split);
  const { tolerance: d, name } = split;
  return {
    cells: {
      kept: untilVerdict(off(split, 0)),
      above: untilVerdict(off(split, 2 * d)),
      below: untilVerdict(off(split, -2 * d)),
      once: once(off(split, 0)),
    },
    line: ({ kept, above, below, once }) => [
      name,
      size.toLocaleString('en'),
      ratio(kept, size),
      ['by1', 'by2', 'by4'].map((by) => plainPercent(kept, by)).join(', '),
      plainPercent(kept, 'pass'),
      ratio(above, size),
      ratio(below, size),
      plainPercent(once, 'pass'),
    ],
    misses: ({ kept, above, below }) => [
      ...tooMany(`${name}, kept`, kept, size, MOST.kept),
      ...tooMany(`${name}, + 2 d`, above, size, MOST.off),
      ...tooMany(`${name}, - 2 d`, below, size, MOST.off),
      ...tooOften(`${name}, kept`, kept, 'fail'),
      ...tooOften(`${name}, + 2 d`, above, 'pass'),
      ...tooOften(`${name}, - 2 d`, below, 'pass'),
    ],
  };
}

export const costs: Step = {
  name: 'costs',
  head: [
    'split',
    'fixed size',
    'kept',
    'decided by 1, 2, 4 ×',
    'pass',
    '+ 2 d',
    '− 2 d',
    'judged once: pass',
  ],
  rows: SPLITS.map(cost),
};

function boundary(split: Split): Row {
  const { tolerance: d, name } = split;
  return {
    cells: {
      above: untilVerdict(off(split, d)),
      below: untilVerdict(off(split, -d)),
      onceAbove: once(off(split, d)),
      onceBelow: once(off(split, -d)),
    },
    line: ({ above, below, onceAbove, onceBelow }) => [
      name,
      ...[above, below].map((tally) => percent(tally, 'pass')),
      ...[above, below].map((tally) => percent(tally, 'fail')),
      [onceAbove, onceBelow].map((tally) => plainPercent(tally, 'pass')).join(', '),
      [onceAbove, onceBelow].map((tally) => plainPercent(tally, 'fail')).join(', '),
    ],
    misses: (tallies) =>
      Object.entries(tallies).flatMap(([where, tally]) => [
        ...tooOften(`${name}, ${where}, at d`, tally, 'pass'),
        ...tooOften(`${name}, ${where}, at d`, tally, 'fail'),
      ]),
  };
}

export const boundaries: Step = {
  name: 'boundaries',
  head: [
    'split',
    'pass at + d',
    'pass at − d',
    'fail at + d',
    'fail at − d',
    'judged once: pass at + d, − d',
    'fail at + d, − d',
  ],
  rows: SPLITS.map(boundary),
};
