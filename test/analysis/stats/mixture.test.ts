import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { evidenceAbove, evidenceBelow } from '../../../src/analysis/stats/mixture.js';
import { shareTest } from '../../../src/analysis/stats/share-test.js';

/** Computed independently, with the interval at a level of 5 % on each side. */
const golden = [
  [2000, 4000, 0.5, 0.02, [3.008316, 3.008316, -5.244544, -5.244544], [0.48001, 0.51999]],
  [2300, 4300, 0.5, 0.02, [-4.702735, 12.806449, 1.865798, -10.423141], [0.515749, 0.553937]],
  [200, 2000, 0.1, 0.02, [3.736972, 4.802661, -5.734831, -7.787463], [0.084227, 0.117506]],
  [330, 2000, 0.1, 0.02, [-9.956319, 30.761756, 10.556515, -22.61259], [0.144706, 0.187225]],
  [30, 3000, 0.01, 0.005, [2.666524, 5.587751, -4.115796, -11.663496], [0.006151, 0.015486]],
  [0, 1000, 0.01, 0.005, [3.9619, -3.52687, -3.558458, 3.921547], [0, 0.003409]],
] as const;

for (const [k, n, share, width, [belowHigh, aboveLow, aboveHigh, belowLow], interval] of golden) {
  test(`${k} of ${n} against ${share} ± ${width}`, () => {
    const [low, high] = [share - width, share + width];
    const near = (actual: number, expected: number) =>
      assert.ok(Math.abs(actual - expected) < 1e-6, `${actual}, not ${expected}`);
    near(evidenceBelow(k, n, high, width), belowHigh);
    near(evidenceAbove(k, n, low, width), aboveLow);
    near(evidenceAbove(k, n, high, width), aboveHigh);
    near(evidenceBelow(k, n, low, width), belowLow);
    const { lower, upper } = shareTest('sequential', width);
    near(lower(k, n, 0.05), interval[0]);
    near(upper(k, n, 0.05), interval[1]);
  });
}

const counts = fc
  .tuple(fc.integer({ min: 1, max: 1_000_000_000 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .chain(([n, part]) => fc.constantFrom(0, 1, Math.round(part * n), n - 1, n).map((k) => ({ k, n })));
const boundary = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true });
const width = fc.double({ min: 1e-6, max: 1, noNaN: true });

test('evidence is a number up to a billion draws, mirrored, and falls as more are counted', () => {
  fc.assert(
    fc.property(counts, boundary, width, ({ k, n }, t, d) => {
      const below = evidenceBelow(k, n, t, d);
      assert.ok(Number.isFinite(below), `${below}`);
      assert.equal(evidenceAbove(n - k, n, 1 - t, d), evidenceBelow(k, n, 1 - (1 - t), d));
      if (k < n) assert.ok(evidenceBelow(k + 1, n, t, d) <= below);
    }),
    { seed: 23, numRuns: 500 },
  );
});

for (const method of ['fixed', 'sequential'] as const) {
  test(`${method}: a bound lies beyond a boundary exactly when the test says so`, () => {
    fc.assert(
      fc.property(counts, boundary, fc.constantFrom(0.005, 0.02, 0.2), ({ k, n }, t, d) => {
        const { isAbove, isBelow, lower, upper } = shareTest(method, d);
        const [lo, hi] = [lower(k, n, 0.05), upper(k, n, 0.05)];
        assert.ok(lo >= 0 && lo <= k / n && k / n <= hi && hi <= 1, `${lo} ${k / n} ${hi}`);
        if (Math.abs(lo - t) > 1e-9) assert.equal(isAbove(k, n, t, 0.05), t < lo);
        if (Math.abs(hi - t) > 1e-9) assert.equal(isBelow(k, n, t, 0.05), t > hi);
        assert.ok(!(isAbove(k, n, t, 0.05) && isBelow(k, n, t, 0.05)));
      }),
      { seed: 23, numRuns: 300 },
    );
  });
}

test('a share of all is refuted by any other draw, a share of none by any draw', () => {
  assert.equal(evidenceBelow(99, 100, 1, 0.02), Number.POSITIVE_INFINITY);
  assert.equal(evidenceBelow(100, 100, 1, 0.02), 0);
  assert.equal(evidenceAbove(1, 100, 0, 0.02), Number.POSITIVE_INFINITY);
});
