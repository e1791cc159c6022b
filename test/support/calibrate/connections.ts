/** Gateways that choose a version per connection: verdicts through the whole fold, which finds it out by itself. */
import { MAX_REQUESTS_FACTOR } from '../../../src/plan/defaults.js';
import { drawVersion } from './blocks.js';
import { type Drawn, sizeOf } from './drawn-run.js';
import { FoldedRun } from './folded-run.js';
import { off, type Split } from './splits.js';
import type { Row, Simulation, Step } from './step.js';
import { mean, percent, plainPercent, tallied, tooOften } from './tally.js';

interface Gateway {
  readonly connections: number;
  /** Each connection draws its version once; false: each request does. */
  readonly sticky: boolean;
  /** The load closes connections when more draws are needed, as it does unless an option says otherwise. */
  readonly renews: boolean;
}

function simulation(drawn: Drawn, { connections, sticky, renews }: Gateway): Simulation {
  const size = sizeOf(drawn);
  const cap = (renews ? MAX_REQUESTS_FACTOR : LONGEST) * size;
  return (runs, random) =>
    tallied(runs, size, () => {
      const run = new FoldedRun(drawn, connections, renews);
      const lanes = Array.from({ length: connections }, () => ({ serial: 0, used: 0, version: 0 }));
      let opened = 0;
      for (let request = 0; request < cap && !run.isDecided; request++) {
        const lane = lanes[request % connections] as (typeof lanes)[number];
        const most = run.requestsPerConnection;
        if (lane.serial === 0 || (most !== null && lane.used >= most)) {
          lane.serial = ++opened;
          lane.used = 0;
          lane.version = drawVersion(drawn.truth, random);
        }
        lane.used += 1;
        run.add(sticky ? lane.version : drawVersion(drawn.truth, random), false, lane.serial);
      }
      return run.ended();
    });
}

/** Without new connections, a run that is undecided ends here, times the fixed size. */
const LONGEST = 1;

const HALVES: Split = { name: '50/50 ± 2', expected: [0.5, 0.5], tolerance: 0.02 };
const CANARY: Split = { name: '90/10 ± 2', expected: [0.9, 0.1], tolerance: 0.02 };

interface Case {
  readonly name: string;
  readonly split: Split;
  readonly simulation: (drawn: Drawn) => Simulation;
}

const once = (connections: number, split: Split, renews: boolean): Case => ({
  name: `${connections}, each draws once${renews ? ', renewed' : ''}`,
  split,
  simulation: (drawn) => simulation(drawn, { connections, sticky: true, renews }),
});

const CASES: readonly Case[] = [
  {
    name: '50, each request draws',
    split: CANARY,
    simulation: (drawn) => simulation(drawn, { connections: 50, sticky: false, renews: true }),
  },
  ...[64, 16, 8].flatMap((connections) => [HALVES, CANARY].map((split) => once(connections, split, false))),
  ...[64, 8].map((connections) => once(connections, CANARY, true)),
];

function row({ name, split, simulation }: Case): Row {
  const { tolerance: d } = split;
  return {
    cells: {
      kept: simulation(off(split, 0)),
      above: simulation(off(split, d)),
      below: simulation(off(split, -d)),
    },
    line: ({ kept, above, below }) => [
      name,
      split.name,
      (mean(kept) / sizeOf(split)).toFixed(1),
      plainPercent(kept, 'pass'),
      percent(kept, 'fail'),
      ...[above, below].map((tally) => percent(tally, 'pass')),
      ...[above, below].map((tally) => percent(tally, 'fail')),
    ],
    misses: ({ kept, above, below }) => [
      ...tooOften(`${split.name}, ${name}, kept`, kept, 'fail'),
      ...[above, below].flatMap((tally) => [
        ...tooOften(`${split.name}, ${name}, at ± d`, tally, 'pass'),
        ...tooOften(`${split.name}, ${name}, at ± d`, tally, 'fail'),
      ]),
    ],
  };
}

export const connections: Step = {
  name: 'connections',
  fewer: 25,
  head: [
    'connections',
    'split',
    'requests',
    'kept: pass',
    'kept: fail',
    'pass at + d',
    'pass at − d',
    'fail at + d',
    'fail at − d',
  ],
  rows: CASES.map(row),
};
