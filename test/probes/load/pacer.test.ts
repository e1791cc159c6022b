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
