import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Pacer, poissonPacer, timeOfCount, uniformPacer } from '../../../src/probes/load/pacer.js';

function take(pacer: Pacer, count: number): number[] {
  return Array.from({ length: count }, () => pacer.next());
}

test('without a ramp requests are evenly spaced from 0', () => {
  const pacer = uniformPacer({ ratePerSecond: 1000, rampUs: 0, worker: 0, workers: 1 });
  assert.deepEqual(take(pacer, 4), [0, 1000, 2000, 3000]);
});

test('the union of all workers is exactly the schedule of one', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.1, max: 200_000, noNaN: true }),
      fc.integer({ min: 0, max: 5_000_000 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 40 }),
      (ratePerSecond, rampUs, workers, each) => {
        const one = take(uniformPacer({ ratePerSecond, rampUs, worker: 0, workers: 1 }), each * workers);
        const all = Array.from({ length: workers }, (_, worker) =>
          take(uniformPacer({ ratePerSecond, rampUs, worker, workers }), each),
        ).flat();
        assert.deepEqual(
          all.sort((a, b) => a - b),
          one,
        );
      },
    ),
    { seed: 14, numRuns: 200 },
  );
});

/** N(t) of the ramp, by its definition. */
function countAt(tUs: number, ratePerSecond: number, rampUs: number): number {
  const perUs = ratePerSecond / 1e6;
  return tUs < rampUs ? (perUs * tUs * tUs) / (2 * rampUs) : perUs * (tUs - rampUs / 2);
}

test('a ramp is the inverse of its count, and never goes back', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.1, max: 200_000, noNaN: true }),
      fc.integer({ min: 1, max: 60_000_000 }),
      fc.double({ min: 0, max: 1e7, noNaN: true }),
      (ratePerSecond, rampUs, count) => {
        const at = timeOfCount(count, ratePerSecond, rampUs);
        assert.ok(Math.abs(countAt(at, ratePerSecond, rampUs) - count) <= 1e-6 * Math.max(1, count));
        assert.ok(timeOfCount(count + 1, ratePerSecond, rampUs) > at);
      },
    ),
    { seed: 14, numRuns: 500 },
  );
});

test('after a ramp the rate is the whole one', () => {
  // 1000/s over a ramp of 2 s: 1000 requests in it, then one each millisecond.
  assert.equal(timeOfCount(1000, 1000, 2_000_000), 2_000_000);
  assert.equal(timeOfCount(1500, 1000, 2_000_000), 2_500_000);
  assert.equal(timeOfCount(250, 1000, 2_000_000), 1_000_000);
});

function gapsOf(dues: number[]): { mean: number; variance: number } {
  const gaps = dues.slice(1).map((due, index) => due - (dues[index] as number));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
  return { mean, variance };
}

test('poisson: gaps have the mean and the variance of exponential ones, alone and over all workers', () => {
  const count = 40_000;
  for (const workers of [1, 4]) {
    for (const seed of [1, 2, 4_294_967_295]) {
      const dues = Array.from({ length: workers }, (_, worker) =>
        take(poissonPacer({ ratePerSecond: 1000, rampUs: 0, worker, workers, seed }), count / workers),
      ).flat();
      // The workers end at different times: what is after the first end is not the whole process.
      const sorted = dues.sort((a, b) => a - b).slice(0, count * 0.9);
      const { mean, variance } = gapsOf(sorted);
      // Standard errors over 36,000 gaps: 0.5 % of the mean, 1.5 % of the variance.
      assert.ok(Math.abs(mean / 1000 - 1) < 0.025, `mean ${mean} of ${workers} workers, seed ${seed}`);
      assert.ok(Math.abs(variance / 1e6 - 1) < 0.075, `variance ${variance} of ${workers}, seed ${seed}`);
    }
  }
});

test('poisson: a seed gives the same schedule again, another seed and another worker another one', () => {
  const options = { ratePerSecond: 1000, rampUs: 0, worker: 0, workers: 2, seed: 7 };
  const dues = take(poissonPacer(options), 100);
  assert.deepEqual(take(poissonPacer(options), 100), dues);
  assert.notDeepEqual(take(poissonPacer({ ...options, seed: 8 }), 100), dues);
  assert.notDeepEqual(take(poissonPacer({ ...options, worker: 1 }), 100), dues);
  assert.ok(dues.every((due, index) => index === 0 || due >= (dues[index - 1] as number)));
});

