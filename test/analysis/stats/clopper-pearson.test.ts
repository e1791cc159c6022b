import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lowerBound, upperBound } from '../../../src/analysis/stats/clopper-pearson.js';

/** ln Γ(x) for x > 0: Stirling's series after shifting x past 15 (Abramowitz and Stegun 6.1.41). */
function logGamma(x: number): number {
  let shift = 0;
  let y = x;
  for (; y < 15; y++) shift -= Math.log(y);
  const inverse = 1 / (y * y);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / y;
  return shift + (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + series;
}

/** P(from <= X <= to) for X ~ Binomial(n, p), summed term by term within reach of anything that counts. */
function tail(n: number, p: number, from: number, to: number): number {
  const spread = 12 * Math.sqrt(n * p * (1 - p)) + 60;
  let sum = 0;
  for (
    let k = Math.max(from, Math.floor(n * p - spread));
    k <= Math.min(to, Math.ceil(n * p + spread));
    k++
  ) {
    const log = logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
    sum += Math.exp(log + k * Math.log(p) + (n - k) * Math.log1p(-p));
  }
  return sum;
}

test('the bounds agree with published intervals', () => {
  // binom.test(7, 20), binom.test(0, 10) and binom.test(10, 10) of R 4.
  const close = (actual: number, expected: number) =>
    assert.ok(Math.abs(actual - expected) < 5e-7, `${actual}`);
  close(lowerBound(7, 20, 0.025), 0.1539092);
  close(upperBound(7, 20, 0.025), 0.5921885);
  close(upperBound(0, 10, 0.025), 0.3084971);
  close(lowerBound(10, 10, 0.025), 0.6915029);
  assert.equal(lowerBound(0, 10, 0.025), 0);
  assert.equal(upperBound(10, 10, 0.025), 1);
  assert.equal(lowerBound(0, 0, 0.05), 0);
  assert.equal(upperBound(0, 0, 0.05), 1);
});

const cases: [k: number, n: number][] = [
  [1, 10],
  [30, 3000],
  [200, 2000],
  [3970, 4000],
  [5, 2_000_000],
  [200_000, 2_000_000],
  [1_000_000, 2_000_000],
  [1_999_990, 2_000_000],
];

for (const [k, n] of cases) {
  test(`${k} of ${n}: at each bound the tail has the chance asked for`, () => {
    for (const alpha of [0.05, 0.025, 0.001]) {
      const above = tail(n, lowerBound(k, n, alpha), k, n);
      const below = tail(n, upperBound(k, n, alpha), 0, k);
      // Log-gamma of millions leaves about nine digits.
      assert.ok(Math.abs(above / alpha - 1) < 1e-6, `lower, alpha ${alpha}: ${above}`);
      assert.ok(Math.abs(below / alpha - 1) < 1e-6, `upper, alpha ${alpha}: ${below}`);
    }
  });
}

test('bounds hold the share between them, widen with confidence and mirror each other', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (n, part) => {
        const k = Math.round(part * n);
        const [lower, upper] = [lowerBound(k, n, 0.05), upperBound(k, n, 0.05)];
        assert.ok(lower <= k / n && k / n <= upper);
        assert.ok(lowerBound(k, n, 0.01) <= lower && upper <= upperBound(k, n, 0.01));
        assert.ok(Math.abs(lowerBound(n - k, n, 0.05) - (1 - upper)) < 1e-9);
      },
    ),
    { seed: 14, numRuns: 60 },
  );
});
