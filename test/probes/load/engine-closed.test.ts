/** The closed loop against real servers: what the server counts is what was asked for. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runEngine } from '../../support/engine.js';
import { planFor } from '../../support/plan.js';
import { httpServer, rawServer, response } from '../../support/servers.js';

const answer: RequestListener = (_request, reply) => {
  reply.setHeader('x-version', 'v1');
  reply.end('ok');
};

/** Answers all requests that wait, once `count` do. */
function inGroups(count: number): RequestListener {
  const waiting: (() => void)[] = [];
  return (_request, reply) => {
    waiting.push(() => reply.end('ok'));
    if (waiting.length === count) for (const release of waiting.splice(0)) release();
  };
}

test('-c: exactly so many connections, each with one request at a time, and -n exactly', async (t) => {
  // It answers only when 7 requests wait: with fewer connections the run would never end.
  const server = await httpServer(t, inGroups(7));
  const plan = planFor(`http://${server.at}`, { load: { connections: 7, requests: 70 } });
  const { outcomes, summary, samples } = await runEngine(plan);
  assert.deepEqual(outcomes, { ok: 70 });
  assert.equal(server.seen.mostOpen, 7);
  assert.deepEqual(server.seen.requests, Array(7).fill(10));
  assert.equal(summary.connectionsOpened, 7);
  assert.equal(new Set(samples.map(({ connection }) => connection)).size, 7);
  assert.deepEqual(
    samples.map(({ sequence }) => sequence).sort((a, b) => a - b),
    samples.map((_, index) => index),
  );
});

test('a request is due when its connection is free, sent after that, and answered after that', async (t) => {
  const server = await httpServer(t, answer);
  const plan = planFor(`http://${server.at}`, { load: { connections: 3, requests: 60 } });
  const { samples } = await runEngine(plan);
  for (const { dueUs, sendUs, firstByteUs, endUs, address, bytes, version } of samples) {
    assert.ok(0 <= dueUs && dueUs <= sendUs && sendUs <= firstByteUs && firstByteUs <= endUs);
    assert.equal(address, server.at);
    assert.equal(bytes, 2);
    assert.equal(version, 'v1');
  }
});

for (const each of [1, 2, 3, 7]) {
  test(`--requests-per-connection ${each} is exact`, async (t) => {
    const server = await httpServer(t, answer);
    const plan = planFor(`http://${server.at}`, {
      load: { connections: 3, requests: 84, requestsPerConnection: each },
    });
    const { outcomes, summary } = await runEngine(plan);
    assert.deepEqual(outcomes, { ok: 84 });
    // The last connection of each of the three can end early.
    assert.ok(server.seen.requests.every((count) => count >= 1 && count <= each));
    assert.ok(server.seen.requests.filter((count) => count < each).length <= 3);
    assert.equal(summary.connectionsOpened, server.seen.requests.length);
    // Old ones may still be closing when their successors are there.
    assert.ok(server.seen.mostOpen <= 12, `${server.seen.mostOpen} at once`);
  });
}

test('one connection with a limit of 7: seven each time', async (t) => {
  const server = await rawServer(t, (socket) => socket.write(response()));
  const plan = planFor(`http://${server.at}`, {
    load: { connections: 1, requests: 24, requestsPerConnection: 7 },
  });
  await runEngine(plan);
  assert.deepEqual(server.seen.requests, [7, 7, 7, 3]);
});

test('the count of a connection begins anew after the server closed one', async (t) => {
  const server = await rawServer(t, (socket, { onConnection, inAll }) => {
    if (inAll === 2 && onConnection === 2) socket.end(response({ headers: { connection: 'close' } }));
    else socket.write(response());
  });
  const plan = planFor(`http://${server.at}`, {
    load: { connections: 1, requests: 12, requestsPerConnection: 4 },
  });
  const { outcomes } = await runEngine(plan);
  assert.deepEqual(outcomes, { ok: 12 });
  assert.equal(server.seen.requests[0], 2);
  assert.ok(server.seen.requests.every((count) => count <= 4));
});

