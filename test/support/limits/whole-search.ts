/** What is asked of the result of every whole search. */
import assert from 'node:assert/strict';
import type { LimitsResult, StepResult } from '../../../src/analysis/limits/result.js';

/** Every request that was scheduled is counted once. */
export function holds({ requests, limits: { steps } }: LimitsResult): void {
  const { scheduled, accepted, refused, failed, cutOff } = requests;
  assert.equal(accepted + refused + failed + cutOff, scheduled);
  assert.ok(steps.reduce((sum, step) => sum + step.requests, 0) <= scheduled);
}

/** Its steps without the recovery. */
export function loads({ limits: { steps } }: LimitsResult): StepResult[] {
  return steps.filter(({ purpose }) => purpose !== 'recovery');
}
