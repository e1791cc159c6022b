/** A closed loop that is steered, against real servers: the connections that they see are those of the level. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoadPlan } from '../../../src/plan/plan.js';
import type { Engine } from '../../../src/probes/load/engine.js';
import { until } from '../../lab/client.js';
import { runEngine, type Sample, steerEngine } from '../../support/engine.js';
import { h2Server, respond } from '../../support/h2-servers.js';
import { planFor } from '../../support/plan.js';
import {
  httpServer,
  overflowResponse,
  rawServer,
  response,
  type TestServer,
  unusedPort,
} from '../../support/servers.js';

/** Longer than any test. */
const FOREVER_MS = 600_000;

const steered = (server: { at: string }, load: Partial<LoadPlan> = {}, flags = {}) =>
  planFor(`http://${server.at}`, {
    flags,
    load: { connections: 8, requests: null, durationMs: FOREVER_MS, ...load },
  });

const level = (connections: number, pauseAfterRefusalMs = 0) => ({ connections, pauseAfterRefusalMs });

/** Waits until the server has exactly so many connections, and each of them has taken a request since. */
async function settled(server: TestServer, connections: number): Promise<void> {
  await until(() => server.seen.open === connections, `${connections} connections`);
  const before = server.seen.total;
  await until(() => server.seen.total > before + 3 * connections, 'requests go on');
  assert.equal(server.seen.open, connections);
}

/** Waits until the server has replied so often, and the client has seen it. */
function replied(server: TestServer, engine: Engine, times: number): Promise<void> {
  const seen = () => server.seen.total === times && engine.lanes.every(({ busy }) => !busy);
  return until(seen, `${times} replies`);
}

/** The time from the end of a request to the next one of the same connection, µs. */
function pausesOf(samples: readonly Sample[]): number[] {
  const ended = new Map<number, number>();
  const pauses: number[] = [];
  for (const { connection, dueUs, endUs } of samples.toSorted((a, b) => a.sequence - b.sequence)) {
    const before = ended.get(connection);
    if (before !== undefined) pauses.push(dueUs - before);
    ended.set(connection, endUs);
  }
  return pauses;
}

test('the level rises and falls: so many connections are open, and each request has one row', async (t) => {
  const server = await httpServer(t, (_request, reply) => setTimeout(() => reply.end('ok'), 2));
  const { outcomes, samples, summary } = await steerEngine(steered(server), level(3), async (engine) => {
    await settled(server, 3);
    assert.equal(server.seen.requests.length, 3, 'no connection before it is needed');
    for (const connections of [8, 2, 5, 1]) {
      engine.setLevel(level(connections), engine.now());
      await settled(server, connections);
    }
  });
  assert.equal(server.seen.mostOpen, 8);
  assert.deepEqual(Object.keys(outcomes), ['ok']);
  assert.equal(outcomes.ok, server.seen.total);
  // 3, then 5 more; of these 8 two stay, and 3 come back.
  assert.equal(summary.connectionsOpened, 11);
  assert.equal(server.seen.requests.length, 11);
  assert.equal(new Set(samples.map(({ connection }) => connection)).size, 11);
});

test('a connection above the level ends its request and is closed then; taken back before, it stays', async (t) => {
  const held: (() => void)[] = [];
  const server = await httpServer(t, (_request, reply) => held.push(() => reply.end('ok')));
  const { outcomes } = await steerEngine(steered(server), level(4), async (engine) => {
    await until(() => held.length === 4, 'four requests');
    engine.setLevel(level(1), engine.now());
    engine.setLevel(level(2), engine.now());
    assert.equal(server.seen.open, 4);
    for (const answer of held.splice(0)) answer();
    await until(() => server.seen.open === 2, 'two connections');
    await until(() => held.length === 2, 'two requests');
    setTimeout(() => {
      for (const answer of held.splice(0)) answer();
    });
  });
  assert.deepEqual(outcomes, { ok: 6 });
  assert.deepEqual(server.seen.requests.toSorted(), [1, 1, 2, 2]);
});

