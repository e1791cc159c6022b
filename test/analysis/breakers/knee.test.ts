import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { takenAtOnce } from '../../../src/analysis/breakers/at-once.js';
import { kneeInFlight, kneeOfRate } from '../../../src/analysis/breakers/knee.js';

const limits = (
  maxConnections: number | null,
  maxPendingRequests: number | null,
  maxRequests: number | null,
) => ({
  maxConnections,
  maxPendingRequests,
  maxRequests,
});
const SAMPLE = limits(100, 50, 100);

test('over HTTP/1.1 connections and those that wait count, unless there are fewer requests than connections', () => {
  const h1 = (...of: Parameters<typeof limits>) => takenAtOnce(limits(...of), 'http/1.1');
  assert.deepEqual(h1(100, 50, 100), {
    underWay: 100,
    atOnce: 150,
    full: ['maxConnections', 'maxPendingRequests'],
  });
  assert.deepEqual(h1(1000, 1000, 10), { underWay: 10, atOnce: 10, full: ['maxRequests'] });
  assert.deepEqual(h1(5, 10, 3), { underWay: 3, atOnce: 3, full: ['maxRequests'] });
  assert.equal(h1(5, null, 5).atOnce, Number.POSITIVE_INFINITY);
  assert.deepEqual(h1(null, 50, 7), { underWay: 7, atOnce: 7, full: ['maxRequests'] });
  assert.deepEqual(h1(null, 50, null).full, []);
  assert.deepEqual(h1(5, 0, 9), { underWay: 0, atOnce: 0, full: ['maxPendingRequests'] });
});

test('over HTTP/2 requests count, and connections only with a limit of streams on each', () => {
  const h2 = takenAtOnce(SAMPLE, 'h2');
  assert.deepEqual([h2.atOnce, h2.full], [100, ['maxRequests']]);
  const streams = takenAtOnce({ ...limits(2, 5, 100), maxConcurrentStreams: 10 }, 'h2');
  assert.deepEqual([streams.underWay, streams.atOnce], [20, 25]);
  // Envoy opens a first connection whatever the limit says.
  assert.equal(takenAtOnce(limits(0, 5, 100), 'h2').atOnce, 100);
  assert.equal(takenAtOnce(limits(0, 5, null), 'h2').atOnce, Number.POSITIVE_INFINITY);
});

interface Given {
  share: number;
  time?: number;
  of?: ReturnType<typeof limits>;
  protocol?: 'http/1.1' | 'h2';
}
const clusters = (...given: Given[]) =>
  given.map(({ share, time = 100, of = SAMPLE, protocol = 'http/1.1' }) => ({
    share,
    time,
    ...takenAtOnce(of, protocol),
  }));
const knee = (...given: Given[]) => Math.floor(kneeInFlight(clusters(...given)).load);

test('golden: the splits that were measured in a real Envoy', () => {
  assert.equal(knee({ share: 0.5 }, { share: 0.5 }), 300);
  assert.equal(knee({ share: 0.5, protocol: 'h2' }, { share: 0.5, protocol: 'h2' }), 200);
  assert.equal(knee({ share: 0.9 }, { share: 0.1 }), 161);
  assert.equal(knee({ share: 0.5 }, { share: 0.5, time: 1000 }), 160);
  assert.equal(knee({ share: 1 }), 150);
});

test('equal backends whose measured times differ a little: the queues of both count', () => {
  assert.equal(knee({ share: 0.5, time: 99 }, { share: 0.5, time: 101 }), 298);
});

test('a queue without a limit refuses nothing', () => {
  const queue = clusters({ share: 0.5, of: limits(10, null, null) }, { share: 0.5 });
  assert.deepEqual(kneeInFlight(queue), { load: Number.POSITIVE_INFINITY, first: null });
  // By rate the other version is full: it has 100 under way at half of 2,000 per second and 100 ms.
  assert.deepEqual(kneeOfRate(queue), { load: 2, first: queue[1] });
  assert.equal(kneeInFlight([]).load, Number.POSITIVE_INFINITY);
  assert.equal(kneeInFlight(clusters({ share: 0 })).first, null);
});

test('by rate: what the first version gets done, by its share', () => {
  assert.equal(kneeOfRate(clusters({ share: 0.5 }, { share: 0.5 })).load * 1000, 2000);
  assert.equal(kneeOfRate(clusters({ share: 0.5 }, { share: 0.5, time: 1000 })).load * 1000, 200);
});

const given = fc.record({
  share: fc.double({ min: 0.01, max: 1, noNaN: true }),
  time: fc.double({ min: 1, max: 10_000, noNaN: true }),
  connections: fc.integer({ min: 1, max: 500 }),
  pending: fc.integer({ min: 1, max: 500 }),
});
type Drawn = { share: number; time: number; connections: number; pending: number };
const load = (drawn: readonly Drawn[], scale = 1, waits = true) =>
  kneeInFlight(
    clusters(
      ...drawn.map(({ share, time, connections, pending }) => ({
        share,
        time: time * scale,
        of: waits ? limits(connections, pending, null) : limits(null, null, connections),
      })),
    ),
  ).load;

test('property: the unit of times does not matter', () => {
  fc.assert(
    fc.property(fc.array(given, { minLength: 1, maxLength: 5 }), (drawn) => {
      assert.ok(Math.abs(load(drawn, 1024) - load(drawn)) <= 1e-6 * load(drawn));
    }),
  );
});

test('property: a longer queue never lowers the knee, and where nothing waits no larger limit does', () => {
  fc.assert(
    fc.property(
      fc.array(given, { minLength: 1, maxLength: 5 }),
      fc.nat(4),
      fc.integer({ min: 1, max: 300 }),
      fc.boolean(),
      (drawn, at, more, waits) => {
        const field = waits ? 'pending' : 'connections';
        const raised = drawn.map((one, i) =>
          i === at % drawn.length ? { ...one, [field]: one[field] + more } : one,
        );
        assert.ok(load(raised, 1, waits) >= load(drawn, 1, waits) - 1e-9);
      },
    ),
  );
});
