import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { build } from 'hdr-histogram-js';
import { COARSE, LogHistogram, MAX_VALUE_US, THREE_DIGITS } from '../src/log-histogram.js';

const values = fc.array(
  fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: MAX_VALUE_US })),
  { minLength: 1, maxLength: 200 },
);

function recorded(bits: typeof COARSE | typeof THREE_DIGITS, list: readonly number[]): LogHistogram {
  const histogram = new LogHistogram(bits);
  for (const value of list) histogram.record(value);
  return histogram;
}

test('percentiles are those of the hdr-histogram library, never beyond the maximum', () => {
  fc.assert(
    fc.property(values, (list) => {
      const ours = recorded(THREE_DIGITS, list);
      const theirs = build({ numberOfSignificantValueDigits: 3, autoResize: true });
      for (const value of list) theirs.recordValue(value);
      const max = Math.max(...list);
      for (const p of [50, 90, 95, 99, 99.9, 100]) {
        assert.equal(ours.percentile(p), Math.min(theirs.getValueAtPercentile(p), max), `p${p}`);
      }
    }),
    { seed: 14, numRuns: 300 },
  );
});

test('count, sum, min and max are exact, and merging is recording', () => {
  fc.assert(
    fc.property(values, values, (a, b) => {
      const merged = recorded(COARSE, a);
      merged.merge(recorded(COARSE, b));
      assert.deepEqual(merged, recorded(COARSE, [...a, ...b]));
      const all = [...a, ...b];
      assert.equal(merged.count, all.length);
      assert.equal(
        merged.sum,
        all.reduce((x, y) => x + y, 0),
      );
      assert.equal(merged.min, Math.min(...all));
      assert.equal(merged.max, Math.max(...all));
    }),
    { seed: 14, numRuns: 100 },
  );
});

test('the rank is not pushed up by binary fractions: 99.9 % of 1,000 is the 999th', () => {
  const histogram = recorded(
    THREE_DIGITS,
    Array.from({ length: 1000 }, (_, i) => i),
  );
  assert.equal(histogram.percentile(99.9), 998);
  assert.equal(histogram.percentile(50), 499);
  assert.equal(new LogHistogram(COARSE).percentile(50), null);
});

test('the coarse layout is right within 1.6 %', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: MAX_VALUE_US }), (value) => {
      const histogram = recorded(COARSE, [value, MAX_VALUE_US]);
      const median = histogram.percentile(50) as number;
      assert.ok(median >= value && median <= value * 1.016, `${value} → ${median}`);
    }),
    { seed: 14, numRuns: 500 },
  );
});
