import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { quantileDifference } from '../../../src/analysis/stats/quantile-difference.js';

test('golden: the distances to the bounds are added as squares', () => {
  const own = { figure: 120, low: 117, high: 128 };
  const base = { figure: 100, low: 94, high: 104 };
  assert.deepEqual(quantileDifference(own, base), { figure: 20, low: 15, high: 30 });
});

const distance = fc.double({ min: 0, max: 1e6, noNaN: true });
const bounded = fc
  .tuple(distance, distance, distance)
  .map(([figure, below, above]) => ({ figure, low: figure - below, high: figure + above }));

test('swapped it has the other sign, and it holds the figure', () => {
  fc.assert(
    fc.property(bounded, bounded, (own, base) => {
      const there = quantileDifference(own, base);
      const back = quantileDifference(base, own);
      assert.ok(there.low <= there.figure && there.figure <= there.high);
      for (const [a, b] of [
        [there.figure, back.figure],
        [there.low, back.high],
        [there.high, back.low],
      ] as const) {
        assert.ok(Math.abs(a + b) <= 1e-6);
      }
    }),
  );
});
