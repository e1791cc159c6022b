import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstRefusalOf } from '../../../src/analysis/limits/levels.js';
import type { StepResult } from '../../../src/analysis/limits/result.js';
import { stepOf } from '../../support/limits-results.js';

const THRESHOLD = 0.001;

/** Requests of a level that got no answer besides those that did. */
function failing(level: number, failed: number): StepResult {
  const step = stepOf(level, level, 0);
  return { ...step, requests: step.requests + failed, failed };
}

test('levels at which requests failed are not accepted, and neither are those above', () => {
  const low = stepOf(10, 10, 0);
  const high = stepOf(40, 40, 0);
  assert.deepEqual(firstRefusalOf([low, high], THRESHOLD), { firstRefusal: null, lastAccepted: 40 });
  assert.deepEqual(firstRefusalOf([low, failing(20, 100), high], THRESHOLD), {
    firstRefusal: null,
    lastAccepted: 10,
  });
  // One of thousands says nothing.
  assert.equal(firstRefusalOf([low, failing(20, 1)], THRESHOLD).lastAccepted, 20);
  assert.deepEqual(firstRefusalOf([failing(20, 100), stepOf(80, 40, 0.5)], THRESHOLD), {
    firstRefusal: 80,
    lastAccepted: 0,
  });
});

test('a level without any answer is not accepted, however few requests it had', () => {
  const unanswered: StepResult = { ...stepOf(20, 0, 0), requests: 1, failed: 1 };
  assert.equal(firstRefusalOf([stepOf(10, 10, 0), unanswered], THRESHOLD).lastAccepted, 10);
  const silent: StepResult = { ...stepOf(20, 0, 0), requests: 0 };
  assert.equal(firstRefusalOf([silent], THRESHOLD).lastAccepted, 0);
  assert.deepEqual(firstRefusalOf([], THRESHOLD), { firstRefusal: null, lastAccepted: null });
});
