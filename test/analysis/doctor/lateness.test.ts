import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Lateness } from '../../../src/analysis/doctor/lateness.js';
import { PHASE, SampleBlock } from '../../../src/blocks/sample-block.js';

test('percentiles of measured requests that were sent', () => {
  const block = new SampleBlock();
  const rows = [...Array.from({ length: 100 }, (_, i) => i + 1), Number.NaN, 99_999];
  for (const [row, lateUs] of rows.entries()) {
    block.dueUs[row] = row * 1_000;
    block.sendUs[row] = row * 1_000 + lateUs;
    block.phase[row] = lateUs === 99_999 ? PHASE.warmup : PHASE.measured;
  }
  block.length = rows.length;
  const lateness = new Lateness();
  assert.equal(lateness.result(), null);
  lateness.add(block);
  assert.deepEqual(lateness.result(), { p50: 50, p99: 99, max: 100 });
});
