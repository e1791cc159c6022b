import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { BreakerWatch } from '../../src/gateway/breaker-watch.js';
import { clusterOf } from '../support/gateway-word.js';

const [V1, V2] = [clusterOf('backend-v1'), clusterOf('backend-v2')];

/** An Envoy whose statistics can be changed; null: it answers 404. */
async function envoy(t: TestContext, stats: () => Record<string, number> | null): Promise<string> {
  const server = createServer((_, reply) => {
    const values = stats();
    if (values === null) {
      reply.writeHead(404).end();
      return;
    }
    const rows = Object.entries(values).map(([name, value]) => ({ name, value }));
    reply.end(JSON.stringify({ stats: [...rows, { histograms: {} }] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const overflow = (cluster: string, kind: string) => `cluster.${cluster};.upstream_rq_${kind}_overflow`;
const left = (cluster: string, what: string) =>
  `cluster.${cluster};.circuit_breakers.default.remaining_${what}`;

test('overflows are told by what they grew, of all replicas together, and the least that was left', async (t) => {
  let pending = 5;
  let remaining = 40;
  const stats = () => ({
    [overflow(V1, 'pending')]: pending,
    [overflow(V1, 'active')]: 2,
    [overflow(V2, 'pending')]: 0,
    [overflow(V2, 'active')]: 0,
    [`cluster.${V1};.upstream_cx_overflow`]: pending * 2,
    [left(V1, 'cx')]: remaining,
    [left(V1, 'pending')]: 50,
    [left(V1, 'rq')]: 100,
    'cluster.xds-grpc.upstream_rq_pending_overflow': pending,
  });
  const [a, b] = [await envoy(t, stats), await envoy(t, stats)];
  const watch = new BreakerWatch([a, b, a]);
  assert.deepEqual((await watch.look())?.get(V1), { pending: 0, active: 0, connection: 0, retry: 0 });
  pending = 12;
  remaining = 3;
  await watch.look();
  remaining = 30;
  assert.deepEqual((await watch.look())?.get(V1), { pending: 14, active: 0, connection: 28, retry: 0 });
  assert.deepEqual(watch.report(), {
    clusters: new Map([
      [
        V1,
        {
          overflows: { pending: 14, active: 0, connection: 28, retry: 0 },
          remaining: { connections: 3, pending: 50, requests: 100 },
        },
      ],
    ]),
    remarks: [],
  });
});

test('a proxy without counters of clusters: the annotation that enables them, and no zeros', async (t) => {
  const watch = new BreakerWatch([await envoy(t, () => ({ 'cluster.xds-grpc.upstream_cx_overflow': 1 }))]);
  await watch.look();
  const { clusters, remarks } = watch.report();
  assert.equal(clusters, null);
  assert.match(remarks.join(), /proxyStatsMatcher.*upstream_rq_\(pending\|active\|retry\)_overflow/);
});

test('an Envoy before 1.38 has no counter of refused active requests, which is said', async (t) => {
  let pending = 1;
  const watch = new BreakerWatch([await envoy(t, () => ({ [overflow(V1, 'pending')]: pending }))]);
  await watch.look();
  pending = 4;
  assert.deepEqual((await watch.look())?.get(V1), { pending: 3, active: null, connection: 0, retry: 0 });
  assert.match(watch.report().remarks.join(), /1\.38/);
});

test('counters that fall: Envoy was restarted, and counts from 0', async (t) => {
  let pending = 9;
  const watch = new BreakerWatch([await envoy(t, () => ({ [overflow(V1, 'pending')]: pending }))]);
  await watch.look();
  pending = 2;
  assert.equal((await watch.look())?.get(V1)?.pending, 2);
  assert.match(watch.report().remarks.join(), /restarted/);
});

test('a server that is no admin interface is a remark, and nothing is known', async (t) => {
  const watch = new BreakerWatch([await envoy(t, () => null)]);
  assert.equal(await watch.look(), null);
  const { clusters, remarks } = watch.report();
  assert.equal(clusters, null);
  assert.match(remarks.join(), /answered 404/);
});

test('too many interfaces, and what is no URL, are refused', () => {
  assert.throws(
    () => new BreakerWatch(Array.from({ length: 17 }, (_, i) => `http://127.0.0.1:${i + 1}`)),
    /at most 16/,
  );
  assert.throws(() => new BreakerWatch(['http://']), /not the URL of an admin interface/);
});

test('an interface that fails three times in a row is not asked again', async (t) => {
  let asked = 0;
  const watch = new BreakerWatch([
    await envoy(t, () => {
      asked += 1;
      return null;
    }),
  ]);
  for (let i = 0; i < 5; i += 1) assert.equal(await watch.look(), null);
  assert.equal(asked, 3);
});
