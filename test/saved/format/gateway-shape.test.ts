/** What the gateway said itself is kept with the run, and held against its shape when it is read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endFromJson, endToJson } from '../../../src/saved/format/end-json.js';
import { adminWatched, clusterOf, eventLog, logEvent, observed } from '../../support/gateway-word.js';
import { endOf } from '../../support/saved.js';

const GATEWAY = observed({
  log: eventLog([logEvent(1000.25, 'eject'), logEvent(3000, 'uneject', { sinceS: 1 })], { remarks: ['odd'] }),
  admins: [
    adminWatched({
      absences: [
        { cluster: clusterOf('v2'), address: 'a:1', ejectedMs: null, unejectedMs: [12.125, 250], gone: true },
      ],
      counters: { c: { 'outlier_detection.ejections_total': 3 } },
    }),
  ],
});

test('it is read back as it was', () => {
  const end = endOf([], { gateway: GATEWAY });
  assert.deepEqual(endFromJson(endToJson(end)), end);
  assert.equal(endFromJson(endToJson(endOf([]))).gateway, null);
});

test('what has another shape is refused, with its place', () => {
  const broken = (change: (gateway: typeof GATEWAY) => unknown) => () =>
    endFromJson(JSON.stringify({ ...endOf([]), gateway: change(GATEWAY) }));
  assert.throws(
    broken(() => 7),
    /end\.gateway is not an object/,
  );
  assert.throws(
    broken(({ log }) => ({ ...GATEWAY, log: { ...log, events: [{ ...log?.events[0], atMs: 'now' }] } })),
    /end\.gateway\.log\.events\[0\]\.atMs is not a number/,
  );
  assert.throws(
    broken(({ admins }) => ({
      ...GATEWAY,
      admins: [{ ...admins[0], absences: [{ ...admins[0]?.absences[0], unejectedMs: [1] }] }],
    })),
    /absences\[0\]\.unejectedMs is not a pair/,
  );
  assert.throws(
    broken(({ admins }) => ({ ...GATEWAY, admins: [{ ...admins[0], counters: { c: { total: -1 } } }] })),
    /counters\.c\.total is not a number/,
  );
});

test('there may be as much of everything as a run keeps, and no more', () => {
  const { log, admins } = GATEWAY;
  const many = <T>(n: number, of: T) => Array.from({ length: n }, () => of);
  const numbered = (n: number, of: unknown) =>
    Object.fromEntries(Array.from({ length: n }, (_, i) => [`c${i}`, of]));
  const cases: [object, RegExp][] = [
    [
      { log: { ...log, events: many(5121, log?.events[0]) } },
      /log\.events has 5121 elements, where at most 5120/,
    ],
    [{ admins: many(17, admins[0]) }, /admins has 17 elements, where at most 16/],
    [
      { admins: [{ ...admins[0], absences: many(1025, admins[0]?.absences[0]) }] },
      /absences has 1025 elements/,
    ],
    [{ admins: [{ ...admins[0], counters: numbered(257, {}) }] }, /counters has 257 elements/],
    [{ admins: [{ ...admins[0], counters: { c: numbered(65, 1) } }] }, /counters\.c has 65 elements/],
  ];
  for (const [changes, message] of cases) {
    const json = JSON.stringify({ ...endOf([]), gateway: { ...GATEWAY, ...changes } });
    assert.throws(() => endFromJson(json), message);
  }
});
