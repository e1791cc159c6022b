import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NewLabels } from '../../../src/blocks/run-labels.js';
import { BLOCK_CAPACITY, type SampleBlock } from '../../../src/blocks/sample-block.js';
import { Recorder } from '../../../src/probes/load/recorder.js';

interface Posted {
  block: SampleBlock;
  labels: NewLabels;
}

function recorder(): {
  recorder: Recorder;
  posted: Posted[];
  row: (version: string, sequence: number) => void;
} {
  const posted: Posted[] = [];
  const made = new Recorder(3, (block, labels) => posted.push({ block, labels }));
  const row = (version: string, sequence: number) => {
    const { block } = made;
    block.version[block.length] = made.versions.id(version);
    block.sequence[block.length] = sequence;
    made.commit();
  };
  return { recorder: made, posted, row };
}

test('a full block is posted, and each row once', () => {
  const { recorder: made, posted, row } = recorder();
  for (let n = 0; n < BLOCK_CAPACITY * 2 + 5; n += 1) row('v1', n);
  assert.deepEqual(
    posted.map(({ block }) => block.length),
    [BLOCK_CAPACITY, BLOCK_CAPACITY],
  );
  made.flush();
  made.flush();
  assert.deepEqual(
    posted.map(({ block }) => block.length),
    [BLOCK_CAPACITY, BLOCK_CAPACITY, 5],
  );
  const sequences = posted.flatMap(({ block }) => [...block.sequence.subarray(0, block.length)]);
  assert.deepEqual(
    sequences,
    sequences.map((_, index) => index),
  );
  assert.ok(
    posted.every(({ block }) => block.worker.subarray(0, block.length).every((worker) => worker === 3)),
  );
});

test('labels go with the first block that uses them, once', () => {
  const { recorder: made, posted, row } = recorder();
  row('v1', 0);
  made.flush();
  row('v1', 1);
  row('v2', 2);
  made.flush();
  row('v1', 3);
  made.flush();
  assert.deepEqual(
    posted.map(({ labels }) => labels.versions),
    [['v1'], ['v2'], []],
  );
});

test('buffers that come back are used again, and foreign ones are not', () => {
  const { recorder: made, posted, row } = recorder();
  row('v1', 0);
  made.flush();
  const first = posted[0]?.block.buffer as ArrayBuffer;
  made.recycle(new ArrayBuffer(8));
  made.recycle(first);
  row('v1', 1);
  made.flush();
  row('v1', 2);
  made.flush();
  assert.equal(posted[2]?.block.buffer, first);
  assert.equal(posted[2]?.block.length, 1);
});

test('an overflow of labels is told', () => {
  const { recorder: made, row } = recorder();
  row('v1', 0);
  assert.equal(made.labelsOverflowed, false);
  for (let n = 0; n < 5000; n += 1) made.endpoints.id(`pod-${n}`);
  assert.equal(made.labelsOverflowed, true);
});
