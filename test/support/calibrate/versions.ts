/** Three and more versions: one of them outside is enough to fail, and all must be inside to pass. */
import { once, sizeOf, untilVerdict } from './drawn-run.js';
import { off, type Split } from './splits.js';
import type { Row, Step } from './step.js';
import { percent, plainPercent, ratio, tooOften } from './tally.js';

const even = (versions: number) => Array.from({ length: versions }, () => 1 / versions);

const SPLITS: readonly Split[] = [
  { name: '70/20/10 ± 2', expected: [0.7, 0.2, 0.1], tolerance: 0.02 },
  { name: '4 × 25 ± 2', expected: even(4), tolerance: 0.02 },
  { name: '5 × 20 ± 2', expected: even(5), tolerance: 0.02 },
  { name: '10 × 10 ± 2', expected: even(10), tolerance: 0.02 },
];

/** As many versions as can be at + d and at − d: each may fail wrongly. */
function allAt({ expected, tolerance }: Split): number[] {
  const pairs = Math.floor(expected.length / 2);
  return expected.map((share, v) =>
    v < pairs ? share - tolerance : v >= expected.length - pairs ? share + tolerance : share,
  );
}

function row(split: Split): Row {
  const size = sizeOf(split);
  const { name } = split;
  return {
    cells: {
      kept: untilVerdict({ ...split, truth: split.expected }),
      one: untilVerdict(off(split, split.tolerance)),
      all: untilVerdict({ ...split, truth: allAt(split) }),
      once: once({ ...split, truth: split.expected }),
    },
    line: ({ kept, one, all, once }) => [
      name,
      size.toLocaleString('en'),
      ratio(kept, size),
      plainPercent(kept, 'pass'),
      percent(one, 'pass'),
      percent(all, 'fail'),
      plainPercent(once, 'pass'),
    ],
    misses: ({ kept, one, all }) => [
      ...tooOften(`${name}, kept`, kept, 'fail'),
      ...tooOften(`${name}, one at + d`, one, 'pass'),
      ...tooOften(`${name}, all at ± d`, all, 'fail'),
    ],
  };
}

export const versions: Step = {
  name: 'versions',
  head: [
    'split',
    'fixed size',
    'kept',
    'pass',
    'one at + d: pass',
    'all at ± d: fail',
    'judged once: kept passes',
  ],
  rows: SPLITS.map(row),
};
