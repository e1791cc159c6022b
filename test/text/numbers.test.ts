import assert from 'node:assert/strict';
import { test } from 'node:test';
import { count, deviation, percent, plain, rate, tally } from '../../src/text/numbers.js';

const table: [got: string, expected: string][] = [
  [count(1234567), '1,234,567'],
  [percent(0.899712), '89.97'],
  [percent(null), '-'],
  [deviation(0.031), '+0.03'],
  [deviation(-1.5), '-1.50'],
  [deviation(-0.001), '0.00'],
  [deviation(null), '-'],
  [plain(2), '2'],
  [plain(0.5), '0.5'],
  [rate(1998.4), '1,998/s'],
  [rate(0.518), '0.52/s'],
  [tally({ 200: 17990, 503: 4 }), '200 × 17,990 · 503 × 4'],
  [
    tally({ ...Object.fromEntries(Array.from({ length: 15 }, (_, i) => [400 + i, 1])), 500: 9 }).slice(-26),
    '410 × 1 · 500 × 9 · 4 more',
  ],
];

for (const [got, expected] of table) {
  test(`reads ${expected}`, () => {
    assert.equal(got, expected);
  });
}
