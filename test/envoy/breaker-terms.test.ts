/**
 * What a cluster takes at once, each term of the formula by itself, in a real Envoy. Requests are sent one after the other to backends
 * that do not answer; each is refused, on a connection or waiting before the next is sent, so that nothing depends on time.
 */
import assert from 'node:assert/strict';
import { Agent, get } from 'node:http';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { takenAtOnce } from '../../src/analysis/breakers/at-once.js';
import { adminClient } from '../../src/lab/envoy/admin-client.js';
import { app, destinationRule, tutorialRoute } from '../lab/manifests.js';
import { envoyForTests } from '../support/envoy.js';
import { startEnvoyLab } from '../support/envoy-lab.js';

/** More than any case takes. */
const SENT = 24;

interface Case {
  readonly connections?: number;
  readonly pending?: number;
  readonly requests?: number;
  readonly http2?: boolean;
  /** Of each connection, over HTTP/2. */
  readonly streams?: number;
}

interface Envoy {
  readonly workers: number;
  readonly pods: number;
}

interface Held {
  readonly underWay: number;
  readonly waiting: number;
  readonly connections: number;
  readonly pendingOverflow: number;
  readonly activeOverflow: number;
}

/** Envoy has no pools but those of one endpoint, unless a test is about that. */
const ONE_POOL: Envoy = { workers: 1, pods: 1 };

function istio({ http2 = false, ...limits }: Case, pods: number): string[] {
  const http = {
    http1MaxPendingRequests: limits.pending,
    http2MaxRequests: limits.requests,
    maxConcurrentStreams: limits.streams,
    h2UpgradePolicy: http2 ? 'UPGRADE' : undefined,
  };
  const pool = JSON.stringify({ connectionPool: { tcp: { maxConnections: limits.connections }, http } });
  return [
    tutorialRoute({ weights: [1, 0] }),
    app('backend-v1', 'v1', pods),
    destinationRule('backend-v1', pool),
  ];
}

/** Sends them one by one; those that are not refused are held until the test ends. */
async function hold(t: TestContext, manifests: readonly string[], workers: number): Promise<Held> {
  const lab = await startEnvoyLab(t, manifests, { faults: ['*:slow=1h'], envoy: { path: null, workers } });
  const admin = adminClient(lab.adminUrl ?? assert.fail('the lab has no Envoy'));
  const agent = new Agent({ maxSockets: SENT });
  t.after(() => agent.destroy());
  const count = async () => {
    const stats = Object.entries(await admin.stats());
    const of = (name: string) =>
      stats
        .filter(([key]) => key.startsWith('cluster.') && key.endsWith(`.${name}`))
        .reduce((sum, [, n]) => sum + n, 0);
    return {
      underWay: of('upstream_rq_active'),
      waiting: of('upstream_rq_pending_active'),
      connections: of('upstream_cx_active'),
      pendingOverflow: of('upstream_rq_pending_overflow'),
      activeOverflow: of('upstream_rq_active_overflow'),
    };
  };
  let refused = 0;
  for (let sent = 1; sent <= SENT; sent++) {
    get(lab.urls.http ?? '', { agent, headers: { host: 'test.devopscube.com' } }, (response) => {
      assert.equal(response.headers['x-envoy-overloaded'], 'true');
      response.resume();
      refused += 1;
    }).on('error', () => {});
    for (const deadline = performance.now() + 30_000; ; await delay(5)) {
      const { underWay, waiting } = await count();
      if (underWay + waiting + refused === sent) break;
      assert.ok(performance.now() < deadline, `${underWay} + ${waiting} + ${refused} of ${sent}`);
    }
  }
  const held = await count();
  t.diagnostic(JSON.stringify(held));
  assert.equal(held.pendingOverflow + held.activeOverflow, refused);
  return held;
}

function predicted({ connections, pending, requests, http2, streams }: Case) {
  const limits = {
    maxConnections: connections ?? null,
    maxPendingRequests: pending ?? null,
    maxRequests: requests ?? null,
    maxConcurrentStreams: streams ?? null,
  };
  return takenAtOnce(limits, http2 === true ? 'h2' : 'http/1.1');
}

const EXACT: readonly (readonly [limits: Case, atOnce: number])[] = [
  [{ connections: 5, pending: 3, requests: 1000 }, 8],
  [{ connections: 5, pending: 3 }, 8],
  // The tutorial's.
  [{ connections: 1, pending: 1 }, 2],
  // The limits may be equal: nothing is refused by the one on requests.
  [{ connections: 5, pending: 10, requests: 5 }, 15],
  [{ connections: 1000, requests: 4 }, 4],
  [{ connections: 1000, pending: 10, requests: 4 }, 4],
  [{ connections: 5, pending: 10, requests: 3 }, 3],
  [{ connections: 6, pending: 10, requests: 5 }, 5],
  [{ connections: 5, pending: 3, requests: 7, http2: true }, 7],
  [{ connections: 1, pending: 1, requests: 20, http2: true }, 20],
  [{ connections: 3, pending: 2, streams: 4, http2: true }, 14],
  [{ connections: 2, pending: 5, streams: 4, requests: 7, http2: true }, 7],
];
for (const [limits, atOnce] of EXACT) {
  test(`one worker and one endpoint take ${atOnce} at once with ${JSON.stringify(limits)}`, async (t) => {
    if (envoyForTests(t) === undefined) return;
    assert.equal(predicted(limits).atOnce, atOnce);
    const held = await hold(t, istio(limits, ONE_POOL.pods), ONE_POOL.workers);
    assert.deepEqual(
      [held.underWay, held.waiting],
      [predicted(limits).underWay, atOnce - predicted(limits).underWay],
    );
    const full = predicted(limits).full;
    assert.equal(full.includes('maxRequests') ? held.pendingOverflow : held.activeOverflow, 0);
  });
}

test('the limit on connections is soft: each worker may open one to each endpoint', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const [workers, pods] = [2, 3];
  const held = await hold(t, istio({ connections: 1, pending: 2 }, pods), workers);
  assert.ok(held.connections > 1 && held.connections <= workers * pods, `${held.connections}`);
  assert.deepEqual([held.underWay, held.waiting], [held.connections, 2]);
});

test('a limit on requests just below that on connections: some may wait, where a worker has no free connection', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const held = await hold(t, istio({ connections: 6, pending: 10, requests: 5 }, 1), 2);
  assert.equal(held.underWay, 5);
  assert.ok(held.waiting <= 10, `${held.waiting}`);
});

test('a limit on requests far below that on connections: nothing waits, whatever there is of workers and endpoints', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const held = await hold(t, istio({ connections: 50, pending: 10, requests: 5 }, 3), 2);
  assert.deepEqual([held.underWay, held.waiting], [5, 0]);
  // So many connections are opened at most: one more than under way in each pool.
  assert.ok(held.connections <= 5 + 2 * 3, `${held.connections}`);
});

test('Envoy Gateway, maxPendingRequests 0: no request gets a first connection', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const policy = `---
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: BackendTrafficPolicy
metadata: {name: p, namespace: istio-test}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: backend-route}]
  circuitBreaker: {maxPendingRequests: 0}
`;
  const route = tutorialRoute({ weights: [1, 0] }).replace('gatewayClassName: istio', 'gatewayClassName: eg');
  const held = await hold(t, [route, app('backend-v1', 'v1', 1), policy], 1);
  assert.deepEqual([held.underWay, held.pendingOverflow], [predicted({ pending: 0 }).atOnce, SENT]);
});
