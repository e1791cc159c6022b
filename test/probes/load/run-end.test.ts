import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FleetResult } from '../../../src/probes/load/fleet.js';
import { runEnd } from '../../../src/probes/load/run-end.js';
import { MAX_REQUESTS_PER_RUN } from '../../../src/probes/load/schedule.js';

/** A fleet of one worker. */
function fleet(measured: number, clockStepUs = 0): FleetResult {
  return {
    startedAtUs: 0,
    clockStepUs,
    labelsOverflowed: false,
    summaries: [
      {
        scheduled: { warmup: 0, measured },
        connectionsOpened: 1,
        connectSumUs: 1,
        connectMaxUs: 1,
        sentLate: 0,
        generatorSumUs: 0,
        generatorCount: 0,
        generatorMaxUs: 0,
        waited: 0,
        waitMaxUs: 0,
        errorSamples: {},
        labelsOverflowed: false,
        streamLimit: null,
      },
    ],
  };
}

const notesOf = (...given: Parameters<typeof fleet>) =>
  runEnd(fleet(...given), 'completed', null, null).notes.map(({ code }) => code);

test('a step of the clock is said from 50 ms on, in both directions', () => {
  assert.deepEqual(notesOf(1), []);
  assert.deepEqual(notesOf(1, 50_000), []);
  assert.deepEqual(notesOf(1, -50_000), []);
  for (const step of [3_600_000_000, -3_600_000_000]) {
    const [note] = runEnd(fleet(1, step), 'completed', null, null).notes;
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
