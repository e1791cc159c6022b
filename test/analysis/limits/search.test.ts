import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isStepOver, nextStep } from '../../../src/analysis/limits/search.js';
import { closedLoop, SETUPS } from '../../support/limits/setups.js';
import { search } from '../../support/limits/simulated-search.js';
import { stepResult } from '../../support/limits/step-results.js';

const OPTIONS = {
  kind: 'connections',
  maxLevel: 2000,
  refusalThreshold: 0.001,
  timeoutMs: 10_000,
  given: null,
  predicted: null,
} as const;

function assertKnee(found: ReturnType<typeof search>, knee: number): void {
  const { knee: result } = found;
  assert.ok(result !== null && Math.abs(result.knee / knee - 1) <= 0.05, `${result?.knee}, not ${knee}`);
  assert.ok(result.bounds !== null && result.bounds[0] <= result.knee && result.knee <= result.bounds[1]);
}

describe('a search finds the knee of simulated breakers within 5 %, and first refusals no later', () => {
  for (const name of [
    '50/50',
    '90/10',
    '50/50, v2 ten times slower',
    '50/50, a limit on requests only',
    'one version',
  ] as const) {
    for (const service of ['constant', 'exponential'] as const) {
      test(`${name}, ${service} times`, () => {
        const found = search(closedLoop(name, service), {}, 1);
        assertKnee(found, SETUPS[name].knee);
        assert.ok(found.firstRefusal !== null && found.firstRefusal <= SETUPS[name].knee * 1.05);
      });
    }
  }
});

test('it takes less than a minute with times of 100 ms, and about 20 s with 10 ms', () => {
  const slow = search(closedLoop('50/50'), {}, 2);
  const fast = search(closedLoop('50/50, times of 10 ms'), {}, 2);
  assertKnee(fast, 300);
  assert.ok(slow.seconds < 60 && fast.seconds < 25, `${slow.seconds} s, ${fast.seconds} s`);
});

test('a prediction that is wrong changes nothing', () => {
  for (const predicted of [20, 5000]) {
    assertKnee(search(closedLoop('50/50'), { predicted }, 3), 300);
  }
});

test('limits of 1: the third connection is refused', () => {
  const found = search(closedLoop('one version, limits of 1', 'constant'), {}, 1);
  assert.deepEqual([found.firstRefusal, found.lastAccepted], [3, 2]);
  assertKnee(found, 2);
});

test('the first connection is refused', () => {
  const found = search(closedLoop('nothing is accepted for long'), { maxLevel: 50 }, 1);
  assert.deepEqual([found.firstRefusal, found.lastAccepted, found.knee], [1, 0, null]);
});

test('without a limit it ends at the largest level', () => {
  const found = search(closedLoop('no limit'), { maxLevel: 300 }, 1);
  assert.deepEqual([found.firstRefusal, found.lastAccepted, found.knee], [null, 300, null]);
  assert.ok(found.steps.every(({ purpose }) => purpose === 'rising'));
});

test('a largest level between first refusals and the knee: no knee', () => {
  const found = search(closedLoop('50/50'), { maxLevel: 280 }, 1);
  assert.ok(found.firstRefusal !== null && found.firstRefusal < 280);
  assert.equal(found.knee, null);
});

test('given levels are taken in their order', () => {
  const given = [450, 50, 300, 50];
  const found = search(closedLoop('50/50'), { given }, 1);
  assert.deepEqual(
    found.steps.map(({ connections, purpose }) => [connections, purpose]),
    given.map((level) => [level, 'given']),
  );
});

test('a search by rate', () => {
  const knees = { '50/50': 2000, '90/10': 1111, 'one version': 1000 } as const;
  for (const [name, knee] of Object.entries(knees)) {
    const setup = { ...closedLoop(name as keyof typeof knees, 'constant'), search: 'rate' as const };
    assertKnee(search(setup, { maxLevel: 10_000 }, 1), knee);
  }
});

test('a search by rate goes down if its first rate is refused', () => {
  const versions = [{ share: 1, serviceMs: 500, connections: 1, pending: 1 }];
  const found = search({ versions, service: 'constant', search: 'rate' }, {}, 1);
  assert.ok(found.firstRefusal !== null && found.firstRefusal <= 4, `${found.firstRefusal}`);
  assert.equal(found.steps[0]?.ratePerSecond, 10);
});

describe('a step is over', () => {
  const first = nextStep([], OPTIONS);
  assert.ok(first !== null);
  const narrowing = { ...first, purpose: 'narrowing' as const };
  const windowMs = first.minMs;

  test('not before its shortest time', () => {
    assert.equal(
      isStepOver(narrowing, { requests: 100, refused: 90, windowMs: windowMs - 1 }, OPTIONS),
      false,
    );
  });

  test('when refusals are shown, or shown to be few', () => {
    assert.equal(isStepOver(narrowing, { requests: 100, refused: 20, windowMs }, OPTIONS), true);
    assert.equal(isStepOver(narrowing, { requests: 1000, refused: 0, windowMs }, OPTIONS), false);
    assert.equal(isStepOver(narrowing, { requests: 4000, refused: 0, windowMs }, OPTIONS), true);
  });

  test('when its longest time is over', () => {
    assert.equal(isStepOver(narrowing, { requests: 10, refused: 0, windowMs: first.maxMs }, OPTIONS), true);
  });

  test('on the way up without a refusal', () => {
    assert.equal(isStepOver(first, { requests: 10, refused: 0, windowMs }, OPTIONS), true);
    assert.equal(isStepOver(first, { requests: 1000, refused: 1, windowMs }, OPTIONS), false);
  });
});

test('a step without an answer lasts until the time-out, since nothing is known of how long requests take', () => {
  const step = nextStep([], OPTIONS);
  assert.ok(step !== null);
  const over = (windowMs: number) => isStepOver(step, { requests: 0, refused: 0, windowMs }, OPTIONS);
  assert.deepEqual(
    [over(step.minMs), over(step.maxMs), over(10_000), over(10_500)],
    [false, false, false, true],
  );
});

test('by rate: after two rates that could not be sent in time, no higher one is tried', () => {
  const step = (level: number, ended: number) =>
    stepResult(
      { purpose: 'rising', kind: 'rate', level, startMs: 0, windowMs: 1000 },
      Array.from({ length: ended }, () => ({ version: 0, refused: false, ms: 50 })),
      1,
    );
  const options = { ...OPTIONS, kind: 'rate' } as const;
  const calm = [step(10, 10), step(160, 159)];
  assert.equal(nextStep(calm, options)?.level, 320);
  assert.equal(nextStep([...calm, step(320, 300)], options)?.level, 640);
  assert.equal(nextStep([...calm, step(320, 300), step(640, 300)], options), null);
});
