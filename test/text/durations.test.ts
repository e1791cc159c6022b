import assert from 'node:assert/strict';
import { test } from 'node:test';
import { duration, time, timeInterval } from '../../src/text/durations.js';

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

test('a difference of times has one unit, that of the larger bound, and three digits of it', () => {
  assert.equal(timeInterval([-50, 310]), '-50 – +310 µs');
  assert.equal(timeInterval([-50, 31_000]), '-0.1 – +31.0 ms');
  assert.equal(timeInterval([-2_800, 1_100]), '-2.80 – +1.10 ms');
  assert.equal(timeInterval([0, 0]), '0 – 0 µs');
  assert.equal(timeInterval([-1, 123_400_000]), '0 – +123 s');
});