test('cookies are of one connection, also when it was closed and another came for it', async (t) => {
  const wrong: string[] = [];
  let sockets = 0;
  const numbers = new WeakMap<object, number>();
  const server = await rawServer(t, (socket, { onConnection, head }) => {
    if (onConnection === 1) {
      sockets += 1;
      numbers.set(socket, sockets);
    }
    const cookie = /^cookie: (.*)$/im.exec(head)?.[1] ?? null;
    const own = `n=${numbers.get(socket)}`;
    if (cookie !== (onConnection === 1 ? null : own)) wrong.push(`${cookie} for ${own}`);
    socket.write(response({ headers: { 'set-cookie': own } }));
  });
  await steerEngine(steered(server, { cookies: 'connection' }), level(4), async (engine) => {
    for (const connections of [4, 1, 4, 2, 4]) {
      engine.setLevel(level(connections), engine.now());
      await settled(server, connections);
    }
  });
  assert.deepEqual(wrong, []);
  assert.equal(sockets, 9);
});

test('connections go to the addresses in turn at every level', async (t) => {
  const servers = await Promise.all([1, 2, 3].map(() => httpServer(t, (_request, reply) => reply.end('ok'))));
  const plan = planFor('http://shop.example/', {
    flags: { connectTo: servers.map(({ at }) => `::${at}`) },
    load: { connections: 9, requests: null, durationMs: FOREVER_MS },
  });
  await steerEngine(plan, level(1), async (engine) => {
    for (const [connections, ...open] of [
      [4, 2, 1, 1],
      [9, 3, 3, 3],
      [2, 1, 1, 0],
    ] as const) {
      engine.setLevel(level(connections), engine.now());
      await until(() => servers.every(({ seen }, index) => seen.open === open[index]), String(open));
    }
  });
});

test('HTTP/2: a connection is closed when all of its lanes are out', async (t) => {
  const server = await h2Server(t, ({ stream }) => setTimeout(respond, 10, stream));
  const plan = steered(server, { connections: 4, streams: 3 }, { http2: true });
  const { outcomes, summary } = await steerEngine(plan, level(1), async (engine) => {
    for (const connections of [1, 4, 2, 3]) {
      engine.setLevel(level(connections), engine.now());
      await until(() => server.seen.open === connections, `${connections} connections`);
      await until(() => server.sessions.open === 3 * connections, 'all streams');
    }
  });
  assert.deepEqual(Object.keys(outcomes), ['ok']);
  assert.equal(outcomes.ok, server.sessions.total);
  assert.equal(summary.connectionsOpened, 5);
  assert.deepEqual(server.sessions.mostOpen, [3, 3, 3, 3, 3]);
  assert.deepEqual(server.sessions.rstCodes, []);
});

test("HTTP/2: the server's limit of streams holds over falls and rises", async (t) => {
  const server = await h2Server(t, ({ stream }) => setTimeout(respond, 10, stream), {
    settings: { maxConcurrentStreams: 2 },
  });
  const plan = steered(server, { connections: 3, streams: 4 }, { http2: true });
  const { outcomes } = await steerEngine(plan, level(3), async (engine) => {
    for (const connections of [3, 1, 3, 2]) {
      engine.setLevel(level(connections), engine.now());
      await until(() => server.seen.open === connections, `${connections} connections`);
      await until(() => server.sessions.open === 2 * connections, 'all streams');
    }
  });
  assert.deepEqual(Object.keys(outcomes), ['ok']);
  assert.ok(server.sessions.mostOpen.every((most) => most <= 2));
});

test('HTTP/2: a connection whose response came before the whole request is closed after that', async (t) => {
  const server = await h2Server(t, ({ stream }) => respond(stream));
  const body = Buffer.alloc(4 * 1024 * 1024);
  const plan = steered(server, { connections: 3, streams: 2 }, { http2: true, body });
  const { outcomes } = await steerEngine(plan, level(3), async (engine) => {
    for (const connections of [3, 1, 2]) {
      engine.setLevel(level(connections), engine.now());
      await until(() => server.seen.open === connections, `${connections} connections`);
      const before = server.sessions.total;
      await until(() => server.sessions.total > before + 10, 'requests go on');
    }
  });
  assert.deepEqual(Object.keys(outcomes), ['ok']);
});

