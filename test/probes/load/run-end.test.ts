import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FleetResult } from '../../../src/probes/load/fleet.js';
import { failedEnd, runEnd } from '../../../src/probes/load/run-end.js';
import { MAX_REQUESTS_PER_RUN } from '../../../src/probes/load/schedule.js';

/** A fleet of one worker. */
function fleet(measured: number, clockStepUs = 0): FleetResult {
  return {
    startedAtUs: 0,
    clockStepUs,
    labelsOverflowed: false,
    threads: 1,
    scheduled: { warmup: 0, measured },
    failure: null,
    use: null,
    summaries: [
      {
        connectionsOpened: 1,
        connectSumUs: 1,
        connectMaxUs: 1,
        sentLate: 0,
        generatorSumUs: 0,
        generatorCount: 0,
        generatorMaxUs: 0,
        generatorBuckets: [],
        waited: 0,
        waitMaxUs: 0,
        connectionsUnused: 0,
        connectionsUnasked: 0,
        errorSamples: {},
        labelsOverflowed: false,
        streamLimit: null,
        use: null,
      },
    ],
  };
}

const notesOf = (...given: Parameters<typeof fleet>) =>
  runEnd(fleet(...given), 'completed', null, null, (text) => text).notes.map(({ code }) => code);

test('a step of the clock is said from 50 ms on, in both directions', () => {
  assert.deepEqual(notesOf(1), []);
  assert.deepEqual(notesOf(1, 50_000), []);
  assert.deepEqual(notesOf(1, -50_000), []);
  for (const step of [3_600_000_000, -3_600_000_000]) {
    const [note] = runEnd(fleet(1, step), 'completed', null, null, (text) => text).notes;
    assert.equal(note?.code, 'clock-step');
    assert.match(note?.text ?? '', new RegExp(`moved by ${step / 1000} ms`));
  }
});

test('a run that ended at the most requests there can be says so', () => {
  assert.deepEqual(notesOf(MAX_REQUESTS_PER_RUN - 1), []);
  assert.deepEqual(notesOf(MAX_REQUESTS_PER_RUN), ['requests-bounded']);
  // Samples number them and counts hold them in 32 bits.
  assert.ok(MAX_REQUESTS_PER_RUN < 2 ** 32);
});

test('a run that broke off says why, first', () => {
  const end = failedEnd(
    runEnd(fleet(1, 50_001), 'completed', null, null, (text) => text),
    new Error('worker thread 1 of 1 failed'),
  );
  assert.equal(end.ended, 'failed');
  assert.deepEqual(
    end.notes.map(({ code }) => code),
    ['run-failed', 'clock-step'],
  );
  assert.match(end.notes[0]?.text ?? '', /^The run broke off: worker thread 1 of 1 failed\. /);
});

test('a thread that did not stop in time is said, and what it counted is not known', () => {
  const end = runEnd({ ...fleet(10), threads: 2 }, 'interrupted', null, null, (text) => text);
  assert.equal(end.threads, 2);
  assert.deepEqual(end.counters, { connectionsOpened: null });
  assert.match(end.notes[0]?.text ?? '', /^1 thread did not stop in time and was ended/);
});

test('secrets of the requests are hidden in error messages', () => {
  const { summaries, ...rest } = fleet(1);
  const failed = summaries.map((one) => ({ ...one, errorSamples: { reset: 'no hunter2 here' } }));
  const mask = (text: string) => text.replaceAll('hunter2', '(secret)');
  const { notes } = runEnd({ ...rest, summaries: failed }, 'completed', null, null, mask);
  assert.deepEqual(
    notes.map(({ text }) => text),
    ["A request that failed as 'reset' said: no (secret) here"],
  );
});