test('a connection that broke does not count for the one after it', async (t) => {
  // Every second connection is broken at its second request.
  const server = await rawServer(t, (socket, { onConnection }) => {
    if (server.seen.requests.length % 2 === 1 && onConnection === 2) socket.destroy();
    else socket.write(response());
  });
  const plan = planFor(`http://${server.at}`, {
    load: { requests: 30, connections: 1, requestsPerConnection: 3 },
  });
  await runEngine(plan);
  assert.deepEqual(server.seen.requests.slice(0, 6), [2, 3, 2, 3, 2, 3]);
});

test('the last request of a connection says so to the server', async (t) => {
  const heads: string[] = [];
  const server = await rawServer(t, (socket, { head }) => {
    heads.push(head);
    socket.write(response());
  });
  const plan = planFor(`http://${server.at}`, {
    load: { connections: 1, requests: 4, requestsPerConnection: 2 },
  });
  await runEngine(plan);
  assert.deepEqual(
    heads.map((head) => /^connection: (.*)$/im.exec(head)?.[1]),
    ['keep-alive', 'close', 'keep-alive', 'close'],
  );
});

test('what the server sees: request line, Host, headers and body', async (t) => {
  const seen: { line: string; headers: NodeJS.Dict<string | string[]>; raw: string[]; body: string }[] = [];
  const server = await httpServer(t, (request, reply) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const line = `${request.method} ${request.url}`;
      seen.push({ line, headers: request.headers, raw: request.rawHeaders, body });
      reply.end('ok');
    });
  });
  const plan = planFor(`http://${server.at}/cart?x=1&y=%20`, {
    load: { connections: 1, requests: 3 },
    flags: {
      host: 'shop.example',
      headers: ['X-Env: canary', 'x-two: 1', 'x-two: 2', 'X-Empty;', 'Content-Type: application/json'],
      body: Buffer.from('{"n": "\u00e9"}'),
    },
  });
  const { outcomes } = await runEngine(plan);
  assert.deepEqual(outcomes, { ok: 3 });
  for (const { line, headers, raw, body } of seen) {
    assert.equal(line, 'POST /cart?x=1&y=%20');
    assert.equal(headers.host, 'shop.example');
    assert.equal(headers['x-env'], 'canary');
    assert.equal(headers['x-two'], '1, 2');
    assert.equal(headers['x-empty'], '');
    assert.equal(headers['content-type'], 'application/json');
    assert.equal(headers['content-length'], '11');
    assert.equal(headers['user-agent'], 'weighbridge');
    assert.equal(raw.filter((name) => name.toLowerCase() === 'host').length, 1);
    assert.ok(raw.includes('X-Env'), 'names are sent as they were given');
    assert.equal(body, '{"n": "\u00e9"}');
  }
});

for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'PURGE']) {
  test(`-m ${method}`, async (t) => {
    const methods: (string | undefined)[] = [];
    const server = await rawServer(t, (socket, { head }) => {
      methods.push(head.split(' ')[0]);
      socket.write(method === 'HEAD' ? response().slice(0, -2) : response());
    });
    const plan = planFor(`http://${server.at}`, {
      load: { connections: 2, requests: 10 },
      flags: { method },
    });
    assert.deepEqual((await runEngine(plan)).outcomes, { ok: 10 });
    assert.deepEqual(methods, Array(10).fill(method));
  });
}

test('bodies in many pieces are kept up to the bound and drained beyond it', async (t) => {
  const server = await httpServer(t, (_request, reply) => {
    reply.write('version=');
    for (let piece = 0; piece < 50; piece += 1) reply.write('v2 '.repeat(1000));
    reply.end(' v3');
  });
  const plan = planFor(`http://${server.at}`, {
    load: { connections: 2, requests: 10 },
    identify: { version: { from: 'body', pattern: '(version=v2)|(v3)', flags: '' }, bodyLimitBytes: 1000 },
  });
  const { outcomes, samples } = await runEngine(plan);
  assert.deepEqual(outcomes, { ok: 10 });
  assert.ok(samples.every(({ bytes, version }) => bytes === 150_011 && version === 'version=v2'));
  const late = planFor(`http://${server.at}`, {
    load: { connections: 2, requests: 10 },
    identify: { version: { from: 'body', pattern: '(v3)', flags: '' }, bodyLimitBytes: 1000 },
  });
  assert.ok((await runEngine(late)).samples.every(({ version }) => version === null));
});