test('after a refusal a connection waits, and stays open', async (t) => {
  const server = await rawServer(t, (socket) => socket.write(overflowResponse()));
  const { samples, outcomes } = await steerEngine(steered(server), level(3, 40), async () => {
    await until(() => server.seen.total >= 12, 'some rounds');
  });
  assert.deepEqual(Object.keys(outcomes), ['overflow']);
  assert.equal(server.seen.requests.length, 3);
  const pauses = pausesOf(samples);
  assert.ok(pauses.length >= 9);
  assert.ok(Math.min(...pauses) >= 40_000, String(pauses));
});

test('nothing else makes a connection wait: what backends answer, and failures', async (t) => {
  const server = await rawServer(t, (socket, { inAll }) => {
    if (inAll % 3 === 0) socket.destroy();
    else socket.write(response({ status: inAll % 3 === 1 ? 200 : 500 }));
  });
  const plan = steered(server, { requests: 90 });
  const { outcomes } = await runEngine(plan, () => {}, level(3, FOREVER_MS));
  assert.equal(server.seen.total, 90);
  assert.equal(outcomes.ok, 60);
});

test('a new pause counts for later refusals; who waits may wait to the end', async (t) => {
  const server = await rawServer(t, (socket) => socket.write(overflowResponse()));
  const { outcomes } = await steerEngine(steered(server), level(1, FOREVER_MS), async (engine) => {
    await replied(server, engine, 1);
    engine.setLevel(level(2, 0), engine.now());
    await until(() => server.seen.total >= 20, 'the second connection goes on');
  });
  assert.equal(outcomes.overflow, server.seen.total);
  assert.equal(server.seen.requests[0], 1);
});

test('connections above the level are closed also while they wait', async (t) => {
  const server = await rawServer(t, (socket) => socket.write(overflowResponse()));
  const { outcomes } = await steerEngine(steered(server), level(5, FOREVER_MS), async (engine) => {
    await replied(server, engine, 5);
    engine.setLevel(level(2, FOREVER_MS), engine.now());
    await until(() => server.seen.open === 2, 'two connections');
    engine.setLevel(level(6, FOREVER_MS), engine.now());
    await until(() => server.seen.total === 6, 'one more request: the others wait still');
  });
  assert.deepEqual(outcomes, { overflow: 6 });
});

const waysToEnd: Readonly<Record<string, { load?: Partial<LoadPlan>; end?: (engine: Engine) => void }>> = {
  finished: { end: (engine) => engine.finish() },
  stopped: { end: (engine) => engine.stop() },
  'out of time': { load: { durationMs: 300 } },
};

for (const [how, { load = {}, end }] of Object.entries(waysToEnd)) {
  test(`${how} while all connections wait`, async (t) => {
    const server = await rawServer(t, (socket) => socket.write(overflowResponse()));
    const run = runEngine(
      steered(server, load),
      (engine) => {
        if (end !== undefined) {
          void replied(server, engine, 4).then(() => end(engine));
        }
      },
      level(4, FOREVER_MS),
    );
    const { outcomes } = await run;
    assert.deepEqual(outcomes, { overflow: 4 });
    await until(() => server.seen.open === 0, 'all are closed');
  });
}

test('stopped while the level falls: what is in flight is cut off', async (t) => {
  const server = await httpServer(t, () => {});
  const run = runEngine(
    steered(server),
    (engine) => {
      void until(() => server.seen.total === 4, 'four requests').then(() => {
        engine.setLevel(level(1), engine.now());
        engine.stop();
        engine.setLevel(level(4), engine.now());
      });
    },
    level(4),
  );
  assert.deepEqual((await run).outcomes, { 'cut-off': 4 });
  assert.equal(server.seen.total, 4);
});

test('a gateway that is down is not hammered', async () => {
  const plan = planFor(`http://127.0.0.1:${await unusedPort()}`, {
    load: { connections: 2, requests: null, durationMs: 1000 },
  });
  const { outcomes, samples } = await runEngine(plan, () => {}, level(2));
  assert.ok((outcomes.refused ?? 0) >= 2 && (outcomes.refused ?? 0) <= 42, JSON.stringify(outcomes));
  assert.equal(samples.length, outcomes.refused);
});

test('rows are posted every 10 ms', async (t) => {
  const intervals = t.mock.method(globalThis, 'setInterval');
  const server = await httpServer(t, (_request, reply) => reply.end('ok'));
  await runEngine(steered(server, { requests: 10 }), () => {}, level(1));
  assert.ok(intervals.mock.calls.some(({ arguments: [, ms] }) => ms === 10));
});
