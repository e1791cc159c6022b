import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { csvText } from '../../src/text/csv.js';

const one = (value: number) => csvText([['n', () => value]], [null]).split('\n')[1] as string;

test('numbers are without binary dust, whole numbers as they are', () => {
  assert.equal(one(0.1 + 0.2), '0.3');
  assert.equal(one(-0.300_000_000_000_000_27), '-0.3');
  assert.equal(one(2 ** 53 - 1), '9007199254740991');
  assert.equal(one(1_000_000_000.000_001), '1000000000');
});

test('property: a number is read back to twelve digits', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const read = Number(one(value));
      assert.ok(Math.abs(read - value) <= Math.abs(value) * 5e-12, `${value}: ${read}`);
    }),
  );
});

test('a head alone without rows; names and cells in the order of the columns', () => {
  const columns = [
    ['b', ({ x }: { x: number }) => x],
    ['a', () => null],
  ] as const;
  assert.equal(csvText(columns, []), 'b,a\n');
  assert.equal(csvText(columns, [{ x: 1 }]), 'b,a\n1,\n');
});
