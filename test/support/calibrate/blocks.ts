/** The same draws, judged from blocks by the whole fold and from counts as the large tables are: verdicts must be the same. */
import { nextLook } from '../../../src/analysis/looks/look-times.js';
import { Counted, type Drawn, sizeOf } from './drawn-run.js';
import { FoldedRun } from './folded-run.js';
import type { Row, Simulation, Step } from './step.js';
import { count, plainPercent } from './tally.js';

/** Runs that are undecided then end, times the fixed size. */
const LONGEST = 2;
const CONNECTIONS = 50;
/** Connections that are taken for sticky by chance become the draws. In a run until its verdict it is asked several times. */
const LEAST_SAME = 0.95;

const CASES: readonly (Drawn & { name: string })[] = [
  { name: '90/10 ± 2, kept', expected: [0.9, 0.1], tolerance: 0.02, truth: [0.9, 0.1] },
  { name: '90/10 ± 2, at + d', expected: [0.9, 0.1], tolerance: 0.02, truth: [0.88, 0.12] },
  { name: '99/1 ± 0.5, at + 2 d', expected: [0.99, 0.01], tolerance: 0.005, truth: [0.98, 0.02] },
  { name: '70/20/10 ± 2, kept', expected: [0.7, 0.2, 0.1], tolerance: 0.02, truth: [0.7, 0.2, 0.1] },
  {
    name: '50/50 ± 2, kept, errors 0.2 % and 1 %',
    expected: [0.5, 0.5],
    tolerance: 0.02,
    truth: [0.5, 0.5],
    only: 'both',
    errorRates: [0.002, 0.01],
  },
];

/** The version that a number below 1 stands for. */
export function drawVersion(shares: readonly number[], random: () => number): number {
  let left = random();
  for (let v = 0; v < shares.length - 1; v++) {
    left -= shares[v] as number;
    if (left < 0) return v;
  }
  return shares.length - 1;
}

function compared(drawn: Drawn): Simulation {
  const cap = LONGEST * sizeOf(drawn);
  return (runs, random) => {
    const tally = { runs, same: 0, pass: 0, fail: 0, inconclusive: 0 };
    for (let i = 0; i < runs; i++) {
      const folded = new FoldedRun(drawn, CONNECTIONS);
      const counted = new Counted(drawn);
      let look = nextLook(0);
      let byCounts: { verdict: 'pass' | 'fail' | 'inconclusive'; requests: number } | null = null;
      for (let requests = 1; requests <= cap && !(folded.isDecided && byCounts !== null); requests++) {
        const version = drawVersion(drawn.truth, random);
        const isError = random() < (drawn.errorRates?.[version] ?? 0);
        folded.add(version, isError, 1 + (requests % CONNECTIONS));
        if (byCounts !== null) continue;
        counted.add(version, isError);
        if (requests !== look && requests !== cap) continue;
        look = nextLook(requests);
        const verdict = counted.verdict('sequential');
        if (verdict !== 'inconclusive' || requests === cap) byCounts = { verdict, requests };
      }
      const { verdict, requests } = folded.ended();
      tally[verdict] += 1;
      if (verdict === byCounts?.verdict && requests === byCounts.requests) tally.same += 1;
    }
    return tally;
  };
}

function row(drawn: Drawn & { name: string }): Row {
  const { name } = drawn;
  return {
    cells: { both: compared(drawn) },
    line: ({ both }) => [
      name,
      ...['pass', 'fail', 'inconclusive'].map((verdict) => plainPercent(both, verdict)),
      `${count(both, 'same')} of ${count(both, 'runs')}`,
    ],
    misses: ({ both }) =>
      count(both, 'same') < LEAST_SAME * count(both, 'runs')
        ? [`${name}: counts and blocks give different verdicts`]
        : [],
  };
}

export const blocks: Step = {
  name: 'blocks',
  fewer: 50,
  head: ['split', 'pass', 'fail', 'inconclusive', 'the same verdict at the same request'],
  rows: CASES.map(row),
};
