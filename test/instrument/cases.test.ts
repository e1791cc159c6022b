/** Cases of test/fixtures/cases: `instrument` changes every one of them, and its undo gives the text back. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { instrument } from '../../src/instrument/instrument.js';
import { undo } from '../../src/instrument/undo.js';
import { caseNames, caseText } from '../support/cases.js';

for (const name of caseNames()) {
  test(`${name}: instrumented and undone, byte for byte`, () => {
    const source = (text: string) => [{ name: `${name}.yaml`, text, named: true }];
    const before = caseText(name);
    const { text, added } = instrument(source(before), { endpoints: true, force: true });
    assert.ok(added.size > 0 && text !== before);
    assert.equal(undo(source(text)).text, before);
  });
}

test('fmt-concat-json: each document is instrumented, and the undo gives the text back', () => {
  const before = readFileSync('test/fixtures/cases/fmt-concat-json/manifest.json', 'utf8');
  const source = (text: string) => [{ name: 'all.json', text, named: true }];
  const { text, added } = instrument(source(before), { endpoints: false, force: true });
  assert.deepEqual([...added.values()], [2, 2]);
  assert.equal(undo(source(text)).text, before);
  const both = { endpoints: true, force: true };
  assert.throws(
    () => instrument(source(before), both),
    /all\.json has JSON documents one after the other.*jq -s/,
  );
  const more = [...source(before), ...source(caseText('mirror-percent'))];
  assert.throws(() => instrument(more, { endpoints: false, force: true }), /one after the other/);
});
