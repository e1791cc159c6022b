import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { count, deviation, grouped, percent, plain, rate, tally } from '../../src/text/numbers.js';

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

test('digits are grouped as people who write English expect it', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e15, max: 1e15, noNaN: true }).map((n) => n + 0),
      (n) => {
        // Plus 0: no count is minus zero.
        assert.equal(count(n), n.toLocaleString('en-US', { maximumFractionDigits: 0 }));
      },
    ),
  );
  assert.equal(grouped('1234.56789'), '1,234.56789');
  assert.equal(grouped('-123456'), '-123,456');
  assert.equal(grouped('123'), '123');
});
