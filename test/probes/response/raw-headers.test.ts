import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasHeader, headerValue } from '../../../src/probes/response/raw-headers.js';
import { rawHeaders } from '../../support/raw-headers.js';

const headers = rawHeaders(
  ['Content-Type', 'text/plain'],
  ['X-VERSION', '  v1\t'],
  ['x-version', 'v2'],
  ['x_odd', 'a'],
  ['x-latin', 'h\u00e9'],
  ['empty', ''],
);

test('a header is found whatever its case, and the first of several counts', () => {
  assert.equal(headerValue(headers, 'x-version'), 'v1');
  assert.equal(headerValue(headers, 'content-type'), 'text/plain');
  assert.equal(headerValue(headers, 'x_odd'), 'a');
  assert.equal(headerValue(headers, 'empty'), '');
  assert.equal(headerValue(headers, 'x-latin'), 'h\u00e9');
  assert.equal(hasHeader(headers, 'empty'), true);
});

test('names must be equal, and values are not names', () => {
  for (const name of ['x-versio', 'x-versions', 'y-version', 'x?version', 'v2', 'text/plain']) {
    assert.equal(headerValue(headers, name), null, name);
    assert.equal(hasHeader(headers, name), false, name);
  }
  assert.equal(headerValue([], 'x'), null);
  assert.equal(headerValue(rawHeaders(['a', 'b']).slice(0, 1), 'a'), null);
});

test('only letters are folded', () => {
  // 0x20 apart like A and a, but no letters.
  assert.equal(hasHeader(rawHeaders(['x@y', '1']), 'x`y'), false);
  assert.equal(hasHeader(rawHeaders(['x^y', '1']), 'x~y'), false);
});
