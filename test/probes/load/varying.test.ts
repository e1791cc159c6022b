/** Requests that differ from each other, as servers get them: values, and cookies of each connection. */
import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { type TestContext, test } from 'node:test';
import type { LoadPlan } from '../../../src/plan/plan.js';
import { connectionOf, seqOf, uuidOf } from '../../../src/plan/values/fill.js';
import { sendSingleRequest } from '../../../src/probes/preflight/single-request.js';
import { runEngine } from '../../support/engine.js';
import { h2Server } from '../../support/h2-servers.js';
import { planFor } from '../../support/plan.js';
import { httpServer } from '../../support/servers.js';

interface Got {
  /** Number of its connection at the server, from 1. */
  readonly connection: number;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Every response of this request of a connection closes it, where the protocol has no other end. */
const CLOSING = 3;

/** A server that keeps what it got; on each connection the first answer sets the cookie `sid`. */
async function server(t: TestContext, http2: boolean): Promise<{ at: string; got: Got[] }> {
  const got: Got[] = [];
  const numbers = new Map<unknown, { number: number; requests: number }>();
  const keep = (key: unknown, one: Omit<Got, 'connection'>) => {
    const known = numbers.get(key) ?? { number: numbers.size + 1, requests: 0 };
    numbers.set(key, known);
    known.requests += 1;
    got.push({ connection: known.number, ...one });
    return known;
  };
  const cookie = (number: number) => [`sid=${number}; Path=/`, `gone=1; Max-Age=0`];
  if (http2) {
    const { at } = await h2Server(t, ({ stream, session, headers }) => {
      const body: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => body.push(chunk));
      stream.on('end', () => {
        const text = Buffer.concat(body).toString('latin1');
        const { number, requests } = keep(session, { path: String(headers[':path']), headers, body: text });
        stream.respond({ ':status': 200, ...(requests === 1 ? { 'set-cookie': cookie(number) } : {}) });
        stream.end();
      });
    });
    return { at, got };
  }
  const { at } = await httpServer(t, (request, response) => {
    const body: Buffer[] = [];
    request.on('data', (chunk: Buffer) => body.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(body).toString('latin1');
      const { url = '', headers, socket } = request;
      const { number, requests } = keep(socket, { path: url, headers, body: text });
      if (requests === 1) response.setHeader('set-cookie', cookie(number));
      if (requests === CLOSING) response.setHeader('connection', 'close');
      response.end();
    });
  });
  return { at, got };
}

const WAYS: readonly [string, boolean, Partial<LoadPlan>][] = [
  ['HTTP/1.1, the server closes connections', false, {}],
  ['HTTP/1.1, the client closes them', false, { requestsPerConnection: 2 }],
  ['HTTP/1.1, one request on each', false, { requestsPerConnection: 1 }],
  ['HTTP/2, two streams on each', true, { streams: 2, requestsPerConnection: 4 }],
];

for (const [way, http2, load] of WAYS) {
  test(`values are those of the row, and the same at each place: ${way}`, async (t) => {
    const { at, got } = await server(t, http2);
    const body = Buffer.from('{"id":"{{uuid}}","n":{{rand 1 6}},"raw":"\xff"}', 'latin1');
    const headers = ['X-Connection: c{{connection}}', 'X-Id: {{uuid}}'];
    const plan = planFor(`http://${at}/{{uuid}}?seq={{seq}}`, {
      flags: { http2, headers, body },
      load: { requests: 60, connections: 3, seed: 9, ...load },
    });
    const { samples, outcomes } = await runEngine(plan);
    assert.deepEqual(outcomes, { ok: 60 });
    const byId = new Map(got.map((one) => [one.headers['x-id'], one]));
    assert.equal(byId.size, 60);
    const run = { seed: 9, worker: 0, workers: 1 };
    const connections = new Map<number, number>();
    for (const { sequence, connection } of samples) {
      const id = uuidOf(run, sequence);
      const one = byId.get(id);
      assert.ok(one !== undefined);
      assert.equal(one.path, `/${id}?seq=${seqOf(run, sequence)}`);
      assert.equal(one.headers['x-connection'], `c${connectionOf(run, connection)}`);
      assert.match(one.body, new RegExp(`^{"id":"${id}","n":[1-6],"raw":"\xff"}$`));
      assert.equal(connections.get(connection) ?? one.connection, one.connection);
      connections.set(connection, one.connection);
    }
    assert.ok(connections.size >= 15);
    assert.equal(new Set(connections.values()).size, connections.size);
  });

  test(`each connection sends back its own cookie, and no other: ${way}`, async (t) => {
    const { at, got } = await server(t, http2);
    const requests = { requests: 60, connections: 3, ...load };
    const plan = planFor(`http://${at}/`, {
      flags: { http2, headers: ['Cookie: mine=1'] },
      load: { ...requests, cookies: 'connection' },
    });
    assert.deepEqual((await runEngine(plan)).outcomes, { ok: 60 });
    const sent = got.filter(({ headers }) => headers.cookie !== 'mine=1');
    for (const { connection, headers } of sent) assert.equal(headers.cookie, `mine=1; sid=${connection}`);
    const mostPerConnection = load.requestsPerConnection ?? CLOSING;
    // Two streams may both be sent before the first answer.
    if (mostPerConnection > 1) assert.ok(sent.length >= 60 * (http2 ? 0.25 : 0.45), String(sent.length));
    else assert.equal(sent.length, 0);
  });
}

test('without --cookies none is sent back', async (t) => {
  const { at, got } = await server(t, false);
  await runEngine(planFor(`http://${at}/`, { load: { requests: 12, connections: 2 } }));
  assert.ok(got.every(({ headers }) => headers.cookie === undefined));
});

test('a request before the load has values too, and another UUID than any of the load', async (t) => {
  const { at, got } = await server(t, false);
  const plan = planFor(`http://${at}/{{seq}}/{{connection}}/{{uuid}}`, { load: { seed: 0, requests: 5 } });
  const replies = [await sendSingleRequest(plan), await sendSingleRequest(plan)];
  assert.deepEqual(
    replies.map(({ kind }) => kind),
    ['reply', 'reply'],
  );
  await runEngine(plan);
  const paths = got.map(({ path }) => path);
  for (const path of paths) assert.match(path, /^\/\d+\/\d\/[0-9a-f-]{36}$/);
  assert.equal(new Set(paths.map((path) => path.slice(-36))).size, 7);
});
