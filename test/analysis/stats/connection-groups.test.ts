import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectionGroups } from '../../../src/analysis/stats/connection-groups.js';
import { logGamma } from '../../../src/analysis/stats/log-gamma.js';
import { seededRandom } from '../../support/blocks.js';

const random = seededRandom(23);

/** Responses of a connection by version. */
function connection(size: number, shares: readonly number[]): number[] {
  const counts = shares.map(() => 0);
  for (let i = 0; i < size; i++) {
    let left = random();
    const version = shares.findIndex((share) => {
      left -= share;
      return left < 0;
    });
    const at = version < 0 ? shares.length - 1 : version;
    counts[at] = (counts[at] as number) + 1;
  }
  return counts;
}

const sizes = (all: readonly (readonly number[])[]) =>
  connectionGroups(all)?.map(({ connections }) => connections) ?? null;

test('replicas of two and of three kinds are found', () => {
  const of = (n: number, shares: readonly number[]) =>
    Array.from({ length: n }, () => connection(80, shares));
  assert.deepEqual(sizes([...of(30, [0.9, 0.1]), ...of(20, [0.5, 0.5])]), [30, 20]);
  assert.deepEqual(sizes([...of(30, [1, 0]), ...of(20, [0.5, 0.5])]), [30, 20]);
  assert.deepEqual(
    sizes([...of(20, [0.8, 0.1, 0.1]), ...of(15, [0.2, 0.7, 0.1]), ...of(10, [0.2, 0.1, 0.7])]),
    [20, 15, 10],
  );
});

test('connections with shares of their own are no groups', () => {
  const spread = Array.from({ length: 60 }, () => {
    const share = random();
    return connection(80, [share, 1 - share]);
  });
  assert.equal(sizes(spread), null);
  assert.equal(sizes(Array.from({ length: 60 }, () => connection(80, [0.9, 0.1]))), null);
});

test('log Γ', () => {
  for (const [z, value] of [
    [0.5, Math.log(Math.PI) / 2],
    [1, 0],
    [2, 0],
    [5, Math.log(24)],
    [101, 363.73937555556347],
  ] as const) {
    assert.ok(Math.abs(logGamma(z) - value) < 1e-12 * Math.max(1, value), `${z}`);
  }
});
