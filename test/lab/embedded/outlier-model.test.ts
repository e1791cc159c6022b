import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {
  type EjectionEvent,
  type HostResult,
  OutlierModel,
} from '../../../src/lab/embedded/outlier-model.js';
import type { OutlierDetection } from '../../../src/plan/policy/outlier-detection.js';

/** The samples' rule, with other values where a test needs them. */
function settings(values: Partial<OutlierDetection> = {}): OutlierDetection {
  return {
    errorCodes: null,
    consecutive5xxErrors: 5,
    consecutiveGatewayErrors: 0,
    consecutiveLocalOriginFailures: null,
    splitExternalLocalOriginErrors: false,
    intervalMs: 30_000,
    baseEjectionTimeMs: 30_000,
    maxEjectionPercent: 50,
    alwaysEjectsOne: false,
    ejectsBySuccessRate: false,
    failurePercentage: null,
    minHealthPercent: 0,
    given: [],
    ...values,
  };
}

function model(hosts: number, values: Partial<OutlierDetection> = {}) {
  const events: EjectionEvent[] = [];
  const names = Array.from({ length: hosts }, (_, i) => `h${i}`);
  const made = new OutlierModel(names, settings(values), 0, (event) => events.push(event));
  const fail = (host: string, count: number, atMs: number, result: HostResult = 500) => {
    for (let i = 0; i < count; i++) made.record(host, result, atMs);
  };
  return { made, events, fail, names };
}

test('the fifth 5xx in a row ejects at once, the fourth does not', () => {
  const { made, events, fail } = model(2);
  fail('h0', 4, 100);
  assert.equal(made.isEjected('h0', 100), false);
  fail('h0', 1, 101);
  assert.deepEqual(events, [
    { atMs: 101, host: 'h0', action: 'ejected', cause: 'consecutive-5xx', backOff: 1 },
  ]);
  assert.deepEqual(made.ejectedHosts(101), ['h0']);
});

test('a success in between starts the count again, other hosts do not', () => {
  const { made, fail } = model(2);
  fail('h0', 4, 1);
  made.record('h0', 404, 2);
  fail('h0', 4, 3);
  made.record('h1', 200, 3);
  assert.equal(made.isEjected('h0', 3), false);
  fail('h0', 1, 4);
  assert.equal(made.isEjected('h0', 4), true);
});

// What Envoy 1.40 was seen to do: [hosts, max percent, how many went out].
for (const [hosts, percent, out] of [
  [3, 33, 0],
  [3, 34, 1],
  [3, 50, 1],
  [3, 67, 2],
  [2, 49, 0],
  [2, 50, 1],
  [1, 10, 0],
  [1, 100, 1],
  [9, 10, 0],
  [10, 10, 1],
] as const) {
  test(`of ${hosts} hosts at ${percent} % ${out} go out`, () => {
    const { made, fail, names } = model(hosts, { maxEjectionPercent: percent });
    for (const name of names) fail(name, 50, 10);
    assert.equal(made.ejectedHosts(10).length, out);
    assert.equal(out, Math.floor((hosts * percent) / 100));
  });
}

test('outlierDetection: {} ejects nothing of three hosts, and refuses at every fifth 500 (101 → 20)', () => {
  const { made, events, fail } = model(3, { intervalMs: 10_000, maxEjectionPercent: 10 });
  fail('h1', 101, 5);
  assert.equal(made.ejectedHosts(5).length, 0);
  assert.equal(events.length, 20);
  assert.ok(events.every(({ action }) => action === 'refused'));
});

test('windows of 3.8 s and 8.9 s at base 3 s, interval 3 s', () => {
  const { made, events, fail } = model(2, { intervalMs: 3000, baseEjectionTimeMs: 3000 });
  fail('h0', 5, 2200);
  assert.equal(made.isEjected('h0', 5999), true);
  assert.equal(made.isEjected('h0', 6000), false);
  fail('h0', 5, 6100);
  assert.equal(made.isEjected('h0', 14_999), true);
  assert.equal(made.isEjected('h0', 15_000), false);
  assert.deepEqual(
    events.map(({ action, atMs, backOff }) => [action, atMs, backOff]),
    [
      ['ejected', 2200, 1],
      ['returned', 6000, 1],
      ['ejected', 6100, 2],
      ['returned', 15_000, 2],
    ],
  );
});

test('each healthy sweep makes the next window one base time shorter', () => {
  const { made, events, fail } = model(2, { intervalMs: 1000, baseEjectionTimeMs: 1000 });
  fail('h0', 5, 0);
  fail('h0', 5, 1000); // n = 2, out until 3000
  assert.equal(made.isEjected('h0', 4000), false); // the sweep at 4000 is a healthy one: n = 1
  fail('h0', 5, 4500);
  assert.equal(events.at(-1)?.backOff, 2);
  made.ejectedHosts(20_000); // long healthy: n = 0, not below
  fail('h0', 5, 20_001);
  assert.equal(events.at(-1)?.backOff, 1);
});

