/** Pairs of runs, equal and not, compared by the product's own code: how often a difference is shown, and what is said of it. */
import type { CompareResult } from '../../../src/analysis/compare/result.js';
import { compare } from '../../../src/compare.js';
import { binomialDraw } from '../binomial.js';
import { comparableRun, type MadeVersion } from '../comparable.js';
import type { Row, Simulation, Step } from './step.js';
import { percent, plainPercent, tooOften } from './tally.js';

type Times = (random: () => number) => number;

interface Truth {
  readonly requests: number;
  readonly shares: readonly number[];
  readonly times: Times;
  readonly errorRate: number;
  /** Each draws its version once; else each request does. */
  readonly connections?: number;
}

interface Case {
  readonly name: string;
  readonly truth: Truth;
  /** How the second run differs; v2 is the last version. */
  readonly other?: { readonly share?: number; readonly factor?: number; readonly errorRate?: number };
}

/** About 5 ms. */
const usual: Times = (random) => 5000 * Math.exp(0.3 * normal(random));
const rarelySlow: Times = (random) => usual(random) * (random() < 0.02 ? 20 : 1);
/** Of whole milliseconds. */
const steps: Times = (random) => Math.round(usual(random) / 1000) * 1000;

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function runOf(
  { requests, shares, times, errorRate, connections }: Truth,
  { share = shares.at(-1) as number, factor = 1, errorRate: ownRate = errorRate }: NonNullable<Case['other']>,
  random: () => number,
) {
  const last = shares.length - 1;
  const rest = 1 - (shares[last] as number);
  const truth = shares.map((one, v) => (v === last ? share : (one * (1 - share)) / rest));
  const draws = connections ?? requests;
  let [left, part] = [draws, 1];
  const versions = truth.map((one, v): [string, MadeVersion] => {
    const drawn = v === last ? left : binomialDraw(left, Math.min(1, one / part), random);
    left -= drawn;
    part -= one;
    const n = (drawn * requests) / draws;
    const slower = v === last ? factor : 1;
    return [
      `v${v + 1}`,
      {
        requests: n,
        expectedShare: shares[v] as number,
        errors: binomialDraw(n, v === last ? ownRate : errorRate, random),
        times: Array.from({ length: n }, () => Math.round(times(random) * slower)),
      },
    ];
  });
  const unit = connections === undefined ? 'request' : 'connection';
  return comparableRun(Object.fromEntries(versions), {
    split: { unit, draws, unknownVersion: 0, tolerancePoints: 2, findings: [] },
  });
}

function simulation({ truth, other = {} }: Case): Simulation {
  return (runs, random) => {
    const tally = { runs, shown: 0, pass: 0, fail: 0, inconclusive: 0 };
    for (let i = 0; i < runs; i++) {
      const result = compare([runOf(truth, {}, random), runOf(truth, other, random)]);
      tally[result.verdict] += 1;
      if (isShown(result)) tally.shown += 1;
    }
    return tally;
  };
}

/** Whether an interval shows any difference, however small. */
function isShown({ comparisons }: CompareResult): boolean {
  return comparisons.some(({ differences }) =>
    differences.some(({ interval }) => interval !== null && (interval[0] > 0 || interval[1] < 0)),
  );
}

const CANARY: Truth = { requests: 4000, shares: [0.9, 0.1], times: usual, errorRate: 0.002 };
const LARGE: Truth = { ...CANARY, requests: 20_000 };

const CASES: readonly Case[] = [
  { name: 'equal: 90/10, 4,000 requests', truth: CANARY },
  { name: 'equal: 90/10, 400 requests', truth: { ...CANARY, requests: 400 } },
  { name: 'equal: 90/10, 20,000 requests', truth: LARGE },
  { name: 'equal: 50/50', truth: { ...CANARY, shares: [0.5, 0.5] } },
  { name: 'equal: 5 × 20', truth: { ...CANARY, shares: [0.2, 0.2, 0.2, 0.2, 0.2] } },
  { name: 'equal: no errors', truth: { ...CANARY, errorRate: 0 } },
  { name: 'equal: rarely slow', truth: { ...CANARY, times: rarelySlow } },
  { name: 'equal: times of whole ms', truth: { ...CANARY, times: steps } },
  { name: 'equal: 40 connections that keep to versions', truth: { ...CANARY, connections: 40 } },
  { name: 'v2 5 % slower, 20,000 requests', truth: LARGE, other: { factor: 1.05 } },
  { name: 'v2 10 % slower, 20,000 requests', truth: LARGE, other: { factor: 1.1 } },
  { name: 'v2 20 % slower', truth: CANARY, other: { factor: 1.2 } },
  { name: 'v2 50 % slower', truth: CANARY, other: { factor: 1.5 } },
  { name: 'v2 fails 2 points more', truth: CANARY, other: { errorRate: 0.022 } },
  { name: 'v2 fails 5 points more', truth: CANARY, other: { errorRate: 0.052 } },
  { name: 'v2 gets 13 % for 10 %', truth: CANARY, other: { share: 0.13 } },
];

function row(one: Case): Row {
  const isEqual = one.other === undefined;
  return {
    cells: { pairs: simulation(one) },
    line: ({ pairs }) => [
      one.name,
      percent(pairs, 'shown'),
      percent(pairs, 'fail'),
      plainPercent(pairs, 'inconclusive'),
      plainPercent(pairs, 'pass'),
    ],
    misses: ({ pairs }) =>
      isEqual ? [...tooOften(one.name, pairs, 'shown'), ...tooOften(one.name, pairs, 'fail')] : [],
  };
}

export const comparisons: Step = {
  name: 'compare',
  fewer: 10,
  head: ['two runs', 'any difference shown', 'worse', 'cannot tell', 'not worse'],
  rows: CASES.map(row),
};
