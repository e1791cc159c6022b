import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { quantileRanks, samplesForUpperBound } from '../../../src/analysis/stats/quantile-bounds.js';
import { binomialChances } from '../../support/binomial.js';

/** P(X <= k) for X ~ Binomial(n, p). */
const upTo = (n: number, p: number, k: number) =>
  binomialChances(n, p)
    .slice(0, k + 1)
    .reduce((sum, chance) => sum + chance, 0);

test('the median of ten: the second and the ninth of each side at 5 %, as in tables', () => {
  // P(X <= 1) = 11 / 1024 = 0.0107, P(X <= 2) = 56 / 1024 = 0.0547 (David and Nagaraja, table 7.1).
  assert.deepEqual(quantileRanks(0.5, 10, 0.05), { low: 2, high: 9 });
  assert.deepEqual(quantileRanks(0.5, 10, 0.06), { low: 3, high: 8 });
});

test('an upper bound of p99 needs 299 samples at 95 %, a lower one hardly any', () => {
  assert.equal(samplesForUpperBound(0.99, 0.05), 299);
  assert.equal(quantileRanks(0.99, 298, 0.05).high, null);
  assert.equal(quantileRanks(0.99, 299, 0.05).high, 299);
  assert.equal(quantileRanks(0.99, 1, 0.05).low, 1, 'P(X = 0) is 1 %');
  assert.deepEqual(quantileRanks(0.5, 0, 0.05), { low: null, high: null });
  assert.deepEqual(quantileRanks(0.5, 4, 0.05), { low: null, high: null });
});

test('the ranks are the best whose chance to be wrong is at most alpha, exactly', () => {
  for (const n of [1, 5, 10, 60, 300, 1000]) {
    for (const quantile of [0.5, 0.9, 0.99, 0.999]) {
      for (const alpha of [0.05, 0.01]) {
        const { low, high } = quantileRanks(quantile, n, alpha);
        // The l-th smallest is above the quantile if fewer than l samples are up to it.
        if (low !== null) assert.ok(upTo(n, quantile, low - 1) <= alpha + 1e-12);
        if ((low ?? 0) < n) assert.ok(upTo(n, quantile, low ?? 0) > alpha - 1e-12);
        if (high !== null) assert.ok(1 - upTo(n, quantile, high - 1) <= alpha + 1e-12);
        const before = (high ?? n + 1) - 1;
        if (before >= 1) assert.ok(1 - upTo(n, quantile, before - 1) > alpha - 1e-12);
      }
    }
  }
});

test('mirrored for 1 − q, ordered, and finite up to 1e9 samples', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.nat(1000), fc.integer({ min: 1, max: 1e9 })),
      fc.constantFrom(0.25, 0.5, 0.75, 0.875),
      (n, quantile) => {
        const { low, high } = quantileRanks(quantile, n, 0.05);
        const mirrored = quantileRanks(1 - quantile, n, 0.05);
        if (low !== null && mirrored.high !== null) assert.equal(low, n + 1 - mirrored.high);
        if (low !== null && high !== null) assert.ok(low <= high && low >= 1 && high <= n);
      },
    ),
    { numRuns: 40 },
  );
});
