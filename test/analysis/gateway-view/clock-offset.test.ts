import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Candidates,
  clockOffset,
  type Logged,
  type Sighting,
} from '../../../src/analysis/gateway-view/clock-offset.js';
import { seededRandom } from '../../support/blocks.js';

type Pair = [number, number];

/** A client's window with bounds of ±`wide` ms. */
function sighting(start: number, end: number, wide = 10): Sighting {
  return {
    by: 'client',
    startMs: [start - wide, start + wide],
    endMs: [end - wide, end + wide],
    lateMs: 1000,
  };
}

const logged = (start: number, end: number | null): Logged => ({
  cluster: 'c',
  address: '10.0.3.17:8080',
  ejectedMs: [start, start],
  unejectedMs: end === null ? null : [end, end],
});

/** Every sighting may be any of the log's. */
function all(sightings: readonly Sighting[], log: readonly Logged[]): Candidates[] {
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
    by: 'client',
    startMs: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    endMs: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    lateMs: 1000,
  };
  assert.equal(clockOffset(all([whole], [logged(1000, 2000)])), null);
  const far = logged(1000 + 3_600_000, 3000 + 3_600_000);
  assert.equal(clockOffset(all([sighting(1000, 3000)], [far])), null, 'an hour apart');
});

test('open ends bound on one side only: several still tell, one alone does not', () => {
  const still = (start: number): Candidates => ({
    sighting: {
      by: 'client',
      startMs: [start - 10, start + 10],
      endMs: [30_000, Number.POSITIVE_INFINITY],
      lateMs: 1000,
    },
    logged: [logged(start + 700, null)],
  });
  const found = clockOffset([still(5000), still(9000)]);
  assert.ok(Math.abs((found?.estimate as number) - 700) <= 110, `${found?.estimate}`);
  assert.ok((found?.bounds[0] as number) <= 700 && (found?.bounds[1] as number) >= 700);
  assert.equal(clockOffset([still(5000)]), null);
});

test('a log without its tail, and an interface that saw two absences as one: the offset stays 0', () => {
  const client = [sighting(1300, 3610), { ...sighting(4650, 8590), startMs: [4640, 4660] as Pair }];
  const log = [logged(1300, 3600), logged(3650, null)];
  const looked: Sighting = { by: 'admin', startMs: [1100, 1360], endMs: [8400, 8660], lateMs: 0 };
  const found = clockOffset(all([...client, looked], log));
  assert.equal(found?.estimate, 0, JSON.stringify(found));
  assert.ok((found?.bounds[0] as number) <= 0 && (found?.bounds[1] as number) >= 0);
  // The same without the end of the first.
  assert.equal(clockOffset(all([...client, looked], [logged(1300, null)]))?.estimate, 0);
});

test('what an interface says does not outvote windows of the client', () => {
  const looked = (start: number): Sighting => ({
    by: 'admin',
    startMs: [start - 250, start],
    endMs: [start + 1750, start + 2000],
    lateMs: 0,
  });
  const others = [20_000, 24_500, 31_000, 38_000];
  const found = clockOffset([
    ...all([sighting(1000, 3000), sighting(9000, 12_000)], [logged(1000, 3000), logged(9000, 12_000)]),
    ...others.map((start) => ({ sighting: looked(start), logged: [logged(start + 5000, start + 7000)] })),
  ]);
  assert.equal(found?.estimate, 0);
});

test('an absence of the log counts for one window of the client', () => {
  // Two endpoints that went out together: the log's second, which is open, can be one of them only.
  const log = [logged(1000, 3000), logged(20_000, null)];
  const windows = [sighting(1000, 3000), sighting(9000, 11_000), sighting(9005, 11_500)];
  const found = clockOffset(all(windows, log));
  assert.equal(found?.estimate, 0);
});

test('two that agree elsewhere stand against none at 0, and not against one', () => {
  const pair = [logged(6000, 8000), logged(14_000, 17_000)];
  const windows = [sighting(1000, 3000), sighting(9000, 12_000)];
  assert.ok(Math.abs((clockOffset(all(windows, pair))?.estimate as number) - 5000) <= 10);
  assert.equal(
    clockOffset(all([...windows, sighting(30_000, 32_000)], [...pair, logged(30_000, 32_000)]))?.estimate,
    0,
  );
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
