/** Cases of test/fixtures/cases: `instrument` changes every one of them, and its undo gives the text back. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { instrument } from '../../src/instrument/instrument.js';
import { undo } from '../../src/instrument/undo.js';
import { caseText } from '../support/cases.js';

for (const name of readdirSync('test/fixtures/cases')) {
  test(`${name}: instrumented and undone, byte for byte`, () => {
    const source = (text: string) => [{ name: `${name}.yaml`, text, named: true }];
    const before = caseText(name);
    const { text, added } = instrument(source(before), { endpoints: true, force: true });
    assert.ok(added.size > 0 && text !== before);
    assert.equal(undo(source(text)).text, before);
  });
}
