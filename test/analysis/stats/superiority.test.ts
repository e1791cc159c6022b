import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { probabilityAbove } from '../../../src/analysis/stats/superiority.js';
import { LogHistogram, THREE_DIGITS } from '../../../src/log-histogram.js';

/** Values below 2,048 have buckets of their own. */
function histogram(values: readonly number[]): LogHistogram {
  const all = new LogHistogram(THREE_DIGITS);
  for (const value of values) all.record(value);
  return all;
}

const above = (own: readonly number[], base: readonly number[], alpha = 0.05) =>
  probabilityAbove(histogram(own), histogram(base), alpha);

test('golden: pairs counted by hand, the interval by another program', () => {
  // Of 12 pairs 7 are above and 2 equal; the variances make it 2.764 of 4.146 draws.
  const { value, interval } = above([1, 3, 5, 7], [2, 3, 3]) ?? { value: 0, interval: [0, 0] };
  assert.equal(value, 8 / 12);
  assert.ok(Math.abs(interval[0] - 0.19844) < 1e-6, String(interval));
  assert.ok(Math.abs(interval[1] - 0.964939) < 1e-6, String(interval));
});

test('sets that do not overlap: about as certain as as many draws as the smaller set has', () => {
  const [lows, highs] = [Array<number>(400).fill(10), Array<number>(40).fill(900)];
  const { value, interval } = above(highs, lows) ?? { value: 0, interval: [0, 0] };
  assert.deepEqual([value, interval[1]], [1, 1]);
  // All of 40 draws: 0.05 ** (1 / 40) = 0.928.
  assert.ok(Math.abs(interval[0] - 0.05 ** (1 / 40)) < 0.01, String(interval));
  assert.equal(above(lows, highs)?.value, 0);
  assert.deepEqual(above(lows, lows)?.value, 0.5);
});

test('nothing to compare', () => {
  assert.equal(above([], [1]), null);
  assert.equal(above([1], []), null);
  const one = above([5], [1]);
  assert.ok((one?.interval[0] ?? 1) < 0.1, 'one value of each says next to nothing');
});

const someValues = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 60 });

test('it is the part of the pairs, by definition; swapped it is the rest, with the interval mirrored', () => {
  fc.assert(
    fc.property(someValues, someValues, (own, base) => {
      const pairs = own.flatMap((x) => base.map((y) => (x > y ? 1 : x === y ? 0.5 : 0)));
      const share = pairs.reduce((sum: number, one) => sum + one, 0) / pairs.length;
      const there = above(own, base);
      const back = above(base, own);
      assert.ok(there !== null && back !== null);
      assert.ok(Math.abs(there.value - share) < 1e-12);
      assert.ok(Math.abs(there.value + back.value - 1) < 1e-12);
      assert.ok(Math.abs(there.interval[0] + back.interval[1] - 1) < 1e-9);
      const [low, high] = there.interval;
      assert.ok(low >= 0 && low <= there.value + 1e-12 && there.value <= high + 1e-12 && high <= 1);
    }),
  );
});

test('the interval is wider at a smaller alpha, and has no NaN for 1e9 values', () => {
  fc.assert(
    fc.property(someValues, someValues, (own, base) => {
      const [wide, narrow] = [above(own, base, 0.01), above(own, base, 0.1)];
      assert.ok((wide?.interval[0] ?? 1) <= (narrow?.interval[0] ?? 0) + 1e-12);
      assert.ok((wide?.interval[1] ?? 0) >= (narrow?.interval[1] ?? 1) - 1e-12);
    }),
  );
  const many = {
    count: 1e9,
    forEach: (use: (value: number, count: number) => void) => {
      use(10, 5e8);
      use(20, 5e8);
    },
  };
  const { value, interval } = probabilityAbove(many, many, 0.05) ?? { value: 0, interval: [0, 0] };
  assert.equal(value, 0.5);
  assert.ok(interval[0] > 0.4999 && interval[1] < 0.5001 && interval[0] < interval[1]);
});
