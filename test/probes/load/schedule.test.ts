import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PHASE } from '../../../src/blocks/sample-block.js';
import type { LoadPlan } from '../../../src/plan/plan.js';
import { closedSchedule, openSchedule, type Schedule } from '../../../src/probes/load/schedule.js';
import { planFor } from '../../support/plan.js';

interface Taken {
  dueUs: number;
  phase: number;
  sequence: number;
}

const SECOND = 1_000_000;

function jobs(load: Partial<LoadPlan>, workers: number) {
  const plan = planFor('http://127.0.0.1/', { load });
  return Array.from({ length: workers }, (_, worker) => ({ plan, worker, workers }));
}

/** Takes all of an open schedule, each request when it is due. */
function drain(schedule: Schedule): Taken[] {
  const all: Taken[] = [];
  while (schedule.peek(schedule.dueUs)) all.push({ ...schedule.take(schedule.dueUs) });
  return all;
}

const measured = (taken: readonly Taken[]) => taken.filter(({ phase }) => phase === PHASE.measured).length;
const warm = (taken: readonly Taken[]) => taken.filter(({ phase }) => phase === PHASE.warmup).length;

test('closed: -n is exact over the workers, in numbers 0, 1, 2, …', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 0, max: 50 }),
      fc.integer({ min: 1, max: 9 }),
      (requests, warmups, workers) => {
        let total = 0;
        let warmTotal = 0;
        for (const job of jobs({ requests, warmup: warmups > 0 ? { requests: warmups } : null }, workers)) {
          const schedule = closedSchedule(job);
          const all: Taken[] = [];
          for (let nowUs = 0; schedule.peek(nowUs); nowUs += 100) all.push({ ...schedule.take(nowUs) });
          assert.deepEqual(
            all.map(({ sequence }) => sequence),
            all.map((_, index) => index),
          );
          total += measured(all);
          warmTotal += warm(all);
        }
        assert.equal(total, requests);
        assert.equal(warmTotal, warmups);
      },
    ),
    { seed: 14, numRuns: 200 },
  );
});

test('closed: time ends it, counted from the end of the warm-up', () => {
  const load = { requests: null, durationMs: 1000, warmup: { durationMs: 500 } };
  const schedule = closedSchedule(jobs(load, 1)[0]!);
  assert.ok(schedule.peek(0));
  assert.equal(schedule.take(0).phase, PHASE.warmup);
  assert.equal(schedule.take(0.499 * SECOND).phase, PHASE.warmup);
  assert.equal(schedule.take(0.5 * SECOND).phase, PHASE.measured);
  assert.ok(schedule.peek(1.499 * SECOND));
  assert.ok(!schedule.peek(1.5 * SECOND));
  assert.ok(!schedule.peek(9 * SECOND), 'what has ended stays ended');
});

test('closed: a warm-up by requests moves the time too', () => {
  const load = { requests: null, durationMs: 1000, warmup: { requests: 2 } };
  const schedule = closedSchedule(jobs(load, 1)[0]!);
  for (const nowUs of [0, 3 * SECOND]) {
    assert.ok(schedule.peek(nowUs));
    assert.equal(schedule.take(nowUs).phase, PHASE.warmup);
  }
  assert.ok(schedule.peek(4 * SECOND));
  assert.equal(schedule.take(4 * SECOND).phase, PHASE.measured);
  assert.ok(schedule.peek(4.999 * SECOND));
  assert.ok(!schedule.peek(5 * SECOND));
});

test('closed: the first of -n and -z ends it', () => {
  const both = { requests: 3, durationMs: 1000 };
  const byCount = closedSchedule(jobs(both, 1)[0]!);
  for (const nowUs of [0, 1, 2]) byCount.take(nowUs);
  assert.ok(!byCount.peek(3));
  const byTime = closedSchedule(jobs(both, 1)[0]!);
  byTime.take(0);
  assert.ok(!byTime.peek(SECOND));
});

test('open: -n is exact over the workers, for both arrivals and with a warm-up', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 0, max: 50 }),
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom<LoadPlan['arrival']>('uniform', 'poisson'),
      (requests, warmups, workers, arrival) => {
        const warmup = warmups > 0 ? { requests: warmups } : null;
        const load = { mode: 'open' as const, ratePerSecond: 1000, arrival, requests, warmup };
        const all = jobs(load, workers).flatMap((job) => drain(openSchedule(job)));
        assert.equal(measured(all), requests);
        assert.equal(warm(all), warmups);
      },
    ),
    { seed: 14, numRuns: 200 },
  );
});

