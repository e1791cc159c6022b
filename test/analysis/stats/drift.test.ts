import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { changedSegment, driftP, scanWindows } from '../../../src/analysis/stats/drift.js';
import { bridgeTail } from '../../../src/analysis/stats/kolmogorov.js';

test('a Brownian bridge leaves ± 1.628 with a probability of 1 %, ± 1.358 with 5 %', () => {
  assert.ok(Math.abs(bridgeTail(1.628) - 0.01) < 1e-4);
  assert.ok(Math.abs(bridgeTail(1.358) - 0.05) < 1e-4);
  // Kolmogorov's table.
  assert.ok(Math.abs(bridgeTail(1) - 0.27) < 1e-4);
  assert.equal(bridgeTail(0), 1);
  assert.equal(bridgeTail(Number.POSITIVE_INFINITY), 0);
});

test('the largest cumulative sum, by hand', () => {
  // v2 has 10 of 100, then 30 of 100: the sum is 10 − 20 = −10 in the middle, √(200 · 0.2 · 0.8) = 5.657.
  const parts = [
    [90, 10],
    [70, 30],
  ];
  assert.ok(Math.abs(driftP(parts) - bridgeTail(10 / Math.sqrt(32))) < 1e-12);
  assert.ok(Math.abs(driftP(parts, 4) - bridgeTail(5 / Math.sqrt(32))) < 1e-12);
  // With a third version there are three tests.
  const three = [
    [60, 10, 30],
    [40, 30, 30],
  ];
  assert.ok(Math.abs(driftP(three) - 3 * bridgeTail(10 / Math.sqrt(32))) < 1e-12);
  assert.equal(driftP([[5, 0], []]), 1);
  assert.equal(driftP([]), 1);
});

test('one change, and one that is taken back', () => {
  const [low, high] = [
    [90, 10],
    [50, 50],
  ];
  const row = (n: number, part: number[]) => Array.from({ length: n }, () => part);
  assert.deepEqual(changedSegment([...row(12, low), ...row(28, high)]), { from: 0, to: 12 });
  assert.deepEqual(changedSegment([...row(12, low), ...row(8, high), ...row(20, low)]), {
    from: 12,
    to: 20,
  });
  assert.deepEqual(scanWindows([...row(7, low), ...row(2, high), ...row(11, low)])?.segment, {
    from: 7,
    to: 9,
  });
  assert.equal(changedSegment([]), null);
  assert.equal(scanWindows([low]), null);
});

test('property: p is from 0 to 1 and the same backwards and with versions in another order', () => {
  const count = fc.integer({ min: 0, max: 1e6 });
  const table = fc.integer({ min: 2, max: 5 }).chain((versions) =>
    fc.array(fc.array(count, { minLength: versions, maxLength: versions }), {
      minLength: 1,
      maxLength: 30,
    }),
  );
  fc.assert(
    fc.property(table, (parts) => {
      const p = driftP(parts);
      assert.ok(p >= 0 && p <= 1);
      const close = (other: number) => assert.ok(Math.abs(other - p) <= 1e-9 * Math.max(p, 1e-6));
      close(driftP([...parts].reverse()));
      close(driftP(parts.map((part) => [...part].reverse())));
    }),
    { numRuns: 200 },
  );
});
