/** An address that splits otherwise is named; the others are not, and chance is not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressFindings } from '../../../src/analysis/findings/addresses.js';
import type { AddressResult, RunResult } from '../../../src/analysis/result.js';
import { seededRandom } from '../../support/blocks.js';
import { resultOf } from '../../support/results.js';

/** A result that differs from an empty one in its addresses: counts by version for each. */
function resultWith(
  counts: Record<string, number>[],
  weights: Record<string, number> | null = null,
): RunResult {
  const addresses = counts.map((versions, i): AddressResult => {
    const requests = Object.values(versions).reduce((sum, n) => sum + n, 0);
    return { address: `10.0.0.${i + 1}:80`, requests, versions, unattributed: 0, failures: {} };
  });
  const names = [...new Set(counts.flatMap((versions) => Object.keys(versions)))];
  return {
    ...resultOf(
      names.map((version) => ({ version })),
      weights,
    ),
    addresses,
  };
}

const texts = (...args: Parameters<typeof resultWith>) =>
  addressFindings(resultWith(...args)).map(({ text }) => text);
const named = (...args: Parameters<typeof resultWith>) => texts(...args).map((text) => text.split(' ')[0]);

test('of two addresses the one farther from its weight is named, with both shares and p', () => {
  const [text, ...more] = texts(
    [
      { v1: 4500, v2: 500 },
      { v1: 4250, v2: 750 },
    ],
    { v1: 90, v2: 10 },
  );
  assert.deepEqual(more, []);
  assert.match(
    text as string,
    /^10\.0\.0\.2:80 splits differently from the other address: "v2" has 15\.00 % of 5,000 answers there and 10\.00 % of 5,000 elsewhere \(p < 1e-9\)\.$/,
  );
  assert.deepEqual(
    named(
      [
        { v1: 4250, v2: 750 },
        { v1: 4500, v2: 500 },
      ],
      { v1: 90, v2: 10 },
    ),
    ['10.0.0.1:80'],
  );
  assert.deepEqual(
    named([
      { v1: 5000, v2: 5000 },
      { v1: 9000, v2: 1000 },
    ]),
    ['10.0.0.2:80'],
  );
});

test('a difference beyond all numbers', () => {
  const [found] = addressFindings(
    resultWith([
      { v1: 5000, v2: 5000 },
      { v1: 9000, v2: 1000 },
    ]),
  );
  assert.deepEqual([found?.address, found?.version, found?.p], ['10.0.0.2:80', 'v2', 0]);
  assert.deepEqual([found?.share, found?.othersShare, found?.figure], [0.1, 0.5, -40]);
});

test('the odd one of several is named, and not those that differ only from it', () => {
  const kept = { v1: 9000, v2: 1000 };
  assert.deepEqual(named([kept, { v1: 5000, v2: 5000 }, kept, kept]), ['10.0.0.2:80']);
  assert.deepEqual(named([kept, { v1: 10_000 }, kept, { v1: 5000, v2: 5000 }, kept]), [
    '10.0.0.4:80',
    '10.0.0.2:80',
  ]);
});

test('with more versions than two the one that differs is told', () => {
  const [text] = texts([
    { v1: 700, v2: 200, v3: 100 },
    { v1: 700, v2: 100, v3: 200 },
    { v1: 690, v2: 205, v3: 105 },
  ]);
  assert.match(text as string, /^10\.0\.0\.2:80 splits differently from the 2 other addresses: "v[23]"/);
});

test('equal shares, one address, one version, no answers, labels that were left out: nothing is said', () => {
  assert.deepEqual(
    texts([
      { v1: 4500, v2: 500 },
      { v1: 4510, v2: 490 },
    ]),
    [],
  );
  assert.deepEqual(texts([{ v1: 4500, v2: 500 }]), []);
  assert.deepEqual(texts([{ v1: 4500 }, { v1: 10 }]), []);
  assert.deepEqual(texts([{ v1: 4500, v2: 500 }, {}]), []);
  assert.deepEqual(texts([]), []);
  const result = resultWith([
    { v1: 4500, v2: 500 },
    { v1: 500, v2: 4500 },
  ]);
  const [first, second] = result.addresses as [AddressResult, AddressResult];
  assert.deepEqual(addressFindings({ ...result, addresses: [first, { ...second, address: '(other)' }] }), []);
});

test('the threshold is divided by the number of tests', () => {
  const kept = { v1: 905, v2: 95 };
  // p = 0.0062 and 0.011: one test of the pair.
  assert.equal(texts([{ v1: 865, v2: 135 }, kept]).length, 1);
  assert.equal(texts([{ v1: 868, v2: 132 }, kept]).length, 0);
  // p = 0.0022 and 0.000053: 31 tests, so that 0.00032 is the threshold.
  const many = Array.from({ length: 30 }, () => kept);
  assert.deepEqual(texts([{ v1: 875, v2: 125 }, ...many]), []);
  assert.deepEqual(named([{ v1: 865, v2: 135 }, ...many]), ['10.0.0.1:80']);
});

test('at most eight are named', () => {
  const counts = Array.from({ length: 20 }, (_, i) => ({ v1: 1000 + i * 400, v2: 9000 - i * 400 }));
  assert.equal(texts(counts).length, 8);
});

test('it is among the notes of a result', () => {
  const rows = (address: string, v1: number, v2: number) => [
    ...Array.from({ length: v1 }, () => ({ address, version: 'v1' })),
    ...Array.from({ length: v2 }, () => ({ address, version: 'v2' })),
  ];
  const { notes } = resultOf([...rows('a:80', 900, 100), ...rows('b:80', 500, 500)], { v1: 90, v2: 10 });
  assert.deepEqual(
    notes.filter(({ code }) => code === 'address-differs').map(({ text }) => text.slice(0, 4)),
    ['b:80'],
  );
});

test('false alarms: with equal shares at most one run in a hundred is called different', () => {
  const random = seededRandom(23);
  const drawn = (n: number) => {
    let v2 = 0;
    for (let i = 0; i < n; i++) if (random() < 0.1) v2 += 1;
    return { v1: n - v2, v2 };
  };
  for (const sizes of [
    [300, 300],
    [150, 150, 150, 400],
  ]) {
    const runs = 1500;
    let alarms = 0;
    const result = resultWith(sizes.map(drawn));
    for (let run = 0; run < runs; run++) {
      const addresses = result.addresses.map(
        (row): AddressResult => ({ ...row, versions: drawn(row.requests) }),
      );
      alarms += addressFindings({ ...result, addresses }).length > 0 ? 1 : 0;
    }
    // Five standard errors of 1 % over 1,500 runs are 19 of them.
    assert.ok(alarms <= runs * 0.01 + 20, `${alarms} of ${runs}`);
  }
});