test('open: a time and a rate make a number', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.constantFrom(0, 400), (workers, warmupMs) => {
      const warmup = warmupMs > 0 ? { durationMs: warmupMs } : null;
      const load = { mode: 'open' as const, ratePerSecond: 500, requests: null, durationMs: 1000, warmup };
      const all = jobs(load, workers).flatMap((job) => drain(openSchedule(job)));
      assert.equal(measured(all), 500);
      assert.equal(warm(all), warmupMs / 2);
      assert.equal(Math.max(...all.map(({ dueUs }) => dueUs)), (warmupMs + 998) * 1000);
    }),
    { seed: 14, numRuns: 16 },
  );
});

test('open: a warm-up by requests is followed by the whole time', () => {
  const load = {
    mode: 'open' as const,
    ratePerSecond: 100,
    requests: null,
    durationMs: 1000,
    warmup: { requests: 50 },
  };
  const all = jobs(load, 2).flatMap((job) => drain(openSchedule(job)));
  assert.equal(warm(all), 50);
  assert.equal(measured(all), 100);
});

test('open: what waited for a connection past the end is not sent, but counted', () => {
  const load = { mode: 'open' as const, ratePerSecond: 10, requests: null, durationMs: 1000 };
  const schedule = openSchedule(jobs(load, 1)[0]!);
  for (let sent = 0; sent < 4; sent += 1) schedule.take(schedule.dueUs);
  schedule.waiting = true;
  assert.ok(schedule.peek(0.99 * SECOND), 'in time it may still be sent');
  assert.ok(!schedule.peek(SECOND));
  const unsent: number[] = [];
  while (schedule.takeUnsent()) unsent.push(schedule.taken.dueUs);
  assert.deepEqual(unsent, [400_000, 500_000, 600_000, 700_000, 800_000, 900_000]);
});

test('open: a generator that is behind sends what was due all the same', () => {
  const load = { mode: 'open' as const, ratePerSecond: 10, requests: null, durationMs: 1000 };
  const schedule = openSchedule(jobs(load, 1)[0]!);
  let sent = 0;
  while (schedule.peek(5 * SECOND)) {
    schedule.take(schedule.dueUs);
    sent += 1;
  }
  assert.equal(sent, 10);
});

test('open: ended before its time, only what was due by then counts', () => {
  const load = { mode: 'open' as const, ratePerSecond: 10, requests: 1000, durationMs: null };
  const schedule = openSchedule(jobs(load, 1)[0]!);
  schedule.endNow(250_000);
  const unsent: number[] = [];
  while (schedule.takeUnsent()) unsent.push(schedule.taken.dueUs);
  assert.deepEqual(unsent, [0, 100_000, 200_000]);
});

test('open: a level has the rate from the start, and a change counts from its time', () => {
  const load = { mode: 'open' as const, ratePerSecond: 10, requests: null, durationMs: 1000 };
  const schedule = openSchedule({
    ...jobs(load, 1)[0]!,
    level: { ratePerSecond: 20, pauseAfterRefusalMs: 0 },
  });
  schedule.take(0);
  assert.equal(schedule.dueUs, 50_000);
  schedule.take(50_000);
  schedule.changeRate(5, 75_000);
  assert.equal(schedule.dueUs, 175_000);
  schedule.take(175_000);
  // Told late: one more request was sent at the old rate.
  schedule.changeRate(100, 170_000);
  assert.equal(schedule.dueUs, 185_000);
});

test('open: after a change to a lower rate nothing waits for a lane, unless it was due before', () => {
  const load = { mode: 'open' as const, ratePerSecond: 10, requests: null, durationMs: 9000 };
  const schedule = openSchedule(jobs(load, 1)[0]!);
  schedule.take(0);
  schedule.waiting = true;
  schedule.changeRate(1, 100_000);
  assert.deepEqual([schedule.dueUs, schedule.waiting], [100_000, true]);
  schedule.take(100_000);
  schedule.changeRate(0.5, 600_000);
  assert.deepEqual([schedule.dueUs, schedule.waiting], [1_600_000, false]);
});

test('closed: there is no rate to change', () => {
  const schedule = closedSchedule(jobs({ requests: 1 }, 1)[0]!);
  schedule.changeRate(5, 0);
  assert.ok(schedule.peek(0));
});
