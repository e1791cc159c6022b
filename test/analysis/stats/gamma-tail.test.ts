/** Tails of chi-square distributions, against closed forms: sums of Poisson probabilities for even degrees of freedom. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chiSquareTail } from '../../../src/analysis/stats/gamma-tail.js';

function close(actual: number, expected: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= 1e-10 * expected, `${what}: ${actual}, not ${expected}`);
}

test('the quantiles of every table', () => {
  for (const [x, df, tail] of [
    [3.841458820694124, 1, 0.05],
    [6.634896601021213, 1, 0.01],
    [18.307038053275146, 10, 0.05],
    [23.209251158954356, 10, 0.01],
    [124.34211340400407, 100, 0.05],
    [1e-3, 2, Math.exp(-5e-4)],
  ] as const) {
    close(chiSquareTail(x, df), tail, `${x} at ${df}`);
  }
});

test('even degrees of freedom are a sum', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.double({ min: 0.01, max: 300, noNaN: true }), (a, x) => {
      let term = Math.exp(-x / 2);
      let sum = term;
      for (let j = 1; j < a; j++) {
        term *= x / 2 / j;
        sum += term;
      }
      close(chiSquareTail(x, 2 * a), sum, `${x} at ${2 * a}`);
    }),
    { seed: 23, numRuns: 500 },
  );
});

test('a probability that falls with x and grows with the degrees of freedom', () => {
  const x = fc.double({ min: 0, max: 1e7, noNaN: true });
  const df = fc.double({ min: 0.5, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(x, x, df, df, (a, b, c, d) => {
      const tail = chiSquareTail(a, c);
      assert.ok(tail >= 0 && tail <= 1, `${tail} for ${a} at ${c}`);
      const [less, more] = [Math.min(a, b), Math.max(a, b)];
      assert.ok(chiSquareTail(more, c) <= chiSquareTail(less, c) + 1e-12);
      assert.ok(chiSquareTail(a, Math.max(c, d)) >= chiSquareTail(a, Math.min(c, d)) - 1e-12);
    }),
    { seed: 23, numRuns: 300 },
  );
  assert.deepEqual([chiSquareTail(0, 3), chiSquareTail(Number.POSITIVE_INFINITY, 3)], [1, 0]);
});
