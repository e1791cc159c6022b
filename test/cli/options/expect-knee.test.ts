import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExpectKnee } from '../../../src/cli/options/expect-knee.js';

test('at least, at most, about', () => {
  assert.deepEqual(parseExpectKnee('>=300', '--expect-knee'), { relation: 'atLeast', level: 300 });
  assert.deepEqual(parseExpectKnee(' <= 12.5 ', '--expect-knee'), { relation: 'atMost', level: 12.5 });
  assert.deepEqual(parseExpectKnee('300', '--expect-knee'), { relation: 'about', level: 300 });
});

test('what is no knee', () => {
  for (const text of ['', '>300', '=300', '300 connections', '>=', '-3', '1e3', '\u001b[31m']) {
    assert.throws(() => parseExpectKnee(text, '--expect-knee'), /^UserError: --expect-knee: '.*' is no knee/);
  }
  assert.throws(() => parseExpectKnee('>=0', '--expect-knee'), /out of range/);
  assert.throws(() => parseExpectKnee('99999999999', '--expect-knee'), /out of range/);
});