test('poisson: a ramp holds the expected count', () => {
  const rampUs = 2_000_000;
  const counts = Array.from({ length: 60 }, (_, seed) => {
    const pacer = poissonPacer({ ratePerSecond: 1000, rampUs, worker: 0, workers: 1, seed });
    let count = 0;
    while (pacer.next() < rampUs) count += 1;
    return count;
  });
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  // 1000 expected, standard error √(1000 ÷ 60) = 4.1.
  assert.ok(Math.abs(mean - 1000) < 20, `mean ${mean}`);
});

test('from a change on the rate is another one: no gap and no burst', () => {
  const pacer = uniformPacer({ ratePerSecond: 1000, rampUs: 0, worker: 0, workers: 1 });
  assert.deepEqual(take(pacer, 4), [0, 1000, 2000, 3000]);
  // Half of the way to the request at 3,000 is gone: the other half takes as long as at the new rate.
  assert.equal(pacer.changeRate(100, 2500), 7500);
  assert.deepEqual(take(pacer, 2), [17_500, 27_500]);
  assert.equal(pacer.changeRate(10_000, 17_500), 17_600);
  assert.deepEqual(take(pacer, 2), [17_700, 17_800]);
});

test('what was due before a change stays due, also over several changes', () => {
  const pacer = uniformPacer({ ratePerSecond: 1000, rampUs: 0, worker: 0, workers: 1 });
  assert.equal(pacer.next(), 0);
  assert.equal(pacer.changeRate(2000, 2000), 0);
  assert.equal(pacer.changeRate(500, 3000), 0);
  assert.deepEqual(take(pacer, 7), [1000, 2000, 2500, 3000, 5000, 7000, 9000]);
});

test('a change in the ramp ends it', () => {
  const pacer = uniformPacer({ ratePerSecond: 1000, rampUs: 1_000_000, worker: 0, workers: 1 });
  // After half of the ramp, 125 of its 500 requests were due.
  const before = take(pacer, 125).at(-1) as number;
  assert.ok(before < 500_000);
  pacer.next();
  assert.ok(Math.abs(pacer.changeRate(100, 500_000) - 500_000) < 0.01);
  assert.ok(Math.abs(pacer.next() - 510_000) < 0.01);
});

test('whatever the changes: in order, at the rates, and the same for all workers together as for one', () => {
  const changes = fc.array(
    fc.tuple(fc.double({ min: 0.5, max: 50_000, noNaN: true }), fc.integer({ min: 0, max: 3_000_000 })),
    { maxLength: 5 },
  );
  fc.assert(
    fc.property(
      fc.double({ min: 0.5, max: 50_000, noNaN: true }),
      changes,
      fc.integer({ min: 1, max: 5 }),
      fc.boolean(),
      (ratePerSecond, steps, workers, poisson) => {
        const times = steps.map(([, fromUs]) => fromUs).sort((a, b) => a - b);
        const rates = steps.map(([rate]) => rate);
        /** Takes what is due up to each change before it is made, as the loop does. */
        const dues = (worker: number, of: number, count: number) => {
          const options = { ratePerSecond, rampUs: 0, worker, workers: of, seed: 3 };
          const pacer = poisson ? poissonPacer(options) : uniformPacer(options);
          const taken: number[] = [];
          let due = pacer.next();
          const takeOne = () => {
            taken.push(due);
            due = pacer.next();
          };
          times.forEach((fromUs, index) => {
            while (taken.length < count && due <= fromUs) takeOne();
            due = pacer.changeRate(rates[index] as number, Math.max(fromUs, taken.at(-1) ?? 0));
          });
          while (taken.length < count) takeOne();
          return taken;
        };
        const one = dues(0, 1, 30 * workers);
        assert.deepEqual(
          one.toSorted((a, b) => a - b),
          one,
        );
        if (poisson) return;
        const all = Array.from({ length: workers }, (_, worker) => dues(worker, workers, 30)).flat();
        for (const [index, due] of all.sort((a, b) => a - b).entries())
          assert.ok(Math.abs(due - (one[index] as number)) < 1);
        for (const [index, fromUs] of times.entries()) {
          const untilUs = times[index + 1] ?? Number.POSITIVE_INFINITY;
          const inside = one.filter((due) => due > fromUs && due <= untilUs);
          const gaps = inside.slice(1).map((due, nth) => due - (inside[nth] as number));
          assert.ok(gaps.every((gap) => Math.abs(gap - 1e6 / (rates[index] as number)) < 1));
        }
      },
    ),
    { seed: 24, numRuns: 300 },
  );
});
