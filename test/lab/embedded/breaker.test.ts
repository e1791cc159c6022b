import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { Breaker } from '../../../src/lab/embedded/breaker.js';

const limits = (connections: number, pending: number, requests: number) => ({
  maxConnections: connections,
  http1MaxPendingRequests: pending,
  http2MaxRequests: requests,
});

// connections, pending, requests → how many requests are taken at once.
for (const [connections, pending, requests, taken] of [
  [100, 50, 100, 150],
  [100, 50, 200, 150],
  [1000, 1000, 10, 10],
  [1, 0, 5, 1],
  [3, 2, 2, 2],
] as const) {
  test(`${connections} connections, ${pending} pending, ${requests} requests take ${taken} at once`, () => {
    const breaker = new Breaker(limits(connections, pending, requests));
    let refused = 0;
    for (let i = 0; i < taken + 7; i++) if (breaker.enter(() => {}) === null) refused += 1;
    assert.equal(refused, 7);
    const { active, waiting } = breaker.inFlight;
    assert.equal(active + waiting, taken);
  });
}

test('who waited longest comes next; who gave up does not', () => {
  const breaker = new Breaker(limits(1, 3, 10));
  const granted: string[] = [];
  breaker.enter(() => granted.push('a'));
  breaker.enter(() => granted.push('b'));
  const giveUp = breaker.enter(() => granted.push('c'));
  breaker.enter(() => granted.push('d'));
  giveUp?.();
  breaker.release();
  breaker.release();
  assert.deepEqual(granted, ['a', 'b', 'd']);
  breaker.release();
  assert.deepEqual(breaker.inFlight, { active: 0, waiting: 0 });
});

test('any order of entering and leaving: within the limits, every request granted or refused once', () => {
  const small = fc.nat(5);
  fc.assert(
    fc.property(small, small, small, fc.array(fc.boolean(), { maxLength: 200 }), (c, p, r, steps) => {
      const breaker = new Breaker(limits(c + 1, p, r + 1));
      let entered = 0;
      let granted = 0;
      let refused = 0;
      let released = 0;
      for (const enter of steps) {
        if (enter) {
          entered += 1;
          if (breaker.enter(() => (granted += 1)) === null) refused += 1;
        } else if (granted > released) {
          released += 1;
          breaker.release();
        }
        const { active, waiting } = breaker.inFlight;
        assert.equal(active, granted - released);
        assert.ok(active <= Math.min(c, r) + 1 && waiting <= p);
        assert.equal(entered, granted + refused + waiting);
      }
    }),
    { seed: 20261124, numRuns: 300 },
  );
});
