import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OUTCOMES, outcomeCode, outcomeOf } from '../../src/blocks/outcome.js';
import { BLOCK_CAPACITY, blockBytes, SampleBlock } from '../../src/blocks/sample-block.js';
import { COLUMNS } from '../support/memory-run.js';

test('columns share one buffer, without overlap or gap, at any capacity', () => {
  for (const capacity of [1, 3, 7, BLOCK_CAPACITY]) {
    const block = new SampleBlock(new ArrayBuffer(blockBytes(capacity)), capacity);
    const ends: number[] = [];
    for (const name of COLUMNS) {
      const column = block[name];
      assert.equal(column.length, capacity);
      assert.equal(column.buffer, block.buffer);
      assert.equal(column.byteOffset, ends.at(-1) ?? 0, name);
      ends.push(column.byteOffset + column.byteLength);
    }
    assert.equal(ends.at(-1), blockBytes(capacity));
  }
});

test('what is written on one side of a transfer is read on the other', () => {
  const block = new SampleBlock();
  COLUMNS.forEach((name, index) => {
    block[name][BLOCK_CAPACITY - 1] = index + 1;
  });
  const moved = new SampleBlock(structuredClone(block.buffer, { transfer: [block.buffer] }));
  COLUMNS.forEach((name, index) => {
    assert.equal(moved[name][BLOCK_CAPACITY - 1], index + 1);
    assert.equal(moved[name][0], 0);
  });
});

test('a buffer of another size is no block', () => {
  assert.throws(() => new SampleBlock(new ArrayBuffer(8)), RangeError);
});

test('outcomes have codes both ways, and one class each', () => {
  OUTCOMES.forEach((outcome, code) => {
    assert.equal(outcomeCode(outcome.name), code);
    assert.equal(outcomeOf(code), outcome);
  });
  assert.equal(outcomeCode('ok'), 0);
  assert.equal(new Set(OUTCOMES.map(({ name }) => name)).size, OUTCOMES.length);
  assert.ok(OUTCOMES.length < 256, 'a code is one byte');
  assert.throws(() => outcomeOf(OUTCOMES.length), RangeError);
});
