import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bottleneckOf } from '../../../src/analysis/limits/bottleneck.js';
import type { StepResult } from '../../../src/analysis/limits/result.js';
import { closedLoop } from '../../support/limits/setups.js';
import type { SimulatedSetup } from '../../support/limits/simulated-breakers.js';
import { search } from '../../support/limits/simulated-search.js';
import { stepResult } from '../../support/limits/step-results.js';

const OPTIONS = {
  refusalThreshold: 0.001,
  maxLevel: 300,
  isKneeFound: false,
  isTimeOver: false,
  isQueueInGateway: false,
};

/** Ten of v2 are served at a time, 100 per second; v1 takes all. Whatever waits does so without an end. */
const SATURATED: SimulatedSetup = {
  ...closedLoop('no limit', 'constant'),
  versions: [
    { share: 0.5, serviceMs: 100 },
    { share: 0.5, serviceMs: 100, connections: 10 },
  ],
};

function stepsOf(setup: SimulatedSetup): StepResult[] {
  return search(setup, { maxLevel: OPTIONS.maxLevel }, 1).steps;
}

test('goodput stays, times grow, and nothing is refused: the backends, and which version', () => {
  const found = bottleneckOf(stepsOf(SATURATED), OPTIONS);
  assert.equal(found?.kind, 'backends');
  assert.equal(found.version, 'v2');
  assert.ok(found.fromLevel !== null && found.fromLevel >= 16 && found.fromLevel <= 64, `${found.fromLevel}`);
  const { goodputPerSecond } = found;
  assert.ok(
    goodputPerSecond !== null && goodputPerSecond > 170 && goodputPerSecond < 230,
    `${goodputPerSecond}`,
  );
});

test('the same in the queue of the gateway', () => {
  const found = bottleneckOf(stepsOf(SATURATED), { ...OPTIONS, isQueueInGateway: true });
  assert.equal(found?.kind, 'gateway-queue');
});

test('goodput grows up to the largest level', () => {
  const found = bottleneckOf(stepsOf(closedLoop('no limit')), OPTIONS);
  assert.deepEqual([found?.kind, found?.fromLevel, found?.version], ['bound', 300, null]);
});

test('the time is over', () => {
  const steps = stepsOf(closedLoop('no limit')).slice(0, 4);
  const found = bottleneckOf(steps, { ...OPTIONS, isTimeOver: true });
  assert.deepEqual([found?.kind, found?.fromLevel], ['time', 8]);
  assert.equal(bottleneckOf([], { ...OPTIONS, isTimeOver: true })?.fromLevel, null);
});

test('this machine has no descriptors left', () => {
  const [first, second, ...rest] = stepsOf(closedLoop('no limit'));
  assert.ok(first !== undefined && second !== undefined);
  const faulty = { ...second, refusedByKind: { 'no-file-descriptor': 3 } };
  assert.deepEqual(
    [
      bottleneckOf([first, faulty, ...rest], OPTIONS)?.kind,
      bottleneckOf([first, faulty], OPTIONS)?.fromLevel,
    ],
    ['client', 2],
  );
});

test('nothing to say', () => {
  const steps = stepsOf(closedLoop('no limit'));
  assert.equal(bottleneckOf(steps, { ...OPTIONS, isKneeFound: true }), null);
  assert.equal(bottleneckOf(steps.slice(0, 3), OPTIONS), null);
  assert.equal(bottleneckOf([], OPTIONS), null);
});

test('by rate, what waits for a free connection of this client is no slow backend', () => {
  const step = (level: number, ended: number, waitedMs: number): StepResult => {
    const head = { purpose: 'rising', kind: 'rate', level, startMs: 0, windowMs: 1000 } as const;
    const inFlight = Array.from({ length: ended }, () => ({ version: 0, refused: false, ms: 50 }));
    const { acceptedInFlight } = stepResult(head, inFlight, 1);
    // Times count from when requests are due.
    const timed = inFlight.map((one) => ({ ...one, ms: one.ms + waitedMs }));
    return { ...stepResult(head, timed, 1), acceptedInFlight };
  };
  assert.equal(
    bottleneckOf([step(160, 160, 0), step(320, 300, 20), step(640, 300, 240)], OPTIONS)?.kind,
    'bound',
  );
});
