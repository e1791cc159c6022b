import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortNames } from '../../src/report/live-version.js';

test('names lose the words that all begin with, and stay different', () => {
  assert.deepEqual(shortNames(['backend-v1', 'backend-v2']), ['v1', 'v2']);
  assert.deepEqual(shortNames(['shop-web.v1', 'shop-web.v2', 'shop-web-canary']), [
    'web.v1',
    'web.v2',
    'web-canary',
  ]);
  assert.deepEqual(shortNames(['web', 'web-canary']), ['web', 'web-canary']);
  assert.deepEqual(shortNames(['web-', 'web-a']), ['web-', 'web-a']);
  assert.deepEqual(shortNames(['v10', 'v11']), ['v10', 'v11'], 'no part of a word');
  assert.deepEqual(shortNames(['backend-v1']), ['backend-v1']);
  assert.deepEqual(shortNames([]), []);
});
