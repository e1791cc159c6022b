import assert from 'node:assert/strict';
import { test } from 'node:test';
import { percentileBounds, shownPercentile } from '../../../src/analysis/stats/percentile-bounds.js';
import { LogHistogram, THREE_DIGITS } from '../../../src/log-histogram.js';

/** 1 to n. */
function upTo(n: number): LogHistogram {
  const all = new LogHistogram(THREE_DIGITS);
  for (let value = 1; value <= n; value++) all.record(value);
  return all;
}

test('a percentile is shown from so many values on that one of them bounds it from above', () => {
  const needed = [
    [50, 5],
    [90, 29],
    [95, 59],
    [99, 299],
    [99.9, 2995],
  ] as const;
  for (const [percent, n] of needed) {
    assert.equal(shownPercentile(upTo(n - 1), percent), null);
    assert.notEqual(shownPercentile(upTo(n), percent), null);
    assert.equal(percentileBounds(upTo(n - 1), percent, 0.05).high, null);
    assert.notEqual(percentileBounds(upTo(n), percent, 0.05).high, null);
  }
  assert.equal(shownPercentile(upTo(0), 50), null);
});

test('the bounds are values of the set', () => {
  // P(X <= 1) = 11 / 1024 for the median of ten.
  assert.deepEqual(percentileBounds(upTo(10), 50, 0.05), { figure: 5, low: 2, high: 9 });
  assert.deepEqual(percentileBounds(upTo(3), 50, 0.05), { figure: 2, low: 0, high: null });
  assert.deepEqual(percentileBounds(upTo(0), 50, 0.05), { figure: null, low: 0, high: null });
});
