/** Histograms of lateness as plain data. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  bucketsOf,
  histogramOf,
  latenessHistogram,
  mergeBuckets,
  wholeLatenessUs,
} from '../../src/blocks/lateness.js';

function bucketed(times: readonly number[]) {
  const histogram = latenessHistogram();
  for (const us of times) histogram.record(us);
  return bucketsOf(histogram);
}

test('buckets are 1 µs wide where it matters, and count each request', () => {
  assert.deepEqual(bucketed([3, 127, 3, 0, 1000]), [
    { us: 0, requests: 1 },
    { us: 3, requests: 2 },
    { us: 127, requests: 1 },
    { us: 1000, requests: 1 },
  ]);
  assert.deepEqual(bucketed([]), []);
});

test('a histogram that went through its buckets has the same ones and nearly the same percentiles', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2_000_000 }), { minLength: 1 }), (times) => {
      const buckets = bucketed(times);
      const again = histogramOf(buckets);
      assert.deepEqual(bucketsOf(again), buckets);
      assert.equal(again.count, times.length);
      const p50 = times.toSorted((a, b) => a - b)[Math.ceil(times.length / 2) - 1] as number;
      const seen = again.percentile(50) as number;
      assert.ok(Math.abs(seen - p50) <= 1 + p50 * 0.016, `${seen} for ${p50}`);
    }),
  );
});

test('several generators are one; if one has none, nothing is known', () => {
  const merged = mergeBuckets([bucketed([1, 500]), bucketed([1, 90_000]), []]);
  assert.deepEqual(merged, bucketed([1, 1, 500, 90_000]));
  assert.equal(mergeBuckets([bucketed([1]), null]), null);
});

test('whole microseconds, never negative, at most an hour', () => {
  assert.equal(wholeLatenessUs(-3), 0);
  assert.equal(wholeLatenessUs(12.6), 13);
  assert.equal(wholeLatenessUs(Number.NaN), 0);
  assert.equal(wholeLatenessUs(1e12), 3_600_000_000);
});
