/** A gateway that draws a version for each connection, as a TCP route or kube-proxy does: no verdict takes requests for draws. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { run } from '../src/run.js';
import { seededRandom } from './support/blocks.js';
import { DETECT, planFor } from './support/plan.js';
import { httpServer } from './support/servers.js';

/** Passes each connection on to a version that is drawn once. */
async function perConnection(t: TestContext, share: number, seed: number): Promise<string> {
  const versions = await Promise.all(
    ['v1', 'v2'].map((version) =>
      httpServer(t, (_request, reply) => {
        reply.setHeader('content-type', 'text/plain');
        reply.end(`hello from backend ${version}`);
      }),
    ),
  );
  const random = seededRandom(seed);
  const server = createServer((client) => {
    const [v1, v2] = versions.map(({ at }) => Number(at.split(':')[1])) as [number, number];
    const backend = connect(random() < share ? v2 : v1, '127.0.0.1');
    client.pipe(backend).pipe(client);
    client.on('error', () => backend.destroy());
    backend.on('error', () => client.destroy());
    t.after(() => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
}

test('80/20 for each connection is never a 90/10, with few requests on each connection or many', async (t) => {
  for (const seed of [1, 2]) {
    for (const requestsPerConnection of [null, 10]) {
      const plan = planFor(await perConnection(t, 0.2, seed), {
        expect: { 'backend-v1': 90, 'backend-v2': 10 },
        load: { requests: 2000, connections: 50, requestsPerConnection },
        detect: DETECT,
      });
      const result = await run(plan);
      assert.equal(result.split?.unit, 'connection');
      assert.notEqual(result.verdict, 'pass', JSON.stringify(result.connections));
    }
  }
});
