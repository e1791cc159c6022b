import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { partOf } from '../../src/probes/share-out.js';

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
