/** HTTP/2 as the load uses it: connections, streams in flight, what a server sees of a request. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runEngine } from '../../support/engine.js';
import { h2Server, respond } from '../../support/h2-servers.js';
import { planFor } from '../../support/plan.js';

const flags = { http2: true };

test('c connections with p streams each, exactly', async (t) => {
  // Answers once all streams of all connections are open: fewer would never be answered, more are counted.
  const held: (() => void)[] = [];
  const server = await h2Server(t, ({ stream }) => {
    held.push(() => respond(stream));
    if (held.length === 12) for (const answer of held.splice(0)) answer();
  });
  const plan = planFor(`http://${server.at}`, {
    flags,
    load: { requests: 240, connections: 3, streams: 4, timeoutMs: 20_000 },
  });
  const { outcomes, samples, summary } = await runEngine(plan);
  assert.deepEqual(outcomes, { ok: 240 });
  assert.deepEqual(server.sessions.mostOpen, [4, 4, 4]);
  assert.equal(server.sessions.total, 240);
  assert.deepEqual(server.sessions.rstCodes, []);
  assert.equal(summary.connectionsOpened, 3);
  assert.equal(summary.streamLimit, null);
  const numbers = new Set(samples.map(({ connection }) => connection));
  assert.deepEqual([...numbers].sort(), [1, 2, 3]);
  for (const sample of samples) {
    const { dueUs, sendUs, firstByteUs, endUs, version, status, bytes, address } = sample;
    assert.ok(dueUs <= sendUs && sendUs <= firstByteUs && firstByteUs <= endUs, JSON.stringify(sample));
    assert.deepEqual([version, status, bytes, address], ['v1', 200, 2, server.at]);
  }
});

test('an open loop has at most so many in flight, on as few connections as carry them', async (t) => {
  const held: (() => void)[] = [];
  const server = await h2Server(t, ({ stream }) => {
    held.push(() => respond(stream));
    if (held.length === 10) for (const answer of held.splice(0)) answer();
  });
  const plan = planFor(`http://${server.at}`, {
    flags,
    load: {
      mode: 'open',
      ratePerSecond: 100_000,
      requests: 200,
      maxInFlight: 10,
      streams: 4,
      timeoutMs: 20_000,
    },
  });
  const { outcomes, summary } = await runEngine(plan);
  assert.deepEqual(outcomes, { ok: 200 });
  assert.equal(summary.connectionsOpened, 3);
  assert.deepEqual([...server.sessions.mostOpen].sort(), [3, 3, 4]);
});

test("what a request looks like: authority, path, headers, body, nothing of HTTP/1.1's", async (t) => {
  const seen: unknown[] = [];
  const server = await h2Server(t, ({ stream, headers }) => {
    const { ':method': method, ':scheme': scheme, ':authority': authority, ':path': path, ...rest } = headers;
    let body = '';
    stream.setEncoding('utf8').on('data', (text) => {
      body += text;
    });
    stream.on('end', () => {
      seen.push({ method, scheme, authority, path, rest: Object.fromEntries(Object.entries(rest)), body });
      respond(stream);
    });
  });
  const plan = planFor(`http://${server.at}/a?b=c`, {
    flags: {
      ...flags,
      host: 'shop.example:81',
      headers: ['X-One: 1', 'x-one: 2'],
      body: Buffer.from('hällo'),
    },
    load: { requests: 2, connections: 1, timeoutMs: 20_000 },
  });
  const { target } = plan;
  const spoiled = [...target.headers, ['Connection', 'close'], ['TE', 'gzip'], ['te', 'trailers']] as const;
  const { outcomes } = await runEngine({ ...plan, target: { ...target, headers: spoiled } });
  assert.deepEqual(outcomes, { ok: 2 });
  const expected = {
    method: 'POST',
    scheme: 'http',
    authority: 'shop.example:81',
    path: '/a?b=c',
    rest: {
      'x-one': '1, 2',
      'user-agent': 'weighbridge',
      accept: '*/*',
      'content-type': 'application/x-www-form-urlencoded',
      te: 'trailers',
      'content-length': '6',
    },
    body: 'hällo',
  };
  assert.deepEqual(seen, [expected, expected]);
  assert.deepEqual(server.sessions.rstCodes, []);
});

test('prior knowledge over a Unix socket', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-h2-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'gateway.sock');
  const server = createServer();
  server.on('stream', (stream) => respond(stream));
  server.listen(path);
  await once(server, 'listening');
  t.after(() => server.close());
  const plan = planFor('http://gateway.example', {
    flags: { ...flags, unixSocket: path },
    load: { requests: 20, connections: 2, streams: 2, timeoutMs: 20_000 },
  });
  const { outcomes, samples } = await runEngine(plan);
  assert.deepEqual(outcomes, { ok: 20 });
  assert.equal(samples[0]?.address, `unix:${path}`);
});

