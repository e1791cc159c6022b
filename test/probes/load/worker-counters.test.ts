/** Whose lateness it was. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lane } from '../../../src/probes/lane/lane.js';
import { WorkerCounters } from '../../../src/probes/load/worker-counters.js';

/** A request that was due at 0, with the times of its lane (µs). */
const ended = (startUs: number, readyUs: number, sendUs: number, waited = false): Lane =>
  ({ waited, dueUs: 0, startUs, readyUs, sendUs }) as Lane;

function counted(...lanes: Lane[]) {
  const counters = new WorkerCounters();
  for (const lane of lanes) counters.ended(lane);
  return counters.summary(false, 0, null);
}

test('from due to sent, with the time until the request was written', () => {
  const { generatorBuckets, generatorCount, generatorSumUs, generatorMaxUs, sentLate, waited } = counted(
    ended(20, 20, 25),
    ended(1500, 1500, 1510),
  );
  assert.deepEqual(generatorBuckets, [
    { us: 25, requests: 1 },
    { us: 1504, requests: 1 },
  ]);
  assert.deepEqual([generatorCount, generatorSumUs, generatorMaxUs], [2, 1535, 1510]);
  assert.deepEqual([sentLate, waited], [1, 0]);
});

test("the time in which a connection was opened is not the generator's", () => {
  assert.equal(counted(ended(20, 9_020, 9_025)).generatorMaxUs, 25);
  // None could be opened: nothing was sent.
  assert.equal(counted(ended(20, Number.NaN, Number.NaN)).generatorMaxUs, 20);
  assert.equal(counted(ended(20, 20, Number.NaN)).generatorMaxUs, 20);
});

test("nor is the wait for a free lane, which is counted as the gateway's", () => {
  const summary = counted(ended(800, 800, 900, true), ended(2_000, 2_000, 2_100, true));
  assert.deepEqual([summary.generatorCount, summary.generatorBuckets], [0, []]);
  assert.deepEqual([summary.waited, summary.waitMaxUs, summary.sentLate], [1, 2_000, 0]);
});
