// How often each finding (split.findings) is made in simulated runs: false alarms where every request is a draw with constant
// shares, and the findings where it is not. Prints the tables of docs/statistics.md. `npm run build:test` comes first.
import { seededRandom } from '../.build/src/random.js';
import * as gateways from '../.build/test/support/simulated-gateway.js';

const RUNS = Number(process.env.SIMULATED_RUNS ?? '1000');
/** Power needs fewer. */
const POWER_RUNS = Math.ceil(RUNS / 4);
const SEED = Number(process.env.SEED ?? '1');
/** Cells whose name has this. */
const ONLY = process.env.ONLY ?? '';

const KINDS = ['stickiness', 'replicas', 'rotation', 'over-dispersion', 'drift', 'transient', 'addresses'];
const EVEN = (n) => Array.from({ length: n }, () => 1 / n);
const { draws, sticky, stickyInTurn, turns, inBursts, changing, replicas, simulate } = gateways;

/** Shares with the second version `points` higher, at the cost of the first. */
const moved = (shares, points) =>
  shares.map((share, v) => (v === 0 ? share - points / 100 : v === 1 ? share + points / 100 : share));

const SPLITS = [
  ['50/50', [0.5, 0.5]],
  ['90/10', [0.9, 0.1]],
  ['99/1', [0.99, 0.01]],
  ['70/20/10', [0.7, 0.2, 0.1]],
  ['5 × 20', EVEN(5)],
  ['10 × 10', EVEN(10)],
];
const base = { requests: 4000, connections: 50 };
const of = (name) => SPLITS.find(([split]) => split === name)[1];

