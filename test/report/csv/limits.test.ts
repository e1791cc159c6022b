import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitsCsv } from '../../../src/report/csv/limits.js';
import { csvRecords } from '../../support/csv.js';
import { foundByRate, foundKnee, noRefusals, stepOf } from '../../support/limits-results.js';

test('a row per step for all versions together, then one per version, in the order of the search', () => {
  const rows = csvRecords(limitsCsv(foundKnee()));
  assert.deepEqual(
    rows.slice(0, 4).map(({ step, purpose, connections, version }) => [step, purpose, connections, version]),
    [
      ['1', 'rising', '100', '(all)'],
      ['1', 'rising', '100', 'v1'],
      ['1', 'rising', '100', 'v2'],
      ['2', 'above', '320', '(all)'],
    ],
  );
  assert.equal(rows.length, 6 * 3);
  const [all, v1] = rows.slice(3);
  assert.ok(all !== undefined && v1 !== undefined);
  const { goodput_per_second, refused_share, refused_kinds, accepted_p50_us, refused_p50_us } = all;
  assert.deepEqual(
    { goodput_per_second, refused_share, refused_kinds, accepted_p50_us, refused_p50_us },
    {
      goodput_per_second: '2990',
      refused_share: '0.05',
      refused_kinds: 'overflow=1574',
      accepted_p50_us: '100000',
      refused_p50_us: '400',
    },
  );
  assert.equal(all['gateway_pending_overflow'], '120');
  assert.equal(v1['goodput_per_second'], '1495');
  assert.equal(v1['refused_share'], '', 'not known of a version');
  assert.equal(rows[0]?.['gateway_pending_overflow'], '', 'not asked');
});

test('by rate, and without steps: the same columns', () => {
  const [head] = limitsCsv(foundKnee()).split('\n');
  for (const result of [foundByRate(), noRefusals({ steps: [] })]) {
    assert.equal(limitsCsv(result).split('\n')[0], head);
  }
  const [first] = csvRecords(limitsCsv(foundByRate()));
  assert.equal(first?.['rate_per_second'], '1500');
  assert.equal(first?.['connections'], '');
});

test('names of versions are no formulas', () => {
  const step = stepOf(100, 100, 0);
  const names = ['=cmd()', '+1', '-1', '@x', 'a,"b"\nc', '(all)'];
  const versions = names.flatMap((version) => step.versions.slice(0, 1).map((one) => ({ ...one, version })));
  const rows = csvRecords(limitsCsv(foundKnee({ steps: [{ ...step, versions }] })));
  assert.deepEqual(
    rows.slice(1).map(({ version }) => version),
    ["'=cmd()", "'+1", "'-1", "'@x", 'a,"b" c', '(all)'],
  );
  assert.deepEqual([rows[0]?.['row'], rows.at(-1)?.['row']], ['step', 'version']);
});
