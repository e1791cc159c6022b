/** What came from each address is counted by version, and failures by kind. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RunFold } from '../../src/analysis/run-fold.js';
import { BlockMaker, judgePlan, type Row, runInfo } from '../support/blocks.js';
import { resultOf } from '../support/results.js';

const A = '203.0.113.1:80';
const B = '203.0.113.2:80';

test('whole responses by version, without a version, and failures by kind, per address', () => {
  const { addresses, requests } = resultOf(
    [
      { address: A, version: 'v1' },
      { address: A, version: 'v1', status: 500 },
      { address: A, version: 'v2' },
      { address: A, status: 503, outcome: 'overflow', origin: 'gateway' },
      { address: A, version: 'v2', outcome: 'truncated' },
      { address: A, outcome: 'cut-off', status: 0, origin: 'unknown' },
      { address: B, outcome: 'refused', status: 0, origin: 'unknown' },
      { address: B, outcome: 'refused', status: 0, origin: 'unknown' },
      { address: B, version: 'v1', phase: 'warmup' },
      { outcome: 'not-sent', status: 0, origin: 'unknown' },
    ],
    { v1: 50, v2: 50 },
  );
  assert.deepEqual(addresses, [
    { address: A, requests: 4, versions: { v1: 2, v2: 1 }, unattributed: 1, failures: { truncated: 1 } },
    { address: B, requests: 0, versions: {}, unattributed: 0, failures: { refused: 2 } },
  ]);
  assert.equal(requests.attributed + requests.unattributed, 4);
  assert.deepEqual(resultOf([], null).addresses, []);
});

test('addresses stand in the order of their names, whichever answered first', () => {
  const names = ['10.0.0.10:80', '10.0.0.9:80', '[2001:db8::1]:80', '10.0.0.9:8080'];
  const of = (order: readonly string[]) =>
    resultOf(
      order.map((address) => ({ address, version: 'v1' })),
      null,
    ).addresses.map(({ address }) => address);
  const ordered = of(names);
  assert.deepEqual(ordered.slice(0, 1), ['[2001:db8::1]:80']);
  assert.ok(ordered.indexOf('10.0.0.9:80') < ordered.indexOf('10.0.0.10:80'));
  assert.deepEqual(of([...names].reverse()), ordered);
});

test('more than 256 addresses are summed up in one row, and so is what the label table left out', () => {
  const rows: Row[] = Array.from({ length: 300 }, (_, i) => ({
    address: `10.0.${i >> 8}.${i & 255}:80`,
    version: i % 2 === 0 ? 'v1' : 'v2',
  }));
  rows.push({ address: '(other)', version: 'v1' }, { address: '(other)', outcome: 'refused', status: 0 });
  const { addresses } = resultOf(rows, null);
  assert.equal(addresses.length, 257);
  assert.deepEqual(addresses.at(-1), {
    address: '(other)',
    requests: 45,
    versions: { v1: 23, v2: 22 },
    unattributed: 0,
    failures: { refused: 1 },
  });
});

test('a version may be called anything', () => {
  const { addresses } = resultOf([{ address: A, version: '__proto__' }], null);
  assert.deepEqual(Object.entries(addresses[0]?.versions ?? {}), [['__proto__', 1]]);
});

test('rows of all addresses sum to the totals, in whatever order blocks come', () => {
  const row = fc.record({
    address: fc.constantFrom(A, B, 'unix:/run/s', null),
    version: fc.constantFrom('v1', 'v2', 'v3', null),
    outcome: fc.constantFrom('ok' as const, 'refused' as const, 'truncated' as const, 'cut-off' as const),
  });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 60 }), (rows) => {
      const fold = (order: readonly Row[]) => {
        const maker = new BlockMaker();
        const run = new RunFold(maker.context(judgePlan({ v1: 50, v2: 50 })));
        for (const one of order) run.add(maker.block([one]));
        return run.result(runInfo(rows.length));
      };
      const result = fold(rows);
      assert.deepEqual(fold([...rows].reverse()).addresses, result.addresses);
      const placed = rows.filter(({ address }) => address !== null);
      const sum = (of: (one: (typeof result.addresses)[number]) => number) =>
        result.addresses.reduce((n, one) => n + of(one), 0);
      assert.equal(
        sum(({ requests }) => requests),
        placed.filter(({ outcome }) => outcome === 'ok').length,
      );
      assert.equal(
        sum(({ failures }) => Object.values(failures).reduce((n, k) => n + k, 0)),
        placed.filter(({ outcome }) => outcome === 'refused' || outcome === 'truncated').length,
      );
      for (const { requests, versions, unattributed } of result.addresses) {
        assert.equal(
          Object.values(versions).reduce((n, k) => n + k, 0),
          requests - unattributed,
        );
      }
    }),
    { seed: 3, numRuns: 100 },
  );
});