test('a host that comes back has its count at zero', () => {
  const { made, fail } = model(2, { intervalMs: 1000, baseEjectionTimeMs: 1000 });
  fail('h0', 9, 0); // four more were under way
  fail('h0', 4, 1000);
  assert.equal(made.isEjected('h0', 1000), false);
});

test('consecutiveGatewayErrors alone leaves the 5xx rule in force', () => {
  const { events, fail } = model(4, { consecutiveGatewayErrors: 3 });
  fail('h0', 2, 0, 503);
  fail('h0', 1, 0, 504);
  fail('h1', 5, 1, 500);
  fail('h2', 2, 2, 502);
  fail('h2', 1, 2, 500);
  fail('h2', 1, 2, 503);
  assert.deepEqual(
    events.map(({ host, cause, action }) => [host, action, cause]),
    [
      ['h0', 'ejected', 'consecutive-gateway-failure'],
      ['h1', 'ejected', 'consecutive-5xx'],
    ],
  );
});

test('consecutive5xxErrors: 0 switches the rule off', () => {
  const { events, fail } = model(2, { consecutive5xxErrors: 0 });
  fail('h0', 50, 0);
  assert.deepEqual(events, []);
});

test('failures to connect count as 5xx, unless they are counted apart', () => {
  const together = model(2);
  together.fail('h0', 5, 0, 'connect-failure');
  assert.equal(together.events[0]?.cause, 'consecutive-5xx');
  const apart = model(2, { splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 4 });
  apart.fail('h0', 3, 0, 'connect-failure');
  apart.fail('h0', 4, 0, 500);
  apart.fail('h0', 4, 0, 'timeout');
  assert.deepEqual(
    apart.events.map(({ cause }) => cause),
    ['consecutive-local-failure'],
  );
});

test('a host that the cluster does not have is a mistake of the caller', () => {
  assert.throws(() => model(1).made.record('h7', 200, 0), RangeError);
});

/** A history of results: hosts, time steps and whether they failed. */
const history = fc.record({
  hosts: fc.integer({ min: 1, max: 12 }),
  percent: fc.integer({ min: 1, max: 100 }),
  limit: fc.integer({ min: 1, max: 6 }),
  intervalMs: fc.integer({ min: 1, max: 50 }),
  baseMs: fc.integer({ min: 1, max: 80 }),
  steps: fc.array(fc.tuple(fc.nat(11), fc.nat(20), fc.constantFrom(500, 500, 500, 503, 200)), {
    maxLength: 300,
  }),
});

test('any history: bound of ejected hosts, failures in a row before each ejection, windows end at sweeps', () => {
  fc.assert(
    fc.property(history, ({ hosts, percent, limit, intervalMs, baseMs, steps }) => {
      const { made, events, names } = model(hosts, {
        maxEjectionPercent: percent,
        consecutive5xxErrors: limit,
        intervalMs,
        baseEjectionTimeMs: baseMs,
      });
      const inARow = new Map<string, number>();
      const since = new Map<string, EjectionEvent>();
      let atMs = 0;
      let seen = 0;
      for (const [index, stepMs, status] of steps) {
        atMs += stepMs;
        const host = names[index % hosts] as string;
        inARow.set(host, status >= 500 ? (inARow.get(host) ?? 0) + 1 : 0);
        made.record(host, status, atMs);
        assert.ok(made.ejectedHosts(atMs).length <= Math.floor((hosts * percent) / 100));
        for (const event of events.slice(seen)) {
          if (event.action === 'ejected') {
            assert.equal(event.host, host);
            assert.ok((inARow.get(host) ?? 0) >= limit, 'failures in a row');
            since.set(host, event);
          } else if (event.action === 'returned') {
            const ejected = since.get(event.host) as EjectionEvent;
            const earliest = ejected.atMs + ejected.backOff * baseMs;
            assert.equal(event.atMs, Math.ceil(earliest / intervalMs) * intervalMs, 'rounded up to a sweep');
          }
        }
        seen = events.length;
      }
    }),
    { seed: 20261124, numRuns: 300 },
  );
});

test('error codes: only these count, as 500 if they are no 5xx; all others end a row', () => {
  const { made, events, fail } = model(4, { errorCodes: [503, 429], maxEjectionPercent: 100 });
  fail('h0', 20, 1, 500);
  fail('h0', 4, 2, 503);
  made.record('h0', 500, 3);
  fail('h0', 4, 4, 503);
  assert.deepEqual(events, []);
  made.record('h0', 429, 5);
  assert.deepEqual(
    events.map(({ host, atMs }) => [host, atMs]),
    [['h0', 5]],
  );
  // Failures of the gateway's own are not asked.
  fail('h1', 5, 6, 'connect-failure');
  assert.equal(made.isEjected('h1', 6), true);
});

test('error codes that are no 5xx are no gateway errors', () => {
  const { made, fail } = model(4, {
    errorCodes: [429, 502],
    consecutive5xxErrors: 0,
    consecutiveGatewayErrors: 2,
  });
  fail('h0', 9, 1, 429);
  assert.equal(made.isEjected('h0', 1), false);
  fail('h0', 2, 2, 502);
  assert.equal(made.isEjected('h0', 2), true);
});
