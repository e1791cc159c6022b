/** Fisher's exact test against values computed with exact fractions, or with 60 digits for large tables. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fisherExact } from '../../../src/analysis/stats/fisher-exact.js';
import { seededRandom } from '../../support/blocks.js';

function close(actual: number, expected: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= 1e-9 * expected, `${what}: ${actual}, not ${expected}`);
}

test('two-sided p-values, exact to nine digits from the tea lady to millions', () => {
  for (const [x, n, y, m, p] of [
    // Fisher's lady tasting tea: 34 of 70.
    [3, 4, 1, 4, 34 / 70],
    [0, 5, 5, 5, 0.00793650793650794],
    [10, 12, 2, 13, 0.00120262292560045],
    [1, 10, 9, 10, 0.00109333391067137],
    [12, 17, 3, 40, 2.85706904357099e-6],
    [7, 20, 7, 20, 1],
    [5, 9, 4, 8, 1],
    [0, 20, 3, 7000, 1],
    [1, 1000, 30, 1000, 2.4239841864498e-8],
    [900, 1000, 880, 1000, 0.174407104104337],
    [90, 100, 500, 1000, 3.50024270874667e-16],
    [4500, 5000, 4380, 5000, 0.00015915176140236],
    [498_000, 1_000_000, 499_000, 1_000_000, 0.157712842694425],
    [900_000, 1_000_000, 899_000, 1_000_000, 0.0188008062075053],
    [10_000, 1_000_000, 100, 9000, 0.287218483408749],
    [99, 1_000_000, 40, 999_999, 5.95021955880716e-7],
  ] as const) {
    close(fisherExact(x, n, y, m), p, `${x} of ${n} and ${y} of ${m}`);
  }
});

test('what no double can hold is 0', () => {
  assert.equal(fisherExact(2500, 5000, 4500, 5000), 0);
  assert.equal(fisherExact(450_000, 500_000, 500_000, 999_999), 0);
});

test('margins that leave one table only: nothing can differ', () => {
  assert.equal(fisherExact(0, 10, 0, 20), 1);
  assert.equal(fisherExact(10, 10, 20, 20), 1);
  assert.equal(fisherExact(0, 0, 5, 9), 1);
});

/** By the definition, with exact whole numbers. */
function byDefinition(x: number, n: number, y: number, m: number): number {
  const choose = (of: number, k: number): bigint => {
    let ways = 1n;
    for (let i = 1; i <= k; i++) ways = (ways * BigInt(of - k + i)) / BigInt(i);
    return ways;
  };
  const k = x + y;
  const weight = (z: number) => choose(n, z) * choose(m, k - z);
  let total = 0n;
  let tail = 0n;
  for (let z = Math.max(0, k - m); z <= Math.min(n, k); z++) {
    total += weight(z);
    if (weight(z) <= weight(x)) tail += weight(z);
  }
  return Number((tail * 10n ** 40n) / total) / 1e40;
}

const table = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }))
  .chain(([n, m]) =>
    fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n), fc.integer({ min: 0, max: m }), fc.constant(m)),
  );

test('it is its definition, for every table', () => {
  fc.assert(
    fc.property(table, ([x, n, y, m]) => {
      const expected = byDefinition(x, n, y, m);
      close(fisherExact(x, n, y, m), expected, `${x} of ${n} and ${y} of ${m}`);
    }),
    { seed: 7, numRuns: 500 },
  );
});

test('rows, columns and both can change places; p is from 0 to 1', () => {
  const large = fc
    .tuple(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 100_000 }))
    .chain(([n, m]) =>
      fc.tuple(
        fc.integer({ min: 0, max: n }),
        fc.constant(n),
        fc.integer({ min: 0, max: m }),
        fc.constant(m),
      ),
    );
  fc.assert(
    fc.property(large, ([x, n, y, m]) => {
      const p = fisherExact(x, n, y, m);
      assert.ok(p >= 0 && p <= 1);
      // Below, the ways to one value underflow at different places.
      if (p < 1e-290) return;
      close(fisherExact(y, m, x, n), p, 'rows');
      close(fisherExact(n - x, n, m - y, m), p, 'columns');
      close(fisherExact(x, x + y, n - x, n + m - x - y), p, 'transposed');
    }),
    { seed: 11, numRuns: 200 },
  );
});

test('no false alarms: equal shares fall below α at most α of the time', () => {
  const random = seededRandom(5);
  const drawn = (n: number, share: number) => {
    let count = 0;
    for (let i = 0; i < n; i++) if (random() < share) count += 1;
    return count;
  };
  const runs = 4000;
  for (const [n, m, share] of [
    [200, 200, 0.1],
    [50, 350, 0.5],
    [400, 100, 0.01],
  ] as const) {
    let low = 0;
    for (let run = 0; run < runs; run++) {
      if (fisherExact(drawn(n, share), n, drawn(m, share), m) <= 0.01) low += 1;
    }
    // Never above α, being exact; five standard errors of 1 % over 4,000 runs are 31 of them.
    assert.ok(low <= runs * 0.01 + 32, `${low} of ${runs} at ${n}, ${m}, ${share}`);
  }
});
