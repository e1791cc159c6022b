import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SentOrder } from '../../../src/analysis/looks/sent-order.js';
import { BlockMaker, type Row } from '../../support/blocks.js';

/** The statuses that come out while rows are added one by one. */
function delivered(rows: readonly Row[], workers: number): number[] {
  const order = new SentOrder(workers);
  const block = new BlockMaker().block(rows);
  const out: number[] = [];
  rows.forEach((_, i) => {
    order.add(block, i, 0, 0);
    while (order.next()) out.push(order.status[order.at] as number);
  });
  return out;
}

test('rows that come in any order are delivered in the order of sending, each once', () => {
  const runs = fc.record({
    workers: fc.integer({ min: 1, max: 4 }),
    each: fc.integer({ min: 1, max: 600 }),
    warm: fc.integer({ min: 0, max: 20 }),
    seed: fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
  });
  fc.assert(
    fc.property(runs, ({ workers, each, warm, seed }) => {
      const rows: Row[] = [];
      for (let sequence = 0; sequence < each; sequence++) {
        for (let worker = 0; worker < workers; worker++) {
          const phase = sequence < warm ? 'warmup' : 'measured';
          rows.push({ worker, sequence, phase, status: rows.length });
        }
      }
      const expected = rows.filter(({ phase }) => phase === 'measured').map(({ status }) => status);
      const shuffled = rows
        .map((row) => [seed.next().value as number, row] as const)
        .sort(([a], [b]) => a - b)
        .map(([, row]) => row);
      assert.deepEqual(delivered(shuffled, workers), expected);
    }),
    { seed: 23, numRuns: 60 },
  );
});

test('a row that is missing holds back those after it, and too many of these end the order', () => {
  const order = new SentOrder(1);
  const block = new BlockMaker().block([{}]);
  const add = (sequence: number) => {
    block.sequence[0] = sequence;
    order.add(block, 0, 0, 0);
  };
  for (let sequence = 1; sequence < 5000; sequence++) add(sequence);
  assert.equal(order.next(), false);
  assert.equal(order.lost, false);
  add(0);
  for (let sequence = 0; sequence < 5000; sequence++) assert.equal(order.next(), true);
  assert.equal(order.next(), false);
  add(5000 + 2 ** 22);
  assert.equal(order.lost, true);
});
