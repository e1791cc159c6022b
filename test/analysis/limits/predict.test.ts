import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type MeasuredVersion, predict } from '../../../src/analysis/limits/predict.js';
import type { PredictOptions } from '../../../src/analysis/limits/predicted-cluster.js';
import type { ClusterLimits, LimitFacts } from '../../../src/plan/limit-facts.js';

const SOURCE = 'DestinationRule n/dr (dr.yaml, line 1)';
const cluster = (version: string | null, more: Partial<ClusterLimits> = {}): ClusterLimits => ({
  version,
  from: 'DestinationRule',
  source: SOURCE,
  backendProtocol: 'http/1.1',
  maxConnections: 100,
  maxPendingRequests: 50,
  maxRequests: 100,
  maxConcurrentStreams: null,
  maxRequestsPerConnection: null,
  maxRetries: null,
  ...more,
});
const facts = (more: Partial<LimitFacts> = {}): LimitFacts => ({
  scope: 'version',
  scopeFrom: 'a test',
  clusters: [cluster('v1'), cluster('v2')],
  shares: [
    { version: 'v1', share: 0.5 },
    { version: 'v2', share: 0.5 },
  ],
  notes: [],
  ...more,
});
const shares = (v1: number) => [
  { version: 'v1', share: v1 },
  { version: 'v2', share: 1 - v1 },
];
const times = (v1: number | null, v2: number | null): ReadonlyMap<string, MeasuredVersion> =>
  new Map([
    ['v1', { share: 0.5, serviceTimeMs: v1 }],
    ['v2', { share: 0.5, serviceTimeMs: v2 }],
  ]);
const options = (more: Partial<PredictOptions> = {}): PredictOptions => ({
  search: 'connections',
  streams: 1,
  gatewayReplicas: 1,
  wanted: null,
  ...more,
});
const kneeOf = (of: LimitFacts, measured = times(100, 100), more: Partial<PredictOptions> = {}) =>
  predict(of, measured, options(more))?.knee;

test('golden: 50/50, 90/10, and 50/50 with one version ten times slower', () => {
  assert.equal(kneeOf(facts()), 300);
  assert.equal(kneeOf(facts({ shares: shares(0.9) })), 161);
  assert.equal(kneeOf(facts(), times(100, 1000)), 160);
  const h2 = [cluster('v1', { backendProtocol: 'h2' }), cluster('v2', { backendProtocol: 'h2' })];
  assert.equal(kneeOf(facts({ clusters: h2 })), 200);
});

test('which limits bind, and which would be next', () => {
  const slow = predict(facts(), times(100, 1000), options());
  const full = ['maxConnections', 'maxPendingRequests'];
  assert.deepEqual(slow?.binding, { version: 'v2', limits: full, source: SOURCE });
  // With v1 full, v2 would have 1,000 requests under way.
  assert.deepEqual(slow?.next, { binding: { version: 'v1', limits: full, source: SOURCE }, knee: 1150 });
  const equal = predict(facts(), times(100, 100), options());
  assert.deepEqual(
    [equal?.binding?.version, equal?.next?.binding.version, equal?.next?.knee],
    ['v1', 'v2', 300],
  );
  const one = predict(facts({ clusters: [cluster('v1', { maxRequests: 10 })] }), times(100, 100), options());
  assert.deepEqual([one?.knee, one?.binding?.limits, one?.next], [20, ['maxRequests'], null]);
  assert.deepEqual(one?.versions[1]?.atOnce, null);
});

test('a small knee is not rounded to whole requests', () => {
  const two = ['v1', 'v2'].map((name) => cluster(name, { maxConnections: 1, maxPendingRequests: 1 }));
  assert.equal(kneeOf(facts({ shares: shares(0.75), clusters: two })), 2.33);
});

test('replicas of the gateway count each by itself, and a connection with streams is several requests', () => {
  assert.equal(kneeOf(facts(), times(100, 100), { gatewayReplicas: 3 }), 900);
  assert.equal(kneeOf(facts(), times(100, 100), { streams: 7 }), 300 / 7);
});

test('by rate: what the first version gets done; unknown without times', () => {
  const rate = { search: 'rate' as const };
  assert.equal(kneeOf(facts(), times(100, 100), rate), 2000);
  assert.equal(kneeOf(facts(), times(100, 1000), { ...rate, gatewayReplicas: 2 }), 400);
  assert.equal(kneeOf(facts(), times(null, null), rate), null);
});

test('a version that was not measured is as fast as the others; without measurements all are equal', () => {
  assert.equal(kneeOf(facts(), times(100, null)), 300);
  assert.equal(kneeOf(facts(), new Map()), 300);
});

test('nothing expected: the measured shares count', () => {
  const measured = new Map([
    ['v1', { share: 0.72, serviceTimeMs: 100 }],
    ['v2', { share: 0.08, serviceTimeMs: 100 }],
  ]);
  assert.equal(kneeOf(facts({ shares: null }), measured), 161);
  const each = predict(facts({ shares: null, clusters: [cluster(null)] }), measured, options());
  assert.deepEqual([each?.knee, each?.versions.map(({ version }) => version)], [161, ['v1', 'v2']]);
  assert.equal(kneeOf(facts({ shares: null, clusters: [cluster(null)] }), new Map()), 150);
});

