import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { jointTail, normalQuantile, normalTail } from '../../../src/analysis/stats/normal.js';

const near = (actual: number, expected: number, relative: number) =>
  assert.ok(Math.abs(actual - expected) <= relative * Math.abs(expected), `${actual} is not ${expected}`);

/** Tables of the normal distribution, e.g. R: qnorm(tail, lower.tail = FALSE). */
const quantiles: [tail: number, z: number][] = [
  [0.5, 0],
  [0.1, 1.2815515655446004],
  [0.05, 1.6448536269514722],
  [0.025, 1.959963984540054],
  [0.001, 3.090232306167813],
  [1e-9, 5.997807015007686],
  [0.95, -1.6448536269514722],
];

test('quantiles: golden vectors', () => {
  for (const [tail, z] of quantiles) assert.ok(Math.abs(normalQuantile(tail) - z) < 1e-12, `${tail}`);
});

test('tail and quantile are each other’s inverse, and never NaN', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-300, max: 1, maxExcluded: true, noNaN: true }), (tail) => {
      near(normalTail(normalQuantile(tail)), tail, 1e-9);
    }),
    { numRuns: 100 },
  );
  assert.equal(normalTail(Number.POSITIVE_INFINITY), 0);
  assert.equal(normalTail(Number.NEGATIVE_INFINITY), 1);
});

test('the joint tail: known values', () => {
  // At 0 it is 1/4 + arcsin(ρ) ÷ 2π (Sheppard 1899).
  for (const rho of [0, 0.5, 0.9, 0.99])
    near(jointTail(0, 0, rho), 0.25 + Math.asin(rho) / (2 * Math.PI), 1e-3);
  near(jointTail(1, 2, 0), normalTail(1) * normalTail(2), 1e-4);
  near(jointTail(1, 2, 1), normalTail(2), 1e-12);
  assert.equal(jointTail(Number.POSITIVE_INFINITY, 0, 0.5), 0);
});

test('the joint tail grows with the correlation and is at most either tail', () => {
  const z = fc.double({ min: -5, max: 5, noNaN: true });
  fc.assert(
    fc.property(z, z, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, rho) => {
      const joint = jointTail(a, b, rho);
      const slack = 1e-3;
      assert.ok(joint <= Math.min(normalTail(a), normalTail(b)) + slack);
      assert.ok(joint >= normalTail(a) * normalTail(b) - slack);
      assert.ok(joint <= jointTail(a, b, (1 + rho) / 2) + slack);
    }),
    { numRuns: 100 },
  );
});
