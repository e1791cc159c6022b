import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lowerBound, upperBound } from '../../../src/analysis/stats/clopper-pearson.js';
import { differenceBounds } from '../../../src/analysis/stats/rate-difference.js';
import { binomialChances } from '../../support/binomial.js';

test('with a rate of 0 or 1 on one side of many trials, the bounds are nearly those of the other rate', () => {
  const [low, high] = differenceBounds({ events: 3, trials: 200 }, { events: 0, trials: 1e9 }, 0.05);
  assert.ok(Math.abs(low - lowerBound(3, 200, 0.05)) < 1e-6);
  assert.ok(Math.abs(high - upperBound(3, 200, 0.05)) < 1e-6);
});

test("between Newcombe's method 10 and a sum of both limits, on the example of his paper", () => {
  // 56/70 − 48/80: method 10 with Wilson's limits gives 0.0524 to 0.3339 at 95 % (Newcombe 1998, table II, case a).
  const [low, high] = differenceBounds({ events: 56, trials: 70 }, { events: 48, trials: 80 }, 0.025);
  assert.ok(low < 0.0524 && low > 0.03, `${low}`);
  assert.ok(high > 0.3339 && high < 0.36, `${high}`);
});

const rate = fc
  .tuple(fc.oneof(fc.nat(50), fc.nat(1e9)), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([trials, part]) => ({ events: Math.floor(trials * part), trials }));

test('symmetric, around the difference that was seen, never NaN', () => {
  fc.assert(
    fc.property(rate, rate, (a, b) => {
      const [low, high] = differenceBounds(a, b, 0.05);
      const [otherLow, otherHigh] = differenceBounds(b, a, 0.05);
      assert.equal(low, -otherHigh);
      assert.equal(high, -otherLow);
      assert.ok(low >= -1 && high <= 1);
      if (a.trials === 0 || b.trials === 0) return;
      const seen = a.events / a.trials - b.events / b.trials;
      assert.ok(low <= seen + 1e-12 && high >= seen - 1e-12, `${low} ${seen} ${high}`);
      const [wideLow, wideHigh] = differenceBounds(a, b, 0.01);
      assert.ok(wideLow <= low + 1e-12 && wideHigh >= high - 1e-12);
    }),
    { numRuns: 200 },
  );
});

test('at the limit at most 5 % of runs pass and at most 5 % fail, exactly, over a grid of rates and sizes', () => {
  const alpha = 0.05;
  /** Of counts that are far beyond what the rates here give, none is computed. */
  const bounds = (n: number) =>
    Array.from({ length: Math.min(n, Math.ceil(n * 0.2) + 60) + 1 }, (_, k) => ({ events: k, trials: n }));
  for (const [n1, n2] of [
    [900, 100],
    [500, 500],
    [450, 50],
  ] as const) {
    const table = bounds(n2).map((version) =>
      bounds(n1).map((base) => differenceBounds(version, base, alpha)),
    );
    for (const base of [0, 0.001, 0.01, 0.05]) {
      for (const limit of [0.005, 0.01, 0.05]) {
        const [ofBase, ofVersion] = [binomialChances(n1, base), binomialChances(n2, base + limit)];
        let [pass, fail] = [0, 0];
        table.forEach((row, k2) => {
          row.forEach(([low, high], k1) => {
            const chance = (ofVersion[k2] as number) * (ofBase[k1] as number);
            if (high < limit) pass += chance;
            if (low > limit) fail += chance;
          });
        });
        const what = `${n1} and ${n2} requests, ${base} and ${base + limit}`;
        assert.ok(pass <= 0.05, `${what}: wrong pass ${pass}`);
        assert.ok(fail <= 0.05, `${what}: wrong fail ${fail}`);
      }
    }
  }
});