for (const [requestsPerConnection, streams] of [
  [1, 1],
  [7, 1],
  [10, 4],
  [4, 4],
] as const) {
  test(`${requestsPerConnection} requests per connection with ${streams} streams, counted at the server`, async (t) => {
    const server = await h2Server(t, ({ stream }) => setImmediate(respond, stream));
    const plan = planFor(`http://${server.at}`, {
      flags,
      load: { requests: 140, connections: 2, streams, requestsPerConnection, timeoutMs: 20_000 },
    });
    const { outcomes, summary, samples } = await runEngine(plan);
    assert.deepEqual(outcomes, { ok: 140 });
    const { requests } = server.sessions;
    assert.equal(server.sessions.total, 140);
    assert.ok(requests.every((count) => count <= requestsPerConnection));
    // All but each connection's last session took their full number.
    const short = requests.filter((count) => count < requestsPerConnection);
    assert.ok(short.length <= 2, String(requests));
    assert.equal(summary.connectionsOpened, requests.length);
    assert.ok(Math.max(...server.sessions.mostOpen) <= streams);
    const bySocket = new Map<number, number>();
    for (const { connection } of samples) bySocket.set(connection, (bySocket.get(connection) ?? 0) + 1);
    assert.deepEqual([...bySocket.values()].sort(), [...requests].sort());
  });
}

test("the server's limit of streams is kept, and told; what waits is not counted as sent", async (t) => {
  const server = await h2Server(t, ({ stream }) => setImmediate(respond, stream), {
    settings: { maxConcurrentStreams: 3 },
  });
  const plan = planFor(`http://${server.at}`, {
    flags,
    load: { requests: 100, connections: 2, streams: 8, timeoutMs: 20_000 },
  });
  const { outcomes, summary, samples } = await runEngine(plan);
  assert.deepEqual(outcomes, { ok: 100 });
  assert.equal(summary.streamLimit, 3);
  assert.deepEqual(server.sessions.mostOpen, [3, 3]);
  // Never more than three were sent and not answered, by our own times.
  for (const number of [1, 2]) {
    const moments = samples
      .filter(({ connection }) => connection === number)
      .flatMap(({ sendUs, endUs }) => [[sendUs, 1] as const, [endUs, -1] as const])
      .sort(([a, x], [b, y]) => a - b || x - y);
    let open = 0;
    for (const [, step] of moments) {
      open += step;
      assert.ok(open <= 3);
    }
  }
});

test('a limit that is raised lets the other streams go', async (t) => {
  const held: (() => void)[] = [];
  const server = await h2Server(
    t,
    ({ stream, session, inAll }) => {
      if (inAll === 20) session.settings({ maxConcurrentStreams: 6 });
      if (inAll < 20) {
        setImmediate(respond, stream);
        return;
      }
      // From here on nothing is answered until six are open at once.
      held.push(() => respond(stream));
      if (held.length === 6) for (const answer of held.splice(0)) answer();
    },
    { settings: { maxConcurrentStreams: 2 } },
  );
  const plan = planFor(`http://${server.at}`, {
    flags,
    load: { requests: 19 + 6 * 10, connections: 1, streams: 6, timeoutMs: 10_000 },
  });
  const { outcomes, summary } = await runEngine(plan);
  assert.deepEqual(outcomes, { ok: 79 });
  assert.equal(summary.streamLimit, 2);
  assert.deepEqual(server.sessions.mostOpen, [6]);
});

test('a response without a body, one with trailers, and hints before the answer', async (t) => {
  const server = await h2Server(t, ({ stream, inAll }) => {
    if (inAll % 3 === 0) {
      stream.respond({ ':status': 204, 'x-version': 'v1' }, { endStream: true });
    } else if (inAll % 3 === 1) {
      stream.respond({ ':status': 200, 'x-version': 'v1' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-version': 'v9' }));
      stream.end('ok');
    } else {
      stream.additionalHeaders({ ':status': 103, 'x-version': 'v9' });
      respond(stream);
    }
  });
  const plan = planFor(`http://${server.at}`, {
    flags,
    load: { requests: 30, connections: 1, streams: 3, timeoutMs: 20_000 },
  });
  const { outcomes, samples } = await runEngine(plan);
  assert.deepEqual(outcomes, { ok: 30 });
  assert.ok(samples.every(({ version, firstByteUs }) => version === 'v1' && firstByteUs > 0));
  assert.equal(samples.filter(({ status, bytes }) => status === 204 && bytes === 0).length, 10);
});

test('bodies larger than all windows flow, and of them only the beginning is kept', async (t) => {
  const pieces = 20;
  const size = pieces * 1024 * 1024;
  const server = await h2Server(t, ({ stream }) => {
    stream.respond({ ':status': 200 });
    stream.write('version=v7 ');
    let left = pieces;
    const next = () => {
      if (left === 0) stream.end();
      else stream.write(Buffer.alloc(1024 * 1024, 'x'), next);
      left -= 1;
    };
    next();
  });
  const plan = planFor(`http://${server.at}`, {
    flags,
    load: { requests: 2, connections: 1, streams: 2, timeoutMs: 30_000 },
    identify: { version: { from: 'body', pattern: 'version=(\\w+)', flags: '' } },
  });
  const { outcomes, samples } = await runEngine(plan);
  assert.deepEqual(outcomes, { ok: 2 });
  assert.ok(samples.every(({ version, bytes }) => version === 'v7' && bytes === size + 11));
});
