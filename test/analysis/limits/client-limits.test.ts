import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isBehind, ownFaultsIn } from '../../../src/analysis/limits/client-limits.js';
import type { StepResult } from '../../../src/analysis/limits/result.js';

const step = (ratePerSecond: number | null, windowMs: number, requests: number) =>
  ({ ratePerSecond, windowMs, requests }) as StepResult;

test('a rate is behind if more is missing than the ends of a window explain', () => {
  assert.equal(isBehind(step(10, 500, 3)), false);
  assert.equal(isBehind(step(10, 500, 1)), true);
  assert.equal(isBehind(step(1000, 1000, 971)), false);
  assert.equal(isBehind(step(1000, 1000, 969)), true);
  assert.equal(isBehind(step(1000, 1000, 1100)), false);
  assert.equal(isBehind(step(null, 1000, 0)), false);
});

test('what this machine could not send', () => {
  assert.equal(ownFaultsIn({ overflow: 7, 'no-local-port': 2, 'no-file-descriptor': 1, timeout: 4 }), 3);
  assert.equal(ownFaultsIn({}), 0);
});
