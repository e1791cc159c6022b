/** The test of stickiness by simulation with known truth. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ConnectionGroup, stickiness } from '../../../src/analysis/stats/stickiness.js';
import { seededRandom } from '../../support/blocks.js';
import { NIGHTLY_TIMES } from '../../support/nightly.js';

interface Truth {
  readonly connections: number;
  /** Responses of each connection; `uneven`: from 1 to 200. */
  readonly responses: number | 'uneven';
  readonly shares: readonly number[];
  /** Probability that a request keeps its connection's last version. */
  readonly keeps: number;
}

/** Groups of 32 connections, as a run gives them. */
function groupsOf({ connections, responses, shares, keeps }: Truth, random: () => number): ConnectionGroup[] {
  const draw = () => {
    let u = random();
    return Math.max(
      0,
      shares.findIndex((share) => {
        u -= share;
        return u < 0;
      }),
    );
  };
  const rows = Array.from({ length: connections }, () => {
    const counts = new Uint32Array(shares.length);
    const size = responses === 'uneven' ? 1 + Math.floor(random() ** 2 * 200) : responses;
    let version = draw();
    for (let i = 0; i < size; i++) {
      if (i > 0 && random() >= keeps) version = draw();
      counts[version] = (counts[version] as number) + 1;
    }
    return counts;
  });
  return Array.from({ length: Math.ceil(connections / 32) }, (_, g) => rows.slice(32 * g, 32 * g + 32));
}

/** The p of each run; 1 where nothing can be compared. */
function pValues(truth: Truth, runs: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: runs }, (_, run) => stickiness(groupsOf(truth, random), run)?.p ?? 1);
}

const atMost = (alpha: number, values: readonly number[]) => values.filter((p) => p <= alpha).length;

/** In how many runs it is found that connections keep to versions, at the 0.1 % of the product. */
const found = (truth: Truth, runs: number, seed: number) => atMost(0.001, pValues(truth, runs, seed));

for (const [name, truth, times] of [
  ['90/10, 50 connections', { connections: 50, responses: 80, shares: [0.9, 0.1] }, 300],
  ['90/10, 8 connections', { connections: 8, responses: 500, shares: [0.9, 0.1] }, 300],
  ['three versions', { connections: 64, responses: 100, shares: [0.7, 0.2, 0.1] }, 300],
  ['99/1, too few for chi-square', { connections: 50, responses: 40, shares: [0.99, 0.01] }, 50],
  ['connections of 10', { connections: 300, responses: 10, shares: [0.9, 0.1] }, 50],
  ['uneven connections', { connections: 64, responses: 'uneven', shares: [0.9, 0.1] }, 50],
] as const) {
  test(`independent draws are not taken for stickiness: ${name}`, () => {
    const runs = times * NIGHTLY_TIMES;
    const values = pValues({ ...truth, keeps: 0 }, runs, 23);
    for (const alpha of [0.001, 0.01, 0.1, 0.5]) {
      // So many of them, and five standard errors.
      const most = alpha * runs + 5 * Math.sqrt(alpha * runs);
      assert.ok(atMost(alpha, values) <= most, `${atMost(alpha, values)} of ${runs} at ${alpha}`);
    }
  });
}

test('connections that keep to one version, or half of the time to the last, are found', () => {
  const shares = [0.9, 0.1];
  assert.equal(found({ connections: 64, responses: 100, shares, keeps: 1 }, 50, 23), 50);
  assert.equal(found({ connections: 50, responses: 80, shares, keeps: 0.5 }, 50, 23), 50);
  assert.equal(found({ connections: 300, responses: 10, shares, keeps: 0.5 }, 20, 23), 20);
  // Of 8 connections none may have drawn v2: 0.43 of runs have nothing to compare.
  const few = found({ connections: 8, responses: 500, shares, keeps: 1 }, 200, 23);
  assert.ok(few > 80 && few < 145, `${few} of 200`);
});

test('the design effect is about the responses of a connection that keeps to one version', () => {
  const random = seededRandom(23);
  const groups = groupsOf({ connections: 64, responses: 100, shares: [0.5, 0.5], keeps: 1 }, random);
  const effect = stickiness(groups)?.designEffect ?? 0;
  assert.ok(effect > 90 && effect < 110, `${effect}`);
});

test('shares that change during a run are no stickiness: only connections of one time are compared', () => {
  const random = seededRandom(23);
  const at = (share: number) =>
    groupsOf({ connections: 320, responses: 10, shares: [share, 1 - share], keeps: 0 }, random);
  let count = 0;
  for (let run = 0; run < 30; run++) {
    if ((stickiness([...at(0.9), ...at(0.5)], run)?.p ?? 1) <= 0.001) count += 1;
  }
  assert.ok(count <= 1, `${count} of 30`);
});

test('permutations are no more than are needed: p is told to 0.001 where it is small, and roughly where it is not', () => {
  const p = (rows: number[][]) => stickiness([rows])?.p;
  const apart = Array.from({ length: 20 }, (_, c) => (c % 4 === 0 ? [0, 4] : [4, 0]));
  assert.equal(p(apart), 0.001);
  // No permutation has a smaller X² than connections that got the same: the first ten are enough.
  assert.equal(p(Array.from({ length: 20 }, () => [3, 1])), 1);
});

test("permutations give the p of Fisher's exact test, where two connections are compared", () => {
  // Of the 924 ways to deal 6 of 12 responses to the first connection, those with 5 or more of one version: 2 × (36 + 1).
  const p = stickiness([
    [
      [5, 1],
      [1, 5],
    ],
  ])?.p;
  assert.ok(p !== undefined && Math.abs(p - 74 / 924) < 0.05, `${p}`);
});

test('nothing to compare: one connection, one version, none', () => {
  for (const groups of [
    [],
    [[]],
    [[[90, 10]]],
    [
      [
        [50, 0],
        [60, 0],
      ],
    ],
    [[[1, 0]], [[0, 1]]],
    [
      [
        [0, 0],
        [0, 0],
      ],
    ],
  ]) {
    assert.equal(stickiness(groups), null);
  }
});

test('a stray response of a third version hides nothing', () => {
  const rows = Array.from({ length: 32 }, (_, c) => [c % 2 === 0 ? 20_000 : 0, c % 2 === 0 ? 0 : 20_000, 0]);
  rows[5] = [0, 19_999, 1];
  const result = stickiness([rows]);
  assert.ok(result !== null && result.p < 1e-100);
});
