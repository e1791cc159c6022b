import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import fc from 'fast-check';
import { betaQuantile } from '../../../src/analysis/stats/beta-quantile.js';

const require = createRequire(import.meta.url);
const reference = require('@stdlib/stats-base-dists-beta-quantile') as typeof betaQuantile;
const betainc = require('@stdlib/math-base-special-betainc') as (
  x: number,
  a: number,
  b: number,
  regularized: boolean,
  upper: boolean,
) => number;

const PROBABILITIES = [1e-9, 1e-6, 1e-3, 0.0125, 0.025, 0.05, 0.1, 0.25, 0.5].flatMap((p) => [p, 1 - p]);
const PARTS = [0.001, 0.01, 0.1, 0.3, 0.5, 0.9];

/** Relative error. */
function error(actual: number, expected: number): number {
  return Math.abs(actual - expected) / expected;
}

/** Both shapes that the bounds of k among n use. */
function* shapes(n: number): Generator<[a: number, b: number]> {
  const whole = PARTS.map((part) => Math.floor(part * n));
  const ks = new Set([0, 1, 2, 3, 5, 10, ...whole, n - 5, n - 2, n - 1, n]);
  for (const k of ks) {
    if (k > 0 && k <= n) yield [k, n - k + 1];
    if (k >= 0 && k < n) yield [k + 1, n - k];
  }
}

// stdlib itself has only 12 digits at a million and 7 at 1e9.
for (const n of [1, 2, 3, 5, 10, 30, 100, 1_000, 3_000, 10_000, 100_000]) {
  test(`agrees with stdlib to 1e-12 for n = ${n}`, () => {
    for (const [a, b] of shapes(n)) {
      for (const p of PROBABILITIES) {
        const off = error(betaQuantile(p, a, b), reference(p, a, b));
        assert.ok(off < 1e-12, `p ${p}, a ${a}, b ${b}: ${off}`);
      }
    }
  });
}

// Newton's method on the continued fraction DLMF 8.17.22 with 40 digits (Python's mpmath).
const EXACT: [probability: number, a: number, b: number, x: number][] = [
  [1e-9, 1, 1000000, 1.0000000005e-15],
  [0.975, 1, 1000000, 3.68887265020649e-6],
  [0.05, 20, 999981, 1.3254689674917e-5],
  [0.999999999, 20, 999981, 5.93400398075668e-5],
  [0.5, 10000, 990001, 0.00999966333541066],
  [1e-9, 500000, 500001, 0.497000624224567],
  [0.975, 500000, 500001, 0.500979480807582],
  [0.05, 900000, 100001, 0.899505188004538],
  [0.999999999, 900000, 100001, 0.90178911680335],
  [0.5, 999997, 4, 0.999996327940485],
  [1e-9, 1000000, 1, 0.999979276948888],
  [0.975, 1000000, 1, 0.999999974682192],
  [0.05, 1, 10000000, 5.12932942560004e-9],
  [0.999999999, 1, 10000000, 2.07232443925558e-6],
  [0.5, 20, 9999981, 1.96676717667276e-6],
  [1e-9, 100000, 9900001, 0.00981242358611359],
  [0.975, 100000, 9900001, 0.0100617605849822],
  [0.05, 5000000, 5000001, 0.499739875830166],
  [0.999999999, 5000000, 5000001, 0.500948285680939],
  [0.5, 9000000, 1000001, 0.899999936666667],
  [1e-9, 9999997, 4, 0.999997084623156],
  [0.975, 9999997, 4, 0.999999891013452],
  [0.05, 10000000, 1, 0.999999700426818],
  [0.999999999, 10000000, 1, 1],
  [0.975, 1, 1000000000, 3.68887944731002e-9],
  [0.05, 20, 999999981, 1.32546516364229e-8],
  [0.999999999, 20, 999999981, 5.93412355495537e-8],
  [0.975, 10000000, 990000001, 0.0100061678008541],
  [0.05, 500000000, 500000001, 0.49997399208063],
  [0.999999999, 500000000, 500000001, 0.500094833154864],
  [0.975, 900000000, 100000001, 0.900018592193287],
  [0.05, 999999997, 4, 0.999999992246344],
  [1e-9, 1000000000, 1, 0.999999979276734],
];

test('agrees with 40-digit arithmetic to 1e-12 for n from 1e6 to 1e9', () => {
  for (const [p, a, b, x] of EXACT) {
    const off = error(betaQuantile(p, a, b), x);
    assert.ok(off < 1e-12, `p ${p}, a ${a}, b ${b}: ${off}`);
  }
});

const probability = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true });
const shape = fc.double({ min: 0, max: 9, noNaN: true }).map((digits) => 10 ** digits);

test('has the closed forms where a shape is 1', () => {
  fc.assert(
    fc.property(probability, shape, (p, s) => {
      assert.ok(error(betaQuantile(p, s, 1), p ** (1 / s)) < 1e-12);
      assert.ok(error(betaQuantile(p, 1, s), -Math.expm1(Math.log1p(-p) / s)) < 1e-12);
    }),
    { seed: 20 },
  );
});

test('grows with the probability', () => {
  fc.assert(
    fc.property(probability, probability, shape, shape, (p, q, a, b) => {
      const [less, more] = [Math.min(p, q), Math.max(p, q)];
      const [x, y] = [betaQuantile(less, a, b), betaQuantile(more, a, b)];
      assert.ok(x <= y * (1 + 1e-13), `${x} ${y}`);
    }),
    { seed: 20 },
  );
});

test('the incomplete beta function leads back to the probability', () => {
  const small = fc.double({ min: 0, max: 4, noNaN: true }).map((digits) => 10 ** digits);
  fc.assert(
    fc.property(probability, small, small, (p, a, b) => {
      const x = betaQuantile(p, a, b);
      // Near 1 a double has too few digits left for x to lead back.
      fc.pre(x < 0.999);
      const back = p <= 0.5 ? betainc(x, a, b, true, false) / p : betainc(x, a, b, true, true) / (1 - p);
      assert.ok(Math.abs(back - 1) < 1e-8, `p ${p}, a ${a}, b ${b}: ${back}`);
    }),
    { seed: 20 },
  );
});

test('ends with a share for any shapes and at the ends', () => {
  assert.equal(betaQuantile(0, 3, 4), 0);
  assert.equal(betaQuantile(1, 3, 4), 1);
  const anyShape = fc.double({ min: 1e-300, max: 1e15, noNaN: true });
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), anyShape, anyShape, (p, a, b) => {
      const x = betaQuantile(p, a, b);
      assert.ok(x >= 0 && x <= 1, `p ${p}, a ${a}, b ${b}: ${x}`);
    }),
    { seed: 20 },
  );
});
