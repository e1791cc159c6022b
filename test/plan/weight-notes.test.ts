import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectedVersions } from '../../src/plan/expectations.js';
import { weightNotes } from '../../src/plan/weight-notes.js';
import { caseText } from '../support/cases.js';
import { planFromFlags } from '../support/flags.js';

const said = (...weights: number[]) =>
  weightNotes(expectedVersions(new Map(weights.map((weight, i) => [`v${i + 1}`, weight])))).map(
    ({ text }) => text,
  );

test('weights that add up to neither 100 nor 1 are said as shares', () => {
  assert.deepEqual(said(80, 10), [
    'The expected weights add up to 90, not to 100. Weights are parts of their sum, so these shares are expected: v1 88.9 %, v2 11.1 %.',
  ]);
  assert.equal(said(0.8, 0.1).length, 1);
  assert.equal(said(100, 10).length, 1);
  assert.equal(said(...Array.from({ length: 100 }, () => 2)).length, 1);
  for (const usual of [[90, 10], [0.9, 0.1], [0.1, 0.2, 0.7], [9, 1], [1, 1, 1], [33.3, 33.3, 33.4], [7]]) {
    assert.deepEqual(said(...usual), [], usual.join());
  }
});

test('of a run, by --expect and by manifests', async () => {
  const codes = async (flags: Record<string, unknown>, text = '') =>
    (await planFromFlags('http://127.0.0.1:1', flags, text)).notes.map(({ code }) => code);
  assert.ok((await codes({ expect: ['v1=80,v2=10'] })).includes('weights-sum'));
  const route = caseText('mirror-percent');
  const other = route.replace('weight: 90', 'weight: 80');
  assert.notEqual(other, route);
  assert.ok((await codes({ manifest: '-' }, other)).includes('weights-sum'));
  assert.ok(!(await codes({ manifest: '-' }, route)).includes('weights-sum'));
});
