import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kneeOf } from '../../../src/analysis/limits/knee.js';
import type { StepResult } from '../../../src/analysis/limits/result.js';
import { closedLoop, SETUPS } from '../../support/limits/setups.js';
import { search } from '../../support/limits/simulated-search.js';

function isNear(knee: number | undefined, truth: number, part = 0.05): void {
  assert.ok(knee !== undefined && Math.abs(knee / truth - 1) <= part, `${knee}, not ${truth}`);
}

/** As behind a gateway whose responses do not tell versions apart. */
function withoutVersions(steps: readonly StepResult[]): StepResult[] {
  return steps.map((step) => ({
    ...step,
    versions: [{ ...step, version: '(none)', latencyUs: step.latencyUs }],
  }));
}

test('without versions', () => {
  for (const name of ['50/50', '90/10', '50/50, v2 ten times slower', 'one version'] as const) {
    const { steps } = search(closedLoop(name), {}, 4);
    isNear(kneeOf(withoutVersions(steps), 'connections')?.knee, SETUPS[name].knee);
  }
});

test('levels at which the next version is full too are left out', () => {
  const given = [20, 100, 180, 200, 220, 240, 330, 360, 400, 440];
  const { steps } = search(closedLoop('50/50, v2 ten times slower'), { given }, 1);
  const knee = kneeOf(steps, 'connections');
  isNear(knee?.knee, 160);
  assert.ok(Math.max(...(knee?.levels ?? [])) < 400, `${knee?.levels}`);
});

test('60/40: v2 fills soon after v1', () => {
  const { knee } = search(closedLoop('60/40'), {}, 1);
  isNear(knee?.knee, 216.7, 0.1);
});

test('52/48: both are full at nearly the same load, and count as full together', () => {
  const { knee } = search(closedLoop('52/48'), {}, 1);
  isNear(knee?.knee, 300);
});

test('limits of 1 for each of two versions', () => {
  const { knee, firstRefusal } = search(closedLoop('50/50, limits of 1'), {}, 1);
  assert.equal(firstRefusal, 3);
  isNear(knee?.knee, 4, 0.1);
});

test('clients that send at once after a refusal', () => {
  isNear(search(closedLoop('50/50'), {}, 1, 'hammer').knee?.knee, 300);
});

test('several requests at once on each connection', () => {
  const { steps } = search(closedLoop('50/50'), { given: [20, 400, 450, 500] }, 1);
  isNear(kneeOf(steps, 'connections', 10)?.knee, 30);
});

test('one step above has a knee without bounds; the recovery is no such step', () => {
  const { steps } = search(closedLoop('50/50'), { given: [20, 450] }, 1);
  const knee = kneeOf(steps, 'connections');
  isNear(knee?.knee, 300);
  assert.equal(knee?.bounds, null);
  const recovery = steps.map((step) => ({ ...step, purpose: 'recovery' as const }));
  assert.equal(kneeOf(recovery, 'connections'), null);
});

test('no steps, no knee', () => {
  assert.equal(kneeOf([], 'connections'), null);
});

test('bounds hold the knee in at least 9 of 10 searches', () => {
  const seeds = Array.from({ length: 10 }, (_, i) => 100 + i);
  const holds = seeds.filter((seed) => {
    const bounds = search(closedLoop('90/10'), {}, seed).knee?.bounds ?? [0, 0];
    return bounds[0] <= 161.1 && 161.1 <= bounds[1];
  });
  assert.ok(holds.length >= 9, `${holds.length}`);
});
