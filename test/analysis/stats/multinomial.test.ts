import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chanceWithin } from '../../../src/analysis/stats/multinomial.js';
import { binomialChances } from '../../support/binomial.js';

const near = (actual: number | null, expected: number, relative = 1e-9) =>
  assert.ok(Math.abs((actual ?? Number.NaN) - expected) <= relative * expected, `${actual}, not ${expected}`);

test('golden values', () => {
  // None of ten at 10 %.
  near(
    chanceWithin(
      10,
      [0.9, 0.1],
      [
        [0, 10],
        [0, 0],
      ],
    ),
    0.9 ** 10,
  );
  // 10! ÷ (5! 3! 2!) ways to one count of three versions.
  near(
    chanceWithin(
      10,
      [0.5, 0.3, 0.2],
      [
        [5, 5],
        [3, 3],
        [2, 2],
      ],
    ),
    2520 * 0.5 ** 5 * 0.3 ** 3 * 0.2 ** 2,
  );
  near(chanceWithin(7, [1], [[7, 7]]), 1);
  near(
    chanceWithin(
      7,
      [0.5, 0.5, 0],
      [
        [0, 7],
        [0, 7],
        [0, 0],
      ],
    ),
    1,
  );
  assert.equal(
    chanceWithin(
      7,
      [0.5, 0.5],
      [
        [1, 0],
        [0, 7],
      ],
    ),
    0,
    'no count is allowed',
  );
  assert.equal(
    chanceWithin(
      7,
      [0.5, 0.5],
      [
        [0, 3],
        [0, 3],
      ],
    ),
    0,
    'they do not add up to 7',
  );
});

test('two versions are a binomial distribution', () => {
  for (const [n, p, lo, hi] of [
    [1, 0.3, 0, 0],
    [40, 0.01, 0, 2],
    [500, 0.37, 125, 175],
    [3000, 0.1, 280, 320],
  ] as const) {
    const sum = binomialChances(n, p)
      .slice(lo, hi + 1)
      .reduce((a, b) => a + b, 0);
    near(
      chanceWithin(
        n,
        [p, 1 - p],
        [
          [lo, hi],
          [0, n],
        ],
      ),
      sum,
    );
  }
});

test('never NaN; wider bounds are never less probable; whatever the order of the versions', () => {
  const weights = fc.array(fc.oneof(fc.nat(3), fc.nat(1_000_000)), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(
      weights.filter((list) => list.some((weight) => weight > 0)),
      fc.integer({ min: 1, max: 300 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (list, n, part) => {
        const sum = list.reduce((a, b) => a + b, 0);
        const shares = list.map((weight) => weight / sum);
        const within = (width: number) =>
          shares.map((share): [number, number] => [
            Math.max(0, Math.floor(n * share - width)),
            Math.min(n, Math.ceil(n * share + width)),
          ]);
        const narrow = chanceWithin(n, shares, within(part * 5)) ?? Number.NaN;
        const wide = chanceWithin(n, shares, within(part * 5 + 1)) ?? Number.NaN;
        assert.ok(narrow >= 0 && narrow <= wide * (1 + 1e-9) && wide <= 1, `${narrow}, ${wide}`);
        const turned = chanceWithin(n, [...shares].reverse(), within(part * 5).reverse());
        near(turned, narrow, 1e-8);
      },
    ),
    { numRuns: 60 },
  );
});

test('up to 1e9 draws, unless it takes too long', () => {
  near(
    chanceWithin(
      1e9,
      [0.999999999, 1e-9],
      [
        [0, 1e9],
        [0, 0],
      ],
    ),
    Math.exp(-1),
    1e-6,
  );
  const half =
    chanceWithin(
      1e9,
      [0.5, 0.5],
      [
        [5e8 - 31_623, 5e8 + 31_623],
        [0, 1e9],
      ],
    ) ?? Number.NaN;
  assert.ok(half > 0.954 && half < 0.956, `two standard deviations: ${half}`);
  assert.equal(
    chanceWithin(
      1e9,
      [0.5, 0.5],
      [
        [0, 5e8],
        [0, 1e9],
      ],
    ),
    null,
  );
});
