import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noteKind } from '../../src/plan/note-code.js';

test('a note that is not known here is shown', () => {
  assert.equal(noteKind('rule-selected'), 'explanation');
  assert.equal(noteKind('status-not-accepted'), 'cause');
  for (const other of ['from-another-version', 'toString', '__proto__']) {
    assert.equal(noteKind(other), 'warning');
  }
});