test('a Unix socket', async (t) => {
  const path = join(tmpdir(), `weighbridge-${process.pid}.sock`);
  const hosts: (string | undefined)[] = [];
  const server = createServer((request, reply) => {
    hosts.push(request.headers.host);
    reply.setHeader('x-version', 'v1');
    reply.end('ok');
  });
  server.listen(path);
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const plan = planFor('http://shop.example/', { flags: { unixSocket: path }, load: { requests: 20 } });
  const { outcomes, samples } = await runEngine(plan);
  assert.deepEqual(outcomes, { ok: 20 });
  assert.deepEqual(new Set(hosts), new Set(['shop.example']));
  assert.ok(samples.every(({ address }) => address === `unix:${path}`));
});

test('a Unix socket that is not there', async () => {
  const plan = planFor('http://a/', { flags: { unixSocket: '/nonexistent.sock' }, load: { requests: 4 } });
  assert.deepEqual((await runEngine(plan)).outcomes, { unreachable: 4 });
});

test('an IPv6 address', async (t) => {
  const server = createServer(answer);
  server.listen(0, '::1');
  const listening = await Promise.race([
    once(server, 'listening').then(() => true),
    once(server, 'error').then(() => false),
  ]);
  if (!listening) {
    t.skip('this machine has no ::1');
    return;
  }
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as { port: number };
  const { outcomes, samples } = await runEngine(planFor(`http://[::1]:${port}/`, { load: { requests: 10 } }));
  assert.deepEqual(outcomes, { ok: 10 });
  assert.ok(samples.every(({ address }) => address === `[::1]:${port}`));
});

test('warm-up requests are their own phase', async (t) => {
  const server = await httpServer(t, answer);
  const load = { connections: 4, requests: 30, warmup: { requests: 12 } };
  const { samples, scheduled } = await runEngine(planFor(`http://${server.at}`, { load }));
  assert.deepEqual(scheduled, { warmup: 12, measured: 30 });
  assert.equal(server.seen.total, 42);
  const lastWarm = Math.max(...samples.filter(({ warmup }) => warmup).map(({ sequence }) => sequence));
  assert.equal(lastWarm, 11, 'they come first');
});

test('at the end of -z what is in flight is awaited', async (t) => {
  // The first answers come when the time is over: every connection has one request under way then.
  const server = await httpServer(t, (_request, reply) => {
    setTimeout(() => reply.end('ok'), 1200);
  });
  const load = { connections: 5, requests: null, durationMs: 1000 };
  const { outcomes } = await runEngine(planFor(`http://${server.at}`, { load }));
  assert.deepEqual(outcomes, { ok: 5 });
  assert.equal(server.seen.total, 5);
});

test('-n that is used up ends a ramp', async (t) => {
  const server = await httpServer(t, answer);
  const load = { connections: 4, requests: 5, rampMs: 60_000 };
  const started = performance.now();
  const { outcomes } = await runEngine(planFor(`http://${server.at}`, { load }));
  assert.deepEqual(outcomes, { ok: 5 });
  assert.ok(performance.now() - started < 30_000, 'half of the ramp');
});

test('a ramp opens the connections one after the other', async (t) => {
  let stop = () => {};
  const server = await httpServer(t, (_request, reply) => {
    if (server.seen.requests.length === 5) stop();
    setTimeout(() => reply.end('ok'), 5);
  });
  const load = { connections: 5, requests: null, durationMs: 60_000, rampMs: 250 };
  const { samples } = await runEngine(planFor(`http://${server.at}`, { load }), (engine) => {
    stop = () => engine.stop();
  });
  const firstDue = new Map<number, number>();
  for (const { connection, dueUs } of samples) {
    firstDue.set(connection, Math.min(dueUs, firstDue.get(connection) ?? Number.POSITIVE_INFINITY));
  }
  const starts = [...firstDue.values()].sort((a, b) => a - b);
  assert.equal(starts.length, 5);
  starts.forEach((start, index) => {
    assert.ok(start >= index * 50_000 - 2000, `connection ${index} began at ${start} µs`);
  });
});

