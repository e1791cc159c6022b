import assert from 'node:assert/strict';
import { test } from 'node:test';
import { predictionError, risingLine } from '../../../src/analysis/stats/straight-line.js';

test('a line through points, with the error of its value at 0', () => {
  // Residuals −0.1, 0.2, −0.1 at x = 1, 2, 3: their squares sum to 0.06; 1/n + 2² ÷ 2 = 2.3333.
  const points = [0.9, 1.2, 0.9].map((off, i) => ({ x: i + 1, y: 10 + 2 * (i + 1) + off - 1 }));
  const line = risingLine(points);
  assert.ok(line !== null && line.interceptError !== null);
  assert.ok(Math.abs(line.intercept - 10) < 1e-9 && Math.abs(line.slope - 2) < 1e-9);
  assert.equal(line.df, 1);
  assert.ok(Math.abs(line.interceptError - Math.sqrt(0.06 * (1 / 3 + 2))) < 1e-9);
  assert.ok(Math.abs((predictionError(points, line, 4) ?? 0) - Math.sqrt(0.06 * (1 + 1 / 3 + 2))) < 1e-9);
});

test('falling points, and points of the same x, give their mean', () => {
  const falling = risingLine([
    { x: 1, y: 12 },
    { x: 2, y: 10 },
  ]);
  assert.deepEqual([falling?.intercept, falling?.slope, falling?.df], [11, 0, 1]);
  const alike = risingLine([{ x: 1, y: 12 }]);
  assert.deepEqual(alike, { intercept: 12, interceptError: null, slope: 0, df: 0 });
});

test('no points, no line', () => {
  assert.equal(risingLine([]), null);
});