/** What is simulated: name, run. */
const NOTHING = [
  ...SPLITS.map(([name, expected]) => [`${name}`, { ...base, expected, gateway: draws(expected) }]),
  [
    '90/10, 40,000 requests',
    { ...base, requests: 40_000, expected: of('90/10'), gateway: draws(of('90/10')) },
  ],
  ['90/10, 400 requests', { ...base, requests: 400, expected: of('90/10'), gateway: draws(of('90/10')) }],
  [
    '90/10, 10 requests a connection',
    { ...base, perConnection: 10, expected: of('90/10'), gateway: draws(of('90/10')) },
  ],
  [
    '90/10, connection c gets 1/c',
    { ...base, unequal: true, expected: of('90/10'), gateway: draws(of('90/10')) },
  ],
  [
    '70/20/10, connection c gets 1/c',
    { ...base, unequal: true, expected: of('70/20/10'), gateway: draws(of('70/20/10')) },
  ],
  ['90/10, two addresses', { ...base, addresses: 2, expected: of('90/10'), gateway: draws(of('90/10')) }],
];
const SOMETHING = [
  ...SPLITS.map(([name, expected]) => [`sticky, ${name}`, { ...base, expected, gateway: sticky(expected) }]),
  [
    'sticky, 90/10, 10 requests a connection',
    { ...base, perConnection: 10, expected: of('90/10'), gateway: sticky(of('90/10')) },
  ],
  [
    'sticky, 90/10, connection c gets 1/c',
    { ...base, unequal: true, expected: of('90/10'), gateway: sticky(of('90/10')) },
  ],
  [
    'sticky in turn, 90/10, 64 connections',
    { ...base, connections: 64, expected: of('90/10'), gateway: stickyInTurn(of('90/10')) },
  ],
  ['keeps half, 90/10', { ...base, expected: of('90/10'), gateway: sticky(of('90/10'), 0.5) }],
  ['keeps half, 50/50', { ...base, expected: of('50/50'), gateway: sticky(of('50/50'), 0.5) }],
  ['keeps 90 %, 90/10', { ...base, expected: of('90/10'), gateway: sticky(of('90/10'), 0.9) }],
  ['keeps 95 %, 50/50', { ...base, expected: of('50/50'), gateway: sticky(of('50/50'), 0.95) }],
  ...SPLITS.filter(([name]) => name !== '99/1').map(([name, expected]) => [
    `turns, ${name}`,
    { ...base, expected, gateway: turns(expected) },
  ]),
  ['turns, 16 workers, 50/50', { ...base, expected: of('50/50'), gateway: turns(of('50/50'), 16) }],
  ['turns, 16 workers, 90/10', { ...base, expected: of('90/10'), gateway: turns(of('90/10'), 16) }],
  ['bursts, keep half, 90/10', { ...base, expected: of('90/10'), gateway: inBursts(of('90/10'), 0.5) }],
  ['bursts, keep half, 10 × 10', { ...base, expected: EVEN(10), gateway: inBursts(EVEN(10), 0.5) }],
  ['bursts, keep 90 %, 90/10', { ...base, expected: of('90/10'), gateway: inBursts(of('90/10'), 0.9) }],
  ...SPLITS.flatMap(([name, expected]) =>
    [5, 10].map((points) => [
      `+ ${points} points at half, ${name}`,
      { ...base, expected, gateway: changing(expected, moved(expected, points), 0.5) },
    ]),
  ),
  [
    '+ 40 points at half, 90/10',
    { ...base, expected: of('90/10'), gateway: changing(of('90/10'), [0.5, 0.5], 0.5) },
  ],
  [
    '+ 40 points at half, 90/10, 100 requests a connection',
    { ...base, perConnection: 100, expected: of('90/10'), gateway: changing(of('90/10'), [0.5, 0.5], 0.5) },
  ],
  [
    '+ 40 points at half, 90/10, 10 requests a connection',
    { ...base, perConnection: 10, expected: of('90/10'), gateway: changing(of('90/10'), [0.5, 0.5], 0.5) },
  ],
  [
    '+ 40 points at half, 90/10, 10 connections, 100 requests each',
    {
      ...base,
      connections: 10,
      perConnection: 100,
      expected: of('90/10'),
      gateway: changing(of('90/10'), [0.5, 0.5], 0.5),
    },
  ],
  [
    '+ 40 points at half, 90/10, connection c gets 1/c',
    { ...base, unequal: true, expected: of('90/10'), gateway: changing(of('90/10'), [0.5, 0.5], 0.5) },
  ],
  [
    '+ 10 points at 20 %, 90/10',
    { ...base, expected: of('90/10'), gateway: changing(of('90/10'), [0.8, 0.2], 0.2) },
  ],
  [
    '+ 20 points for a tenth, 90/10',
    { ...base, expected: of('90/10'), gateway: changing(of('90/10'), [0.7, 0.3], 0.42, 0.52) },
  ],
  [
    '+ 20 points for a third, 90/10',
    { ...base, expected: of('90/10'), gateway: changing(of('90/10'), [0.7, 0.3], 0.3, 0.63) },
  ],
  [
    '+ 20 points for a tenth, 70/20/10',
    { ...base, expected: of('70/20/10'), gateway: changing(of('70/20/10'), [0.5, 0.4, 0.1], 0.42, 0.52) },
  ],
  [
    'replicas 90/10 and 50/50 at random',
    {
      ...base,
      expected: of('90/10'),
      gateway: replicas([
        [0.9, 0.1],
        [0.5, 0.5],
      ]),
    },
  ],
  [
    'replicas 90/10 and 50/50 in turn',
    {
      ...base,
      expected: of('90/10'),
      gateway: replicas(
        [
          [0.9, 0.1],
          [0.5, 0.5],
        ],
        true,
      ),
    },
  ],
  [
    'replicas 90/10 and 100/0',
    {
      ...base,
      expected: of('90/10'),
      gateway: replicas([
        [0.9, 0.1],
        [1, 0],
      ]),
    },
  ],
  [
    'replicas 90/10 and 80/20',
    {
      ...base,
      expected: of('90/10'),
      gateway: replicas([
        [0.9, 0.1],
        [0.8, 0.2],
      ]),
    },
  ],
  [
    'replicas 90/10 and 80/20, 20,000 requests',
    {
      ...base,
      requests: 20_000,
      expected: of('90/10'),
      gateway: replicas([
        [0.9, 0.1],
        [0.8, 0.2],
      ]),
    },
  ],
  [
    'replicas 90/10 twice and 0/100',
    {
      ...base,
      expected: of('90/10'),
      gateway: replicas([
        [0.9, 0.1],
        [0.9, 0.1],
        [0, 1],
      ]),
    },
  ],
  [
    'replicas 100/0 nine times and 50/50',
    {
      ...base,
      connections: 100,
      expected: of('90/10'),
      gateway: replicas([...EVEN(9).map(() => [1, 0]), [0.5, 0.5]]),
    },
  ],
  [
    'replicas 90/10 and 50/50, 10 requests a connection',
    {
      ...base,
      perConnection: 10,
      expected: of('90/10'),
      gateway: replicas([
        [0.9, 0.1],
        [0.5, 0.5],
      ]),
    },
  ],
  [
    'replicas 90/10 and 50/50, connection c gets 1/c',
    {
      ...base,
      unequal: true,
      expected: of('90/10'),
      gateway: replicas([
        [0.9, 0.1],
        [0.5, 0.5],
      ]),
    },
  ],
  [
    'two addresses, 90/10 and 50/50',
    {
      ...base,
      addresses: 2,
      expected: of('90/10'),
      gateway: replicas(
        [
          [0.9, 0.1],
          [0.5, 0.5],
        ],
        true,
      ),
    },
  ],
  [
    'two addresses, 90/10 and 80/20',
    {
      ...base,
      addresses: 2,
      expected: of('90/10'),
      gateway: replicas(
        [
          [0.9, 0.1],
          [0.8, 0.2],
        ],
        true,
      ),
    },
  ],
];

console.log(
  `${RUNS} runs each, seed ${SEED}; 4,000 requests on 50 connections unless another number is given\n`,
);
table('No finding is right', NOTHING, RUNS);
table('What is wrong', SOMETHING, POWER_RUNS);

function table(title, cells, runs) {
  console.log(`| ${[title, ...KINDS, 'any'].join(' | ')} |\n|${' --- |'.repeat(KINDS.length + 2)}`);
  for (const [name, run] of cells.filter(([cell]) => cell.includes(ONLY))) {
    const random = seededRandom(SEED);
    const counts = new Map(KINDS.map((kind) => [kind, 0]));
    let any = 0;
    for (let i = 0; i < runs; i += 1) {
      const { findings } = simulate(run, random).split;
      for (const kind of new Set(findings.map((finding) => finding.kind)))
        counts.set(kind, counts.get(kind) + 1);
      any += findings.length > 0 ? 1 : 0;
    }
    const cell = (count) => (count === 0 ? '' : `${Number(((count / runs) * 100).toFixed(1))} %`);
    console.log(`| ${[name, ...[...counts.values()].map(cell), cell(any) || '0 %'].join(' | ')} |`);
  }
  console.log();
}
