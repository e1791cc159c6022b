import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passChance, passCounts, type SplitGoal } from '../../../src/analysis/planning/pass-chance.js';
import { judgeVersions } from '../../../src/analysis/stats/two-one-sided.js';

const goal = (shares: number[], tolerance: number): SplitGoal => ({
  shares,
  tolerances: shares.map(() => tolerance),
  confidence: 0.95,
});

test('the counts that pass are those that the verdict passes, and no others', () => {
  for (const [share, tolerance, n] of [
    [0.1, 0.02, 2436],
    [0.1, 0.02, 1000],
    [0.01, 0.005, 4287],
    [0.01, 0.02, 368],
    [0.5, 0.3, 60],
  ] as const) {
    const [, [lo, hi] = [0, -1]] = passCounts(goal([1 - share, share], tolerance), n);
    const verdictOf = (drawn: number) =>
      judgeVersions(
        {
          versions: [
            { expectedShare: 1 - share, tolerance, drawn: n - drawn },
            { expectedShare: share, tolerance, drawn },
          ],
          unexpected: 0,
          unknown: 0,
        },
        { method: 'fixed', confidence: 0.95 },
      )[1];
    assert.ok(lo <= hi);
    for (const drawn of [lo, hi]) assert.equal(verdictOf(drawn), 'pass');
    for (const drawn of [lo - 1, hi + 1]) assert.notEqual(verdictOf(drawn), 'pass');
  }
});

test('too few requests pass with no count', () => {
  assert.deepEqual(passCounts(goal([0.9, 0.1], 0.02), 100), [
    [1, 0],
    [1, 0],
  ]);
  assert.deepEqual(passCounts(goal([1, 0], 0.02), 148), [
    [1, 0],
    [1, 0],
  ]);
  assert.deepEqual(passCounts(goal([1, 0], 0.02), 149), [
    [149, 149],
    [0, 0],
  ]);
});

test('golden: a kept 70/20/10 passes with 90 % at its fixed size, 90/10 with 89 %; off by the tolerance at most 5 % pass', () => {
  const three = passChance(goal([0.7, 0.2, 0.1], 0.02), 5898, [0.7, 0.2, 0.1]) ?? 0;
  assert.ok(Math.abs(three - 0.9004) < 1e-3, `${three}`);
  const two = passChance(goal([0.9, 0.1], 0.02), 2436, [0.9, 0.1]) ?? 0;
  assert.ok(Math.abs(two - 0.8918) < 1e-3, `${two}`);
  for (const n of [500, 1000, 2436, 10_000]) {
    for (const share of [0.12, 0.08]) {
      const wrong = passChance(goal([0.9, 0.1], 0.02), n, [1 - share, share]) ?? 1;
      assert.ok(wrong <= 0.05, `${n}: ${wrong}`);
    }
  }
});
