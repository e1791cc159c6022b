import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoadPlan } from '../../../src/plan/plan.js';
import { checkLevel, type LoadLevel } from '../../../src/probes/load/level.js';
import { planFor } from '../../support/plan.js';

const closed: Partial<LoadPlan> = { connections: 10 };
const open: Partial<LoadPlan> = { mode: 'open', ratePerSecond: 5, maxInFlight: 10 };

function check(load: Partial<LoadPlan>, level: Partial<LoadLevel>): void {
  checkLevel({ pauseAfterRefusalMs: 0, ...level }, planFor('http://127.0.0.1', { load }).load);
}

test('levels that a load can have', () => {
  check(closed, {});
  check(closed, { connections: 1 });
  check(closed, { connections: 10, pauseAfterRefusalMs: 2.5 });
  check(open, {});
  check(open, { ratePerSecond: 0.01 });
});

const wrong: readonly (readonly [Partial<LoadPlan>, Partial<LoadLevel>, RegExp])[] = [
  [closed, { connections: 0 }, /from 1 to the plan's 10/],
  [closed, { connections: 11 }, /from 1 to the plan's 10/],
  [closed, { connections: 1.5 }, /from 1 to the plan's 10/],
  [closed, { ratePerSecond: 5 }, /a closed loop has no rate/],
  [closed, { pauseAfterRefusalMs: -1 }, /a pause of -1 ms/],
  [closed, { pauseAfterRefusalMs: Number.NaN }, /a pause of NaN ms/],
  [closed, { pauseAfterRefusalMs: Number.POSITIVE_INFINITY }, /a pause of Infinity ms/],
  [open, { connections: 5 }, /no level of connections/],
  [open, { ratePerSecond: 0 }, /a rate of 0 requests per second is not above 0/],
  [open, { ratePerSecond: -2 }, /is not above 0/],
  [open, { ratePerSecond: Number.POSITIVE_INFINITY }, /is not above 0/],
];

for (const [load, level, message] of wrong) {
  test(`${load.mode ?? 'closed'}: not ${JSON.stringify(level)}`, () => {
    assert.throws(
      () => check(load, level),
      (error) => error instanceof RangeError && message.test(error.message),
    );
  });
}
