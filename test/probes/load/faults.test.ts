/** Servers that fail in every way: each request ends exactly once, under the right name. */
import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { test } from 'node:test';
import { runEngine } from '../../support/engine.js';
import { planFor } from '../../support/plan.js';
import {
  httpServer,
  IMPOSSIBLE_NAME,
  rawServer,
  response,
  type TestServer,
  unusedPort,
} from '../../support/servers.js';

/** Envoy's text for a request that it could not bring to a backend. */
const RESET_REASON = (reason: string) =>
  `upstream connect error or disconnect/reset before headers. reset reason: ${reason}`;

for (const driver of ['undici', 'wire'] as const) {
  const small = { load: { driver, requests: 12, connections: 3 } };

  test(`${driver}: a refused port`, async () => {
    const port = await unusedPort();
    const { outcomes, samples } = await runEngine(planFor(`http://127.0.0.1:${port}`, small));
    assert.deepEqual(outcomes, { refused: 12 });
    assert.ok(samples.every(({ sendUs, status }) => Number.isNaN(sendUs) && status === 0));
  });

  test(`${driver}: a name that does not exist`, async () => {
    const { outcomes } = await runEngine(planFor(`http://${IMPOSSIBLE_NAME}`, small));
    assert.deepEqual(outcomes, { dns: 12 });
  });

  test(`${driver}: a server that closes before it answers`, async (t) => {
    const server = await rawServer(t, (socket) => socket.end());
    const { outcomes } = await runEngine(planFor(`http://${server.at}`, small));
    assert.deepEqual(outcomes, { closed: 12 });
    assert.equal(server.seen.total, 12, 'nothing was sent twice');
  });

  test(`${driver}: a server that resets before it answers`, async (t) => {
    const server = await rawServer(t, (socket) => socket.resetAndDestroy());
    const { outcomes } = await runEngine(planFor(`http://${server.at}`, small));
    assert.deepEqual(outcomes, { reset: 12 });
    assert.equal(server.seen.total, 12, 'nothing was sent twice');
  });

  test(`${driver}: a server that closes in the middle of the headers`, async (t) => {
    const server = await rawServer(t, (socket) => socket.end('HTTP/1.1 200 OK\r\nx-version: v1\r\nx-mo'));
    const { outcomes } = await runEngine(planFor(`http://${server.at}`, small));
    assert.deepEqual(outcomes, { closed: 12 });
  });

  for (const [how, head] of [
    ['of known length', 'content-length: 100\r\n\r\nhalf of it'],
    ['in chunks', 'transfer-encoding: chunked\r\n\r\n10\r\nhalf of it'],
    ['of known length, connection: close', 'connection: close\r\ncontent-length: 100\r\n\r\nhalf of it'],
    [
      'in chunks, connection: close',
      'connection: close\r\ntransfer-encoding: chunked\r\n\r\n10\r\nhalf of it',
    ],
  ] as const) {
    for (const ending of ['end', 'reset'] as const) {
      test(`${driver}: a server that breaks a body ${how} by ${ending}: failed, with the version kept`, async (t) => {
        const server = await rawServer(t, (socket) => {
          socket.write(`HTTP/1.1 200 OK\r\nx-version: v2\r\n${head}`, () => {
            if (ending === 'end') socket.end();
            else setImmediate(() => socket.resetAndDestroy());
          });
        });
        const { outcomes, samples } = await runEngine(planFor(`http://${server.at}`, small));
        assert.deepEqual(outcomes, { truncated: 12 });
        assert.ok(samples.every(({ version, status }) => version === 'v2' && status === 200));
      });
    }
  }

  test(`${driver}: a server that never answers`, async (t) => {
    const server = await rawServer(t, () => {});
    const plan = planFor(`http://${server.at}`, {
      load: { driver, requests: 6, connections: 3, timeoutMs: 800 },
    });
    const { outcomes, samples } = await runEngine(plan);
    assert.deepEqual(outcomes, { timeout: 6 });
    for (const { dueUs, endUs } of samples) {
      const tookMs = (endUs - dueUs) / 1000;
      assert.ok(tookMs >= 800 && tookMs < 8000, `gave up after ${tookMs} ms`);
    }
  });

  test(`${driver}: this thread is held up for longer than the time-out: no connection is blamed`, async (t) => {
    const server = await rawServer(t, () => {});
    const plan = planFor(`http://${server.at}`, {
      load: { driver, requests: 3, connections: 3, timeoutMs: 500 },
    });
    const { outcomes } = await runEngine(plan, () => {
      const untilMs = performance.now() + 700;
      while (performance.now() < untilMs);
    });
    assert.deepEqual(outcomes, { timeout: 3 });
  });

  test(`${driver}: a server that stops in the middle of a body`, async (t) => {
    const server = await rawServer(t, (socket) =>
      socket.write('HTTP/1.1 200 OK\r\nx-version: v1\r\ncontent-length: 10\r\n\r\nfour'),
    );
    const plan = planFor(`http://${server.at}`, {
      load: { driver, requests: 6, connections: 3, timeoutMs: 800 },
    });
    const { outcomes, samples } = await runEngine(plan);
    assert.deepEqual(outcomes, { timeout: 6 });
    assert.ok(samples.every(({ version }) => version === 'v1'));
  });

  for (const [what, bytes] of [
    ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['bytes', '\u0000\u0001\u0002\u0003'],
    ['a status of no number', 'HTTP/1.1 abc Huh\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok'],
    ['a length that is no number', 'HTTP/1.1 200 OK\r\ncontent-length: two\r\n\r\nok'],
    ['an upgrade nobody asked for', 'HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'],
    ['a chunk size that is no number', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nok'],
  ] as const) {
    test(`${driver}: a server that answers with ${what}`, async (t) => {
      const server = await rawServer(t, (socket) => socket.write(bytes, 'latin1'));
      const { outcomes } = await runEngine(planFor(`http://${server.at}`, small));
      assert.deepEqual(outcomes, { malformed: 12 });
    });
  }

  test(`${driver}: three times 100 that nobody waits for`, async (t) => {
    const server = await rawServer(t, (socket) =>
      socket.write(`${'HTTP/1.1 100 Continue\r\n\r\n'.repeat(3)}${response()}`),
    );
    const { outcomes } = await runEngine(planFor(`http://${server.at}`, small));
    assert.deepEqual(outcomes, driver === 'wire' ? { ok: 12 } : { malformed: 12 });
  });

  test(`${driver}: early hints before the answer are no answer`, async (t) => {
    const server = await rawServer(t, (socket) =>
      socket.write(`HTTP/1.1 103 Early Hints\r\nlink: </a>\r\nx-version: v9\r\n\r\n${response()}`),
    );
    const { outcomes, samples } = await runEngine(planFor(`http://${server.at}`, small));
    assert.deepEqual(outcomes, { ok: 12 });
    assert.ok(samples.every(({ version, status }) => version === 'v1' && status === 200));
  });

  test(`${driver}: headers larger than 64 KiB`, async (t) => {
    const server = await rawServer(t, (socket) =>
      socket.write(response({ headers: { 'x-large': 'a'.repeat(70_000) } })),
    );
    const { outcomes } = await runEngine(planFor(`http://${server.at}`, small));
    assert.deepEqual(outcomes, { 'too-large': 12 });
  });

  test(`${driver}: connection: close after each answer is no failure`, async (t) => {
    const server = await rawServer(t, (socket) => socket.end(response({ headers: { connection: 'close' } })));
    const plan = planFor(`http://${server.at}`, { load: { driver, requests: 200, connections: 8 } });
    const { outcomes } = await runEngine(plan);
    assert.deepEqual(outcomes, { ok: 200 });
    assert.equal(server.seen.total, 200);
  });

  test(`${driver}: closing without a word after each answer: what was sent into it failed, and nothing is sent twice`, async (t) => {
    const server = await rawServer(t, (socket) => socket.end(response()));
    const plan = planFor(`http://${server.at}`, { load: { driver, requests: 200, connections: 8 } });
    const { outcomes, samples } = await runEngine(plan);
    const { ok = 0, closed = 0, reset = 0 } = outcomes;
    assert.equal(ok + closed + reset, 200);
    assert.ok(server.seen.total <= 200, `${server.seen.total} requests came`);
    assert.ok(samples.every(({ outcome, sendUs }) => outcome === 'ok' || !Number.isNaN(sendUs)));
  });

  test(`${driver}: garbage after the body is no answer to the next request`, async (t) => {
    const server = await rawServer(t, (socket) => socket.write(`${response()}GARBAGE`));
    const { outcomes, samples } = await runEngine(planFor(`http://${server.at}`, small));
    assert.deepEqual(outcomes, { ok: 12 });
    assert.equal(server.seen.total, 12);
    assert.ok(samples.every(({ firstByteUs, sendUs }) => firstByteUs >= sendUs));
  });

  test(`${driver}: a second answer to one request is not taken for the next one`, async (t) => {
    const server = await rawServer(t, (socket) =>
      socket.write(response() + response({ headers: { 'x-version': 'v9' } })),
    );
    const { outcomes, samples } = await runEngine(planFor(`http://${server.at}`, small));
    assert.deepEqual(outcomes, { ok: 12 });
    assert.equal(server.seen.total, 12);
    assert.ok(samples.every(({ version }) => version === 'v1'));
  });

  test(`${driver}: a server that sends a byte at a time`, async (t) => {
    const server = await rawServer(t, (socket) => {
      const bytes = Buffer.from(response());
      let sent = 0;
      const next = () => {
        if (sent < bytes.length) socket.write(bytes.subarray(sent, ++sent), () => setImmediate(next));
      };
      next();
    });
    assert.deepEqual((await runEngine(planFor(`http://${server.at}`, small))).outcomes, { ok: 12 });
  });

  test(`${driver}: answers of the gateway itself are responses, told apart and unattributed`, async (t) => {
    const own = [
      response({ status: 503, headers: { 'x-envoy-overloaded': 'true' }, body: RESET_REASON('overflow') }),
      response({ status: 503, body: 'no healthy upstream' }),
      response({ status: 503, body: RESET_REASON('remote connection failure') }),
      response({ status: 503, body: RESET_REASON('connection timeout') }),
      response({ status: 503, body: RESET_REASON('connection termination') }),
      response({ status: 504, body: 'upstream request timeout' }),
      response({ status: 404, headers: { server: 'istio-envoy' }, body: '' }),
      response({ status: 500, headers: { server: 'istio-envoy' }, body: '' }),
      response({ status: 403, body: 'RBAC: access denied' }),
      response({ body: 'version v1' }),
      response({ status: 500, body: 'the backend itself: v1' }),
      response({ status: 200, body: 'no word of it' }),
    ];
    const server = await rawServer(t, (socket, { inAll }) =>
      socket.write(own[(inAll - 1) % own.length] as string),
    );
    const plan = planFor(`http://${server.at}`, {
      load: { driver, requests: 120, connections: 4 },
      identify: { version: { from: 'body', pattern: '\\b(v\\d)', flags: '' } },
    });
    const { outcomes, samples } = await runEngine(plan);
    assert.deepEqual(outcomes, {
      overflow: 10,
      'no-healthy-upstream': 10,
      'connection-failure': 10,
      'connection-timeout': 10,
      'connection-termination': 10,
      'upstream-timeout': 10,
      'route-not-found': 10,
      'backend-ref-invalid': 10,
      'access-denied': 10,
      ok: 30,
    });
    assert.ok(samples.every((sample) => sample.class === 'response'));
    assert.ok(samples.every(({ fromGateway, outcome }) => fromGateway === (outcome !== 'ok')));
    assert.equal(samples.filter(({ version }) => version === 'v1').length, 20);
    assert.ok(samples.every(({ version, fromGateway }) => version === null || !fromGateway));
  });

  test(`${driver}: a gateway that dies and comes back: the run goes on`, async (t) => {
    const answer: RequestListener = (_request, reply) => {
      reply.setHeader('x-version', 'v1');
      reply.end('ok');
    };
    let phase: 'first' | 'down' | 'second' = 'first';
    const first = await httpServer(t, (request, reply) => {
      answer(request, reply);
      if (phase === 'first' && first.seen.total >= 200) die();
    });
    const second: { seen?: TestServer['seen'] } = {};
    const die = () => {
      phase = 'down';
      setImmediate(async () => {
        await first.kill();
        // Long enough for each connection to be refused at least once: the next try comes after 50 ms.
        setTimeout(async () => {
          const back = await httpServer(
            t,
            (request, reply) => {
              answer(request, reply);
              if (back.seen.total >= 100) stop();
            },
            first.port,
          );
          second.seen = back.seen;
          phase = 'second';
        }, 500);
      });
    };
    let stop = () => {};
    const plan = planFor(`http://${first.at}`, { load: { driver, requests: 1_000_000, connections: 4 } });
    const { outcomes, samples } = await runEngine(plan, (engine) => {
      stop = () => engine.stop();
    });
    const {
      ok = 0,
      refused = 0,
      closed = 0,
      reset = 0,
      'cut-off': cutOff = 0,
      'not-sent': notSent = 0,
      ...rest
    } = outcomes;
    assert.deepEqual(rest, {});
    assert.equal(phase, 'second');
    assert.ok(ok >= 290 && refused >= 4 && cutOff + notSent <= 4, JSON.stringify(outcomes));
    assert.ok(closed + reset <= 4, 'at most what was in flight');
    assert.ok(samples.length - ok - refused - closed - reset <= 4);
    const lastFailure = Math.max(
      ...samples.filter((one) => one.class === 'failed').map(({ endUs }) => endUs),
    );
    assert.ok(samples.some(({ outcome, endUs }) => outcome === 'ok' && endUs > lastFailure));
  });
}
