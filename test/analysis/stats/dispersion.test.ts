import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contrast } from '../../../src/analysis/stats/counts-table.js';
import { bursts, dispersion, smallerP, varianceWithin } from '../../../src/analysis/stats/dispersion.js';

test('X² of parts, by hand', () => {
  // Shares 0.8 and 0.2: (90 − 80)² ÷ 80 + (10 − 20)² ÷ 20 = 6.25 in each part.
  const parts = [
    [90, 10],
    [70, 30],
  ];
  const { chiSquare, df } = dispersion(parts);
  assert.ok(Math.abs(chiSquare - 12.5) < 1e-12);
  assert.equal(df, 1);
  // Two rows: Pearson's X² is the same, times (N − 1) ÷ N.
  assert.ok(Math.abs(contrast([90, 10], [70, 30]).chiSquare - 12.5 * (199 / 200)) < 1e-12);
  assert.ok(Math.abs(bursts(parts).ratio - 12.4375) < 1e-12);
});

test('a change between parts is in one pair only; equal parts vary too little', () => {
  const row = (part: number[]) => Array.from({ length: 20 }, () => part);
  const changed = [...row([90, 10]), ...row([50, 50])];
  assert.equal(bursts(changed).ratio, 0);
  assert.ok(dispersion(changed).chiSquare > 500);
  assert.ok(smallerP(dispersion(row([90, 10]))) < 1e-12);
  assert.deepEqual(contrast([0, 0], [1, 1]), { chiSquare: 0, df: 0 });
  assert.deepEqual(bursts([]), { ratio: 1, pMore: 1 });
});

test('the variance within sources: 1 where they do not differ, 0 where each gives one version', () => {
  assert.ok(
    Math.abs(
      varianceWithin([
        [450, 50],
        [450, 50],
      ]) - 1,
    ) < 0.003,
  );
  assert.equal(
    varianceWithin([
      [500, 0],
      [0, 500],
    ]),
    0,
  );
  // (0.9 · 0.1 + 0.5 · 0.5) ÷ 2 against 0.7 · 0.3.
  assert.ok(
    Math.abs(
      varianceWithin([
        [9000, 1000],
        [5000, 5000],
      ]) -
        0.17 / 0.21,
    ) < 1e-3,
  );
  assert.equal(
    varianceWithin([
      [1, 0],
      [0, 1],
    ]),
    1,
  );
  assert.equal(varianceWithin([]), 1);
});
