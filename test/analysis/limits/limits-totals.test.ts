import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LimitsTotals } from '../../../src/analysis/limits/limits-totals.js';
import { BlockMaker } from '../../support/blocks.js';

test('every request is accepted, refused, failed or cut off, and the last refusal has its time', () => {
  const totals = new LimitsTotals();
  const maker = new BlockMaker();
  const refusal = { status: 503, outcome: 'overflow', origin: 'gateway' } as const;
  const last = totals.add(
    maker.block([
      { endUs: 9000 },
      { ...refusal, endUs: 5000 },
      { ...refusal, endUs: 7000 },
      { outcome: 'reset', status: 0, origin: 'unknown', endUs: 8000 },
      { outcome: 'cut-off', status: 0, origin: 'unknown', endUs: 9000 },
    ]),
  );
  assert.equal(last, 7000);
  assert.equal(totals.add(maker.block([{}])), Number.NEGATIVE_INFINITY);
  assert.deepEqual(totals.result(7), {
    scheduled: 7,
    accepted: 2,
    refused: 2,
    failed: 1,
    cutOff: 2,
    byKind: { overflow: 2, reset: 1 },
  });
});
