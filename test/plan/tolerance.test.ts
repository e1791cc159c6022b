import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makePlan } from '../../src/plan/make-plan.js';
import type { GivenTolerances } from '../../src/plan/plan-options.js';
import { tolerances, tolerancesOf } from '../../src/plan/tolerance.js';

const expected = (...shares: number[]) =>
  shares.map((share, i) => ({ name: `v${i + 1}`, weight: share, share, mapped: [] }));
const round = (fraction: number) => Number(fraction.toPrecision(9));
const of = (given: GivenTolerances, ...shares: number[]) =>
  tolerancesOf({ tolerance: tolerances(given), expected: expected(...shares) }).map(round);

test('the default tolerance is two points, or half of the smallest positive share', () => {
  const byDefault = (...shares: number[]) => {
    const [first, ...others] = new Set(tolerancesOf({ tolerance: null, expected: expected(...shares) }));
    assert.deepEqual(others, []);
    return first;
  };
  assert.equal(byDefault(0.9, 0.1), 0.02);
  assert.equal(byDefault(0.96, 0.04), 0.02);
  assert.equal(byDefault(0.99, 0.01), 0.005);
  assert.equal(byDefault(0.7, 0.29, 0.01, 0), 0.005);
  assert.equal(byDefault(1, 0), 0.02);
  assert.deepEqual(tolerancesOf({ tolerance: null, expected: null }), []);
});

test('points are of all requests, a relative tolerance is of the share, and a version may have its own', () => {
  assert.deepEqual(of(0.02, 0.9, 0.1), [0.02, 0.02]);
  assert.deepEqual(of({ relative: 0.2 }, 0.9, 0.1), [0.18, 0.02]);
  assert.deepEqual(of({ all: 0.03, versions: { v2: 0.01 } }, 0.9, 0.1), [0.03, 0.01]);
  assert.deepEqual(of({ versions: new Map([['v1', { relative: 0.1 }]]) }, 0.9, 0.1), [0.09, 0.02]);
  // Nothing of nothing would never pass.
  assert.deepEqual(of({ relative: 0.2 }, 0.9, 0.1, 0), [0.18, 0.02, 0.02]);
});

test('tolerances of 0, above 1, in words, or of a version that is not expected are refused', async () => {
  const url = 'http://127.0.0.1:1';
  const wrong: [GivenTolerances, RegExp][] = [
    [0, /^tolerance: 0 is out of range/],
    [1.01, /^tolerance: 1\.01 is out of range/],
    [{ relative: 0 }, /^tolerance: 0 is out of range/],
    [{ versions: { v2: 2 } }, /^tolerance: 2 is out of range/],
    [{ versions: { v3: 0.01 } }, /^tolerance: 'v3' is not an expected version; these are: v1, v2\.$/],
  ];
  for (const [tolerance, message] of wrong) {
    await assert.rejects(makePlan({ url, expect: { v1: 9, v2: 1 }, tolerance }), { message });
  }
});
