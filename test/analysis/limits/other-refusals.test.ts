import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kneeOf } from '../../../src/analysis/limits/knee.js';
import { limitRefusalsOf, manyOthersIn } from '../../../src/analysis/limits/other-refusals.js';
import { stepOf } from '../../support/limits-results.js';

test('overflows, rate limits and replies of unknown cause may be a limit; the others are not', () => {
  const refusedByKind = {
    overflow: 5,
    'rate-limited': 3,
    'gateway-other': 2,
    'connection-termination': 4,
    timeout: 9,
  };
  assert.equal(limitRefusalsOf({ refused: 14, refusedByKind }), 10);
});

test('the others are named where they are more than a tenth of the refusals', () => {
  const step = (refusedByKind: Record<string, number>) =>
    stepOf(10, 10, 0.5, { refused: 100, refusedByKind });
  assert.deepEqual(manyOthersIn([step({ overflow: 91, 'connection-failure': 9 })], false), {});
  assert.deepEqual(
    manyOthersIn([step({ overflow: 91, 'connection-failure': 9 }), step({ 'upstream-timeout': 100 })], false),
    {
      'connection-failure': 9,
      'upstream-timeout': 100,
    },
  );
  assert.deepEqual(manyOthersIn([], false), {});
});

test('a backend that breaks an eighth of the requests, whatever the load, is no knee', () => {
  const steps = [1, 2, 4, 5, 6, 7].map((level) => {
    const { refused } = stepOf(level, level, 0.125);
    return stepOf(level, level, 0.125, { refusedByKind: { 'connection-termination': refused } });
  });
  assert.equal(kneeOf(steps, 'connections'), null);
});