test('stopped: what is in flight is cut off, and nothing more is sent', async (t) => {
  const server = await httpServer(t, (_request, reply) => {
    if (server.seen.total <= 10) reply.end('ok');
    if (server.seen.total === 14) stop();
  });
  let stop = () => {};
  const load = { connections: 4, requests: 1000 };
  const { outcomes } = await runEngine(planFor(`http://${server.at}`, { load }), (engine) => {
    stop = () => engine.stop();
  });
  assert.deepEqual(outcomes, { ok: 10, 'cut-off': 4 });
  assert.equal(server.seen.total, 14);
});

test('stopped while it connects: those requests were not sent', async (t) => {
  // Accepts TCP and says nothing: the TLS handshake never ends.
  const server = await rawServer(t, () => {});
  const plan = planFor(`https://${server.at}`, { load: { connections: 3, requests: 10 } });
  const { outcomes } = await runEngine(plan, (engine) => {
    const poll = setInterval(() => {
      if (server.seen.open < 3) return;
      clearInterval(poll);
      engine.stop();
    }, 5);
  });
  assert.deepEqual(outcomes, { 'not-sent': 3 });
});

test('stopped before it begins: nothing is sent', async (t) => {
  const server = await httpServer(t, answer);
  const plan = planFor(`http://${server.at}`, { load: { connections: 3, requests: 10 } });
  const run = await runEngine(plan, (engine) => engine.stop());
  assert.equal(run.samples.filter(({ outcome }) => outcome === 'ok').length, 0);
});

test('a handshake that never ends is a connect time-out, and the next request tries anew', async (t) => {
  const server = await rawServer(t, () => {});
  const load = { connections: 2, requests: 4, timeoutMs: 150 };
  const { outcomes, samples } = await runEngine(planFor(`https://${server.at}`, { load }));
  assert.deepEqual(outcomes, { 'connect-timeout': 4 });
  for (const { dueUs, endUs } of samples) {
    const tookMs = (endUs - dueUs) / 1000;
    assert.ok(tookMs >= 150 && tookMs < 5000, `gave up after ${tookMs} ms`);
  }
  assert.equal(server.seen.requests.length, 4);
});

test('a name that is being refused is not hammered', async () => {
  // One try each 50 ms, and timers are good to a millisecond: 21 on each connection at most.
  const load = { connections: 2, requests: null, durationMs: 1000 };
  const { outcomes } = await runEngine(planFor('http://127.0.0.1:1', { load }));
  assert.ok((outcomes['refused'] ?? 0) >= 2 && (outcomes['refused'] ?? 0) <= 42, JSON.stringify(outcomes));
});

test('the watermark is never past a request that is still unanswered', async (t) => {
  const server = await httpServer(t, (_request, reply) => {
    setTimeout(() => reply.end('ok'), server.seen.total % 7);
  });
  const marks: { readAt: number; markUs: number }[] = [];
  const load = { connections: 5, requests: 100 };
  const { samples } = await runEngine(planFor(`http://${server.at}`, { load }), (engine) => {
    const poll = setInterval(() => marks.push({ readAt: engine.now(), markUs: engine.watermarkUs() }), 3);
    t.after(() => clearInterval(poll));
  });
  assert.ok(marks.length > 5);
  for (const { readAt, markUs } of marks) {
    const unanswered = samples.filter(({ sendUs, endUs }) => sendUs < readAt && endUs > readAt);
    assert.ok(markUs <= readAt);
    assert.ok(unanswered.every(({ sendUs }) => sendUs >= markUs));
  }
});
