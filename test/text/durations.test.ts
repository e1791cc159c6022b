import assert from 'node:assert/strict';
import { test } from 'node:test';
import { duration, time } from '../../src/text/durations.js';

const table: [got: string, expected: string][] = [
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
];

for (const [got, expected] of table) {
  test(`reads ${expected}`, () => {
    assert.equal(got, expected);
  });
}
