import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goDurationMs } from '../../src/plan/go-duration.js';

test('Go durations', () => {
  assert.equal(goDurationMs('0.05s'), 50);
  assert.equal(goDurationMs('1h30m'), 5_400_000);
  assert.equal(goDurationMs('0'), 0);
  for (const text of ['', '5', '-1s', '1d', 's', '1s ']) assert.equal(goDurationMs(text), null, text);
});

test('a long text that is not a duration is refused quickly', () => {
  assert.equal(goDurationMs('1'.repeat(1_000_000)), null);
  assert.equal(goDurationMs(`${'1s'.repeat(500_000)}x`), null);
});