test('all versions together: one limit, whatever the times', () => {
  const together = facts({ scope: 'route', clusters: [cluster(null)] });
  const found = predict(together, times(100, 300), options());
  assert.deepEqual([found?.knee, found?.binding?.version, found?.next], [150, null, null]);
  assert.equal(found?.versions[0]?.serviceTimeMs, 200);
  assert.equal(kneeOf(together, times(100, 300), { search: 'rate' }), 500);
});

test('no limit known, and no limit', () => {
  assert.equal(predict(facts({ clusters: [] }), times(1, 1), options()), null);
  const free = { maxConnections: null, maxPendingRequests: null, maxRequests: null };
  const none = predict(facts({ clusters: [cluster('v1', free)] }), times(1, 1), options({ wanted: 1e6 }));
  assert.deepEqual([none?.knee, none?.binding, none?.next, none?.changes], [null, null, null, []]);
});

test('what to change for a wanted knee names the fields of the resource', () => {
  const changes = (of: LimitFacts, wanted: number, more: Partial<PredictOptions> = {}) =>
    predict(of, times(100, 100), options({ wanted, ...more }))?.changes;
  assert.deepEqual(changes(facts(), 300), []);
  assert.deepEqual(changes(facts({ shares: shares(0.9) }), 500), [
    {
      version: 'v1',
      atOnce: 450,
      has: 100,
      text: `Raise tcp.maxConnections and http.http2MaxRequests of ${SOURCE} to 450 or more.`,
    },
  ]);
  const eg = cluster(null, { from: 'BackendTrafficPolicy', source: null, maxRequests: 1024 });
  const [raise] = changes(facts({ scope: 'route', clusters: [eg] }), 400, { gatewayReplicas: 2 }) ?? [];
  assert.deepEqual([raise?.atOnce, raise?.text], [200, 'Raise maxConnections to 200 or more.']);
  const hand = cluster(null, { from: 'options', source: null });
  const [byRate] = changes(facts({ clusters: [hand] }), 4000, { search: 'rate' }) ?? [];
  assert.deepEqual([byRate?.atOnce, byRate?.text], [200, 'Raise connections and requests to 200 or more.']);
  const h2 = cluster('v1', { backendProtocol: 'h2', maxConnections: 2, maxConcurrentStreams: 10 });
  const [streams] = changes(facts({ clusters: [h2] }), 1000) ?? [];
  assert.equal(
    streams?.text,
    `Raise tcp.maxConnections to 50 and http.http2MaxRequests to 500 or more of ${SOURCE}.`,
  );
});

test('no place to wait: nothing gets through, by any load, and what to do', () => {
  const closed = facts({ scope: 'route', clusters: [cluster(null, { maxPendingRequests: 0 })] });
  const found = predict(closed, times(100, 100), options({ wanted: 50 }));
  assert.deepEqual([found?.knee, found?.binding?.limits], [0, ['maxPendingRequests']]);
  assert.equal(found?.changes[0]?.text, `Raise http.http1MaxPendingRequests of ${SOURCE} to 1 or more.`);
  assert.equal(kneeOf(closed, times(100, 100), { search: 'rate' }), 0);
});

test('property: with the changes the wanted knee is reached', () => {
  const limit = fc.option(fc.integer({ min: 1, max: 300 }), { nil: null });
  const drawn = fc.record({
    maxConnections: limit,
    maxPendingRequests: limit,
    maxRequests: limit,
    backendProtocol: fc.constantFrom('http/1.1' as const, 'h2' as const),
  });
  fc.assert(
    fc.property(
      fc.tuple(drawn, drawn),
      fc.double({ min: 0.05, max: 0.95, noNaN: true }),
      fc.tuple(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: 2000 })),
      fc.integer({ min: 1, max: 3000 }),
      fc.integer({ min: 1, max: 3 }),
      (limits, v1, [t1, t2], wanted, gatewayReplicas) => {
        const of = facts({
          shares: shares(v1),
          clusters: [cluster('v1', limits[0]), cluster('v2', limits[1])],
        });
        const found = predict(of, times(t1, t2), options({ wanted, gatewayReplicas }));
        const raised = of.clusters.map((one) => {
          const change = found?.changes.find(({ version }) => version === one.version);
          if (change === undefined) return one;
          assert.ok(change.has < change.atOnce);
          const raise = (n: number | null) => (n === null ? null : Math.max(n, change.atOnce));
          return { ...one, maxConnections: raise(one.maxConnections), maxRequests: raise(one.maxRequests) };
        });
        const after = predict({ ...of, clusters: raised }, times(t1, t2), options({ gatewayReplicas }));
        assert.ok((after?.knee ?? Number.POSITIVE_INFINITY) >= wanted);
      },
    ),
  );
});
