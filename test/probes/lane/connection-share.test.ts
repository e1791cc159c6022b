import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { connectionCount, laneShare, partOf } from '../../../src/probes/lane/connection-share.js';
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
