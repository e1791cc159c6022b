import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fixedSize } from '../../../src/analysis/stats/sample-size.js';

const sizeOf = (shares: number[], tolerance: number, confidence = 0.95, power = 0.9) =>
  fixedSize(
    shares,
    shares.map(() => tolerance),
    confidence,
    power,
  );

/** For two versions n = p (1 − p) (z + z')² ÷ d², with z of 5 % on both sides. */
const golden: [shares: number[], tolerance: number, requests: number][] = [
  [[0.5, 0.5], 0.02, 6766],
  [[0.9, 0.1], 0.02, 2436],
  [[0.1, 0.9], 0.02, 2436],
  [[0.99, 0.01], 0.005, 4287],
  [[0.5, 0.5], 0.01, 27061],
  [[0.7, 0.2, 0.1], 0.02, 5898],
];

for (const [shares, tolerance, requests] of golden) {
  test(`${shares.join('/')} ± ${tolerance} needs about ${requests} requests`, () => {
    const size = sizeOf(shares, tolerance);
    assert.ok(Math.abs(size / requests - 1) < 0.01, `${size}`);
  });
}

test('what a pass, or the proof that a version got nothing, needs at least', () => {
  // 0.98^149 <= 0.05: with one version, and for a version of weight 0.
  assert.equal(sizeOf([1], 0.02), 149);
  assert.equal(sizeOf([1, 0], 0.02), 149);
  // 0.99^368 <= 0.05 ÷ 2, where the tolerance reaches over the share.
  assert.equal(sizeOf([0.99, 0.01], 0.02), 368);
  // Nothing to test but that both are there: 0.5^6 <= 0.05 ÷ 2.
  assert.equal(sizeOf([0.5, 0.5], 0.6), 6);
});

test('tolerances per version: of two versions the narrower one counts, as they mirror each other', () => {
  assert.equal(fixedSize([0.9, 0.1], [0.05, 0.02], 0.95), sizeOf([0.9, 0.1], 0.02));
  assert.equal(fixedSize([0.9, 0.1], [0.02, 0.05], 0.95), sizeOf([0.9, 0.1], 0.02));
  const wider = fixedSize([0.7, 0.2, 0.1], [0.05, 0.02, 0.02], 0.95);
  assert.ok(wider < sizeOf([0.7, 0.2, 0.1], 0.02));
});

test('extreme weights and many versions', () => {
  // p0 = 1e-6, half of it as tolerance.
  const rare = sizeOf([1e6 / (1e6 + 1), 1 / (1e6 + 1)], 0.5e-6);
  assert.ok(rare > 4.2e7 && rare < 4.4e7, `${rare}`);
  const many = sizeOf(Array<number>(64).fill(1 / 64), 1 / 128);
  assert.ok(many > 5_000 && many < 7_000, `${many}`);
  assert.equal(fixedSize([], [], 0.95), 1);
});

test('never NaN, and more is needed for a narrower tolerance, more confidence and more power', () => {
  const weights = fc.array(fc.oneof(fc.nat(5), fc.nat(1_000_000)), { minLength: 1, maxLength: 6 });
  const fraction = (min: number, max: number) => fc.double({ min, max, noNaN: true });
  fc.assert(
    fc.property(
      weights.filter((list) => list.some((weight) => weight > 0)),
      fraction(1e-5, 0.99),
      fraction(0.5, 0.99),
      fraction(0.5, 0.99),
      (list, tolerance, confidence, power) => {
        const sum = list.reduce((a, b) => a + b, 0);
        const shares = list.map((weight) => weight / sum);
        const size = sizeOf(shares, tolerance, confidence, power);
        assert.ok(Number.isFinite(size) && size >= 1);
        // The search is exact to a ten-thousandth.
        const most = size * 1.0002 + 1;
        assert.ok(sizeOf(shares, tolerance, confidence * 0.9, power) <= most, 'confidence');
        assert.ok(sizeOf(shares, tolerance, confidence, power * 0.9) <= most, 'power');
        if (shares.every((share) => share === 0 || (share > tolerance && share + tolerance < 1))) {
          assert.ok(sizeOf(shares, tolerance * 0.9, confidence, power) >= size * 0.9998 - 1, 'tolerance');
        }
      },
    ),
    { numRuns: 60 },
  );
});
