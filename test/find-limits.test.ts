/** Searches for limits as a whole: pre-flight, steps, recovery and result, against a server that has breakers. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { LimitsResult, StepResult } from '../src/analysis/limits/result.js';
import { sum } from '../src/collections.js';
import { findLimits } from '../src/find-limits.js';
import type { LimitsOptions } from '../src/limits-options.js';
import {
  type BreakerVersion,
  breakerServer,
  h2BreakerServer,
  oneVersion,
  twoVersions,
} from './support/breaker-server.js';
import { holds, loads } from './support/limits/whole-search.js';
import { type PlanChanges, planFor } from './support/plan.js';
import { httpServer, OVERFLOW } from './support/servers.js';

async function search(
  t: TestContext,
  versions: readonly BreakerVersion[],
  options: LimitsOptions,
  changes: PlanChanges = {},
): Promise<LimitsResult> {
  const server = await breakerServer(t, versions);
  const result = await findLimits(planFor(`http://${server.at}/`, changes), options);
  holds(result);
  assert.equal(result.ended, 'completed');
  assert.equal(result.requests.cutOff, 0);
  // The first one was the pre-flight's.
  assert.equal(server.seen.total, result.requests.scheduled + 1);
  return result;
}

test('two versions with six places each: refusals, the knee, recovery', async (t) => {
  const seen: StepResult[] = [];
  // What a search would try, without the levels in between, which take long.
  const steps = [4, 14, 18, 22, 14, 18, 22];
  const result = await search(t, twoVersions(6), {
    steps,
    refusalThreshold: 0.02,
    onStep: (step) => seen.push(step),
  });
  const { firstRefusalConnections: first, kneeConnections: knee, recoveryMs, bottleneck } = result.limits;
  assert.ok(first !== null && first <= 14, `first refusals at ${first}`);
  assert.ok(knee !== null && knee >= 6 && knee <= 18, `knee at ${knee}`);
  assert.ok(recoveryMs !== null);
  assert.equal(bottleneck, null);
  assert.deepEqual(seen, loads(result));
  assert.equal(result.limits.steps.at(-1)?.purpose, 'recovery');
  assert.equal(result.requests.byKind.overflow, result.requests.refused);
  // One median time of an accepted request: the server takes 10 ms.
  assert.ok(result.limits.afterRefusalMs !== null && result.limits.afterRefusalMs >= 8);
  assert.deepEqual(
    result.limits.levels.map(({ connections, requests }) => [connections, requests]),
    [4, 14, 18, 22].map((level) => [
      level,
      sum(loads(result).map(({ connections, requests }) => (connections === level ? requests : 0))),
    ]),
  );
});

test('no limit anywhere: the search ends at its bound, and says that it did', async (t) => {
  const result = await search(t, oneVersion(), { maxConnections: 2 });
  assert.deepEqual(
    loads(result).map(({ connections }) => connections),
    [1, 2],
  );
  assert.equal(result.requests.refused, 0);
  const { limits } = result;
  assert.equal(limits.kneeConnections, null);
  assert.equal(limits.firstRefusalConnections, null);
  assert.equal(limits.lastAcceptedConnections, 2);
  assert.equal(limits.recoveryMs, null);
  assert.equal(limits.bottleneck?.kind, 'bound');
  assert.equal(result.verdict, null);
});

test('a limit of 1: one connection is accepted, two are not', async (t) => {
  const one = oneVersion({ connections: 1, pending: 0 });
  const result = await search(t, one, { maxConnections: 4, maxTimeMs: 2500 });
  assert.equal(result.limits.lastAcceptedConnections, 1);
  assert.equal(result.limits.firstRefusalConnections, 2);
});

test('refusals from the first request on: no level is accepted', async (t) => {
  const none = [...oneVersion({ share: 0.5 }), { name: 'v2', share: 0.5, connections: 0, pending: 0 }];
  const result = await search(t, none, { maxConnections: 2, maxTimeMs: 1500 });
  assert.equal(result.limits.firstRefusalConnections, 1);
  assert.equal(result.limits.lastAcceptedConnections, 0);
  assert.ok(result.requests.refused > 0);
});

test('a knee below the first step that is given', async (t) => {
  const result = await search(t, twoVersions(2), { steps: [16] });
  assert.equal(result.limits.firstRefusalConnections, 16);
  assert.equal(result.limits.lastAcceptedConnections, 0);
});

test('backends that are full before any limit: goodput stays and times grow', async (t) => {
  const steps = [4, 16, 4, 16];
  const result = await search(t, oneVersion({ connections: 2 }), { steps, refusalThreshold: 0.5 });
  const { bottleneck, kneeConnections } = result.limits;
  assert.equal(kneeConnections, null);
  assert.deepEqual([bottleneck?.kind, bottleneck?.fromLevel, bottleneck?.version], ['backends', 4, 'v1']);
  assert.equal(result.requests.refused, 0);
});

test('steps by hand: exactly these, in this order, though the later one is lower; hammering', async (t) => {
  const twelve = oneVersion({ connections: 12, pending: 0 });
  const given = { steps: [16, 2], refusalThreshold: 0.1, afterRefusal: 'hammer' } as const;
  const result = await search(t, twelve, given);
  assert.deepEqual(
    loads(result).map(({ connections, purpose }) => [connections, purpose]),
    [
      [16, 'given'],
      [2, 'given'],
    ],
  );
  // Without a pause a refused connection asks again at once: far more than the four that are too many, once in 10 ms.
  const [at16] = loads(result);
  assert.ok(at16 !== undefined && at16.refused > at16.accepted / 2);
  assert.equal(result.limits.afterRefusalMs, null);
  // The load falls from a level with refusals, which the last one was not.
  const recovery = result.limits.steps.at(-1);
  assert.equal(recovery?.purpose, 'recovery');
  assert.ok(recovery.accepted > 0 && (recovery.connections ?? 0) <= 12);
  assert.ok(result.limits.recoveryMs !== null);
});

test('by rate: requests are due at a rate, and the limit shows', async (t) => {
  const server = await breakerServer(t, oneVersion({ connections: 2, pending: 0, serviceMs: 20 }));
  const options = { search: 'rate', steps: [20, 400], maxConnections: 60, refusalThreshold: 0.2 } as const;
  const result = await findLimits(planFor(`http://${server.at}/`), options);
  holds(result);
  const { limits, requests } = result;
  assert.equal(limits.search, 'rate');
  assert.deepEqual([limits.firstRefusalPerSecond, limits.lastAcceptedPerSecond], [400, 20]);
  assert.deepEqual([limits.firstRefusalConnections, limits.kneeConnections], [null, null]);
  // Those that were due at the very end were not sent.
  assert.equal(server.seen.total, requests.scheduled - requests.cutOff + 1);
});

test('over HTTP/2, ten streams on each connection', async (t) => {
  const server = await h2BreakerServer(t, oneVersion({ connections: 25, pending: 0 }));
  const plan = planFor(`http://${server.at}/`, {
    flags: { http2: true },
    load: { streams: 10, threads: 2 },
  });
  const result = await findLimits(plan, { steps: [2, 5], refusalThreshold: 0.1 });
  holds(result);
  assert.equal(result.limits.streams, 10);
  const [two, five] = loads(result);
  assert.equal(two?.refused, 0);
  assert.ok(five !== undefined && five.refused > 0);
  assert.equal(two?.openConnections, 2);
  assert.equal(five?.openConnections, 5);
});

test("429 of a rate limit and a backend's 500 are told apart from a breaker", async (t) => {
  const kinds: [status: number, headers: Record<string, string>, body: string][] = [
    [429, { 'x-envoy-ratelimited': 'true' }, 'local_rate_limited'],
    [500, { 'x-version': 'v1' }, 'broken'],
    [OVERFLOW.status, OVERFLOW.headers, OVERFLOW.body],
    [200, { 'x-version': 'v1' }, 'ok'],
  ];
  const server = await httpServer(t, (_request, reply) => {
    const [status, headers, body] = kinds[server.seen.total % kinds.length] ?? [200, {}, ''];
    reply.writeHead(status, headers).end(body);
  });
  const plan = planFor(`http://${server.at}/`);
  const result = await findLimits(plan, { steps: [1], preflight: false });
  holds(result);
  const { byKind, accepted, refused } = result.requests;
  assert.deepEqual(Object.keys(byKind).sort(), ['overflow', 'rate-limited']);
  assert.equal((byKind.overflow ?? 0) + (byKind['rate-limited'] ?? 0), refused);
  assert.ok(accepted > 0);
  const told = new Set(result.notes.map(({ code }) => code));
  assert.ok(told.has('limits-other-refusals') && told.has('limits-backend-errors'), [...told].join());
});
