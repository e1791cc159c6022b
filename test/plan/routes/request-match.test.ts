import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trimPrefix } from '../../../src/plan/routes/request-match.js';
import { assertLinear, LONG } from '../../support/linear-time.js';

test('a prefix loses the slashes at its end', () => {
  for (const [prefix, trimmed] of [
    ['/', ''],
    ['/a', '/a'],
    ['/a//', '/a'],
    ['/a//b/', '/a//b'],
    ['///', ''],
  ] as const) {
    assert.equal(trimPrefix(prefix), trimmed);
  }
});

test('many slashes that are not at the end take linear time', () => {
  assertLinear(trimPrefix, (length) => `${'/'.repeat(length)}a`, LONG);
});
