import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { connectionCount, dealtPart, laneShare, partOf } from '../../../src/probes/lane/connection-share.js';
import { planFor } from '../../support/plan.js';

test('parts sum to the whole and differ by at most one', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1_000_000_000 }),
      fc.integer({ min: 1, max: 64 }),
      (total, parts) => {
        const all = Array.from({ length: parts }, (_, index) => partOf(total, index, parts));
        assert.equal(
          all.reduce((sum, part) => sum + part, 0),
          total,
        );
        assert.ok(Math.max(...all) - Math.min(...all) <= 1);
      },
    ),
    { seed: 14, numRuns: 300 },
  );
});

test('workers share connections whole, and have as many requests in flight as the plan says', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('open' as const, 'closed' as const),
      fc.integer({ min: 1, max: 2000 }),
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 64 }),
      (mode, size, streams, threads) => {
        const { load } = planFor('http://127.0.0.1', {
          load: { mode, streams, connections: size, maxInFlight: size },
        });
        const connections = connectionCount(load);
        const workers = Math.min(threads, connections);
        let next = 0;
        let lanes = 0;
        for (let worker = 0; worker < workers; worker += 1) {
          const share = laneShare(load, worker, workers);
          assert.equal(share.firstConnection, next);
          next += share.connections;
          lanes += share.lanes;
          assert.ok(share.lanes >= share.connections && share.lanes <= share.connections * streams);
        }
        assert.equal(next, connections);
        assert.equal(lanes, mode === 'open' ? size : size * streams);
      },
    ),
    { seed: 15, numRuns: 500 },
  );
});

test('a level of any size is the first connections of the run, and the first ones of each worker', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 64 }),
      fc.integer({ min: 1, max: 300 }),
      (connections, streams, threads, level) => {
        fc.pre(level <= connections);
        const { load } = planFor('http://127.0.0.1', { load: { connections, streams } });
        const workers = Math.min(threads, connections);
        const used: number[] = [];
        let lanes = 0;
        for (let worker = 0; worker < workers; worker += 1) {
          const share = laneShare(load, worker, workers, true);
          lanes += share.lanes;
          const part = dealtPart(level, worker, workers);
          assert.ok(part <= share.connections);
          for (let nth = 0; nth < part; nth += 1)
            used.push(share.firstConnection + nth * share.connectionStep);
        }
        assert.equal(lanes, connections * streams);
        assert.deepEqual(
          used.sort((a, b) => a - b),
          Array.from({ length: level }, (_, index) => index),
        );
      },
    ),
    { seed: 15, numRuns: 300 },
  );
});

test('an open loop that is steered shares its connections like any other', () => {
  const { load } = planFor('http://127.0.0.1', { load: { mode: 'open', maxInFlight: 7, streams: 2 } });
  for (const worker of [0, 1, 2])
    assert.deepEqual(laneShare(load, worker, 3, true), laneShare(load, worker, 3));
});
