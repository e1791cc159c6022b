import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Candidates, clockOffset, type Sighting } from '../../src/gateway/clock-offset.js';
import { seededRandom } from '../support/blocks.js';

type Pair = [number, number];

/** A client's window with bounds of ±`wide` ms. */
function sighting(start: number, end: number, wide = 10): Sighting {
  return { startMs: [start - wide, start + wide], endMs: [end - wide, end + wide], lateMs: 1000 };
}

const logged = (start: number, end: number) => ({
  ejectedMs: [start, start] as Pair,
  unejectedMs: [end, end] as Pair,
});

/** Every sighting may be any of the log's. */
function all(sightings: readonly Sighting[], log: readonly ReturnType<typeof logged>[]): Candidates[] {
  return sightings.map((one) => ({ sighting: one, logged: log }));
}

test('clocks that agree differ by 0', () => {
  const found = clockOffset(
    all([sighting(1000, 3000), sighting(9000, 12_000)], [logged(1000, 3000), logged(9000, 12_000)]),
  );
  assert.equal(found?.estimate, 0);
  assert.ok((found?.bounds[0] as number) <= 0 && (found?.bounds[1] as number) >= 0);
});

test('a clock that is ahead, or behind, is found out to what the bounds of the windows leave open', () => {
  for (const offset of [3700, -12_345, 200_000]) {
    const windows: Pair[] = [
      [1000, 3100],
      [9000, 12_000],
      [15_000, 16_800],
    ];
    const found = clockOffset(
      all(
        windows.map(([start, end]) => sighting(start, end)),
        windows.map(([start, end]) => logged(start + offset, end + offset)),
      ),
    );
    assert.ok(Math.abs((found?.estimate as number) - offset) <= 10, `${found?.estimate}`);
    assert.ok((found?.bounds[0] as number) <= offset && (found?.bounds[1] as number) >= offset);
  }
});

test('what the gateway applied late does not move the estimate as long as something was in time', () => {
  const found = clockOffset(
    all(
      [sighting(1000, 3000), sighting(9900, 12_000)],
      [logged(1000 + 3700, 3000 + 3700), logged(9000 + 3700, 12_000 + 3700)],
    ),
  );
  assert.ok(Math.abs((found?.estimate as number) - 3700) <= 10, `${found?.estimate}`);
});

test('of offsets that explain equally much the one nearest 0 is taken', () => {
  // One window, and a log in which windows of its length come every 10 s.
  const log = [-20_000, -10_000, 50, 10_050, 20_050].map((start) => logged(start, start + 2000));
  const found = clockOffset(all([sighting(60, 2060)], log));
  assert.equal(found?.estimate, 0);
});

test('most windows decide against some that fit nothing', () => {
  const windows: Pair[] = [
    [1000, 3000],
    [7000, 8900],
    [15_000, 18_300],
  ];
  const found = clockOffset([
    ...all(
      windows.map(([start, end]) => sighting(start, end)),
      windows.map(([start, end]) => logged(start - 5000, end - 5000)),
    ),
    { sighting: sighting(22_000, 22_500), logged: [logged(22_000, 22_500)] },
  ]);
  assert.ok(Math.abs((found?.estimate as number) + 5000) <= 10, `${found?.estimate}`);
});

test('nothing to compare, or nothing that says anything: not known', () => {
  assert.equal(clockOffset([]), null);
  assert.equal(clockOffset(all([sighting(1000, 3000)], [])), null);
  assert.equal(
    clockOffset(all([sighting(1000, 9000)], [logged(1000, 2000)])),
    null,
    'no offset makes one the other',
  );
  const whole: Sighting = {
    startMs: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    endMs: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    lateMs: 1000,
  };
  assert.equal(clockOffset(all([whole], [logged(1000, 2000)])), null);
  const far = logged(1000 + 3_600_000, 3000 + 3_600_000);
  assert.equal(clockOffset(all([sighting(1000, 3000)], [far])), null, 'an hour apart');
});

test('open ends bound on one side only, and together they still tell', () => {
  const still: Sighting = { startMs: [4990, 5010], endMs: [30_000, Number.POSITIVE_INFINITY], lateMs: 1000 };
  const log = [{ ejectedMs: [5700, 5700] as Pair, unejectedMs: null }];
  const found = clockOffset([{ sighting: still, logged: log }]);
  assert.ok((found?.bounds[0] as number) <= 700 && (found?.bounds[1] as number) >= 700);
});

test('random absences of several endpoints, some applied late: the true offset is within the bounds', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e9 }),
      fc.integer({ min: -120_000, max: 120_000 }),
      (seed, offset) => {
        const random = seededRandom(seed);
        const windows = Array.from({ length: 6 + Math.floor(random() * 10) }, () => {
          const start = random() * 60_000;
          return { start, end: start + 1000 + random() * 9000 };
        });
        const late = () => (random() < 0.3 ? random() * 1000 : random() * 5);
        const seen = windows.map(({ start, end }) => {
          const wide = 5 + random() * 20;
          return sighting(start + late(), end + late(), wide);
        });
        const found = clockOffset(
          all(
            seen,
            windows.map(({ start, end }) => logged(start + offset, end + offset)),
          ),
        );
        assert.ok(found !== null);
        assert.ok(found.bounds[0] <= offset && offset <= found.bounds[1], `${offset} not in ${found.bounds}`);
        assert.ok(Math.abs(found.estimate - offset) <= 1000, `${found.estimate} for ${offset}`);
      },
    ),
    { seed: 5, numRuns: 300 },
  );
});
