import assert from 'node:assert/strict';
import { test } from 'node:test';
import { count, deviation, duration, percent, plain, rate, tally, time } from '../../src/text/format.js';

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
  [time(812), '812 µs'],
  [time(999.6), '1.00 ms'],
  [time(12_345), '12.3 ms'],
  [time(999_960), '1.00 s'],
  [time(12_345, ''), '12.3ms'],
  [time(1_040_000), '1.04 s'],
  [time(59_990_000), '1m00s'],
  [time(125_000_000), '2m05s'],
  [time(3_600_000_000), '1h00m'],
  [time(null), '-'],
  [duration(850), '850 ms'],
  [duration(10_004), '10.0 s'],
  [duration(59_960), '1m00s'],
  [duration(3_725_000), '1h02m'],
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
