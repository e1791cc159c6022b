import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { judgeRate, type RateRule, trialsToDecide } from '../../../src/analysis/stats/rate-limit.js';
import type { Verdict } from '../../../src/analysis/verdict.js';
import { binomialChances } from '../../support/binomial.js';

const rule = (limit = 0.01, versions = 1, method: RateRule['method'] = 'fixed'): RateRule => ({
  method,
  limit,
  alpha: 0.05,
  failAlpha: 0.05 / versions,
});

/** By hand: 0.99^298 > 0.05 > 0.99^299; the others by the bounds, which have golden vectors of their own. */
const golden: [events: number, trials: number, limit: number, verdict: Verdict][] = [
  [0, 298, 0.01, 'inconclusive'],
  [0, 299, 0.01, 'pass'],
  [1, 472, 0.01, 'inconclusive'],
  [1, 473, 0.01, 'pass'],
  [3, 3, 0.01, 'fail'],
  [1, 1, 0.01, 'fail'],
  [1, 5, 0.01, 'fail'],
  [1, 6, 0.01, 'inconclusive'],
  [10, 1000, 0.01, 'inconclusive'],
  [15, 1000, 0.01, 'inconclusive'],
  [16, 1000, 0.01, 'fail'],
  [0, 0, 0.01, 'inconclusive'],
  [0, 598, 0.005, 'pass'],
  [0, 597, 0.005, 'inconclusive'],
];

for (const [events, trials, limit, verdict] of golden) {
  test(`${events} of ${trials} against ${limit}: ${verdict}`, () => {
    assert.equal(judgeRate({ events, trials }, rule(limit)), verdict);
  });
}

test('how many trials decide: 299 without an event, and as many as decide with events', () => {
  assert.equal(trialsToDecide({ events: 0, trials: 100 }, rule()), 299);
  assert.equal(trialsToDecide({ events: 0, trials: 0 }, rule(0.005)), 598);
  for (const [events, trials] of [
    [1, 300],
    [2, 100],
    [4, 300],
    [7, 1000],
  ] as const) {
    const needed = trialsToDecide({ events, trials }, rule());
    assert.ok(needed !== null && needed > trials, `${events} of ${trials}: ${needed}`);
    const at = (n: number) => judgeRate({ events: (events / trials) * n, trials: n }, rule());
    assert.notEqual(at(needed), 'inconclusive');
    assert.equal(at(needed * 0.8), 'inconclusive');
  }
  assert.equal(trialsToDecide({ events: 10, trials: 1000 }, rule()), null, 'on the limit');
});

test('never NaN up to 1e9 trials, and more events never make a better verdict', () => {
  const order: Verdict[] = ['pass', 'inconclusive', 'fail'];
  const trials = fc.oneof(fc.nat(2000), fc.nat(1e9), fc.constant(1e9));
  fc.assert(
    fc.property(
      trials,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.constantFrom(0.001, 0.01, 0.5),
      (n, part, limit) => {
        const k = Math.floor(n * part);
        const less = judgeRate({ events: k, trials: n }, rule(limit, 3));
        const more = judgeRate({ events: Math.min(n, k + 1), trials: n }, rule(limit, 3));
        assert.ok(order.indexOf(less) <= order.indexOf(more), `${k} of ${n}: ${less}, then ${more}`);
        const needed = trialsToDecide({ events: k, trials: n }, rule(limit, 3));
        assert.ok(needed === null || Number.isFinite(needed));
      },
    ),
    { numRuns: 60 },
  );
});

test('at the limit at most 5 % of runs pass and at most 5 % fail, exactly; far from it nearly all are decided', () => {
  const chances = (n: number, truth: number, limit: number): Record<Verdict, number> => {
    const sums: Record<Verdict, number> = { pass: 0, fail: 0, inconclusive: 0 };
    binomialChances(n, truth).forEach((chance, k) => {
      if (chance > 1e-12) sums[judgeRate({ events: k, trials: n }, rule(limit))] += chance;
    });
    return sums;
  };
  for (const n of [50, 299, 300, 1000, 5000]) {
    for (const limit of [0.005, 0.01, 0.02]) {
      const { pass, fail } = chances(n, limit, limit);
      assert.ok(pass <= 0.05, `${n}, ${limit}: wrong pass ${pass}`);
      assert.ok(fail <= 0.05, `${n}, ${limit}: wrong fail ${fail}`);
    }
  }
  assert.ok(chances(5000, 0.005, 0.01).pass > 0.95);
  assert.ok(chances(5000, 0.02, 0.01).fail > 0.99);
  assert.equal(chances(20, 1, 0.01).fail, 1);
});
