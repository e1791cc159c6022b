import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergedObservations } from '../../src/gateway/merge.js';
import { adminWatched, clusterOf, eventLog, logEvent, observed } from '../support/gateway-word.js';

test('shards that read the same log tell each event once, and know as far as the one that knows most', () => {
  const first = logEvent(1000, 'eject');
  const second = logEvent(3000, 'uneject');
  const merged = mergedObservations([
    {
      gateway: observed({ log: eventLog([first], { completeUntilMs: 2000, remarks: ['cut'] }) }),
      shiftMs: 0,
    },
    {
      gateway: observed({ log: eventLog([first, second], { completeUntilMs: 5000, remarks: ['cut'] }) }),
      shiftMs: 250.5,
    },
    { gateway: null, shiftMs: 300 },
  ]);
  assert.deepEqual(merged, {
    log: { file: 'events.log', events: [first, second], completeUntilMs: 5250.5, remarks: ['cut'] },
    admins: [],
  });
});

test('of an interface that several shards watched the one with the most looks counts, on the clock of all', () => {
  const absence = (from: number) => ({
    cluster: clusterOf('backend-v2'),
    address: '10.0.3.17:8080',
    ejectedMs: [from, from + 250] as [number, number],
    unejectedMs: null,
    gone: false,
  });
  const merged = mergedObservations([
    { gateway: observed({ admins: [adminWatched({ looks: 10, absences: [absence(1000)] })] }), shiftMs: 0 },
    {
      gateway: observed({
        admins: [
          adminWatched({ looks: 40, absences: [absence(900)] }),
          adminWatched({ url: 'http://b:15000' }),
        ],
      }),
      shiftMs: 100,
    },
  ]);
  assert.deepEqual(merged?.admins, [
    adminWatched({ looks: 40, absences: [absence(1000)] }),
    adminWatched({ url: 'http://b:15000' }),
  ]);
});

test('shards that asked nothing say nothing', () => {
  assert.equal(mergedObservations([{ gateway: null, shiftMs: 0 }]), null);
});
