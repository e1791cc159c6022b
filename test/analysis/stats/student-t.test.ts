import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tQuantile } from '../../../src/analysis/stats/student-t.js';

test('quantiles of Student, as printed in tables', () => {
  for (const [probability, df, t] of [
    [0.975, 1, 12.7062],
    [0.975, 2, 4.30265],
    [0.975, 4, 2.77645],
    [0.975, 10, 2.22814],
    [0.95, 30, 1.69726],
    [0.025, 5, -2.57058],
    [0.5, 3, 0],
  ] as const) {
    assert.ok(Math.abs(tQuantile(probability, df) - t) < 1e-4, `${probability}, ${df}`);
  }
});
