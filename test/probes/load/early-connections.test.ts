/** Connections of an open loop that are open before its clock starts. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { createServer as createNetServer } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DriverName, LoadPlan, Plan } from '../../../src/plan/plan.js';
import type { Lane } from '../../../src/probes/lane/lane.js';
import { EarlyConnections, earlyConnections } from '../../../src/probes/load/early-connections.js';
import { runEngine } from '../../support/engine.js';
import { planFor } from '../../support/plan.js';
import { listen, Seen, unusedPort } from '../../support/servers.js';

const load = (changes: Partial<LoadPlan> = {}): LoadPlan => ({
  ...planFor('http://127.0.0.1:1').load,
  ...{ mode: 'open', requests: null, requestsPerConnection: null, warmup: null },
  ...changes,
});

const open = (driver: DriverName, changes: Partial<LoadPlan>, http2 = false) => ({
  ...(http2 ? { flags: { http2: true } } : {}),
  load: {
    mode: 'open' as const,
    driver,
    ratePerSecond: 400,
    requests: 40,
    maxInFlight: 8,
    connections: 8,
    ...changes,
  },
});

/** Runs the plan when its connections are open, and what was given has been done. */
const runPrepared = (plan: Plan, then: () => unknown = () => {}) =>
  runEngine(plan, undefined, undefined, async (engine) => {
    await engine.prepare();
    await then();
  });

/** The client's side of a connection is open before the server has seen it. */
async function accepted({ requests }: Seen): Promise<void> {
  while (requests.length < 8) await sleep(2);
}

test('as many as requests are due in a quarter of a second, at most all', () => {
  assert.equal(earlyConnections(load(), 1000, 1, 1, 50), 50);
  assert.equal(earlyConnections(load(), 100, 1, 1, 50), 25);
  assert.equal(earlyConnections(load(), 100, 2, 1, 25), 13);
  assert.equal(earlyConnections(load(), 1, 1, 1, 50), 1);
  assert.equal(earlyConnections(load({ requests: 3, warmup: { requests: 2 } }), 1000, 1, 1, 50), 5);
});

test('one for each address, so that each gets requests at a low rate', () => {
  assert.equal(earlyConnections(load(), 1, 1, 7, 50), 7);
  assert.equal(earlyConnections(load(), 1, 1, 7, 5), 5);
});

test('equally many for each address, because they are used in turn', () => {
  assert.equal(earlyConnections(load(), 16, 1, 3, 50), 6);
  assert.equal(earlyConnections(load(), 1000, 1, 3, 50), 48);
  assert.equal(earlyConnections(load({ requests: 1 }), 1000, 1, 3, 50), 3);
});

test('none if each request opens its own', () => {
  assert.equal(earlyConnections(load({ requestsPerConnection: 1 }), 1000, 1, 1, 50), 0);
  assert.equal(earlyConnections(load({ requestsPerConnection: 2 }), 1000, 1, 1, 50), 50);
});

/** Lanes that are opened when the test says so. */
function slowLanes(count: number) {
  const opening: ((opened: boolean) => void)[] = [];
  const given = { up: 0 };
  const lanes = Array.from({ length: count }, () => ({
    open: (done: (opened: boolean) => void) => opening.push(done),
    disconnect: () => {
      given.up += 1;
    },
  })) as unknown as Lane[];
  return { lanes, opening, given };
}

/** Whether a promise is fulfilled when what is at hand has been done. */
async function isDone(promise: Promise<void>): Promise<boolean> {
  let done = false;
  void promise.then(() => {
    done = true;
  });
  await Promise.resolve();
  await Promise.resolve();
  return done;
}

test('64 are opened at a time, and whoever waits goes on when each is open or failed', async () => {
  const { lanes, opening } = slowLanes(100);
  const opened = new EarlyConnections().open(lanes);
  assert.equal(opening.length, 64);
  for (let index = 0; index < 99; index += 1) opening[index]?.(index % 3 > 0);
  assert.equal(opening.length, 100);
  assert.equal(await isDone(opened), false);
  opening[99]?.(false);
  assert.equal(await isDone(opened), true);
});

test('a gateway that accepts nothing is waited for one second', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { lanes, opening, given } = slowLanes(100);
  const opened = new EarlyConnections().open(lanes);
  opening[0]?.(true);
  t.mock.timers.tick(999);
  assert.equal(await isDone(opened), false);
  t.mock.timers.tick(1);
  assert.equal(await isDone(opened), true);
  assert.equal(given.up, 64, 'those that are not open are opened with a request');
  for (const done of opening.slice()) done(false);
  assert.equal(opening.length, 65, 'no other one is begun');
});

test('a run that is stopped does not wait', async () => {
  const early = new EarlyConnections();
  const opened = early.open(slowLanes(2).lanes);
  early.giveUp();
  assert.equal(await isDone(opened), true);
  assert.equal(await isDone(new EarlyConnections().open([])), true);
});

for (const driver of ['wire', 'undici', 'node-http2'] as const) {
  const http2 = driver === 'node-http2';

  test(`${driver}: connections are open before the start, and requests use them`, async (t) => {
    const seen = new Seen();
    const numbers = new WeakMap<object, number>();
    const answer = (socket: object, end: () => void) => {
      const number = numbers.get(socket) as number;
      seen.requests[number] = (seen.requests[number] as number) + 1;
      end();
    };
    const server = http2
      ? createHttp2Server((_request, response) => answer({}, () => response.end('ok')))
      : createServer(({ socket }, response) => answer(socket, () => response.end('ok')));
    server.on('connection', (socket) => numbers.set(socket, seen.add(socket)));
    const { at } = await listen(t, server, seen);
    const { outcomes, summary } = await runPrepared(
      planFor(`http://${at}`, open(driver, {}, http2)),
      async () => {
        await accepted(seen);
        assert.equal(seen.total, 0);
      },
    );
    assert.deepEqual(outcomes, { ok: 40 });
    assert.equal(seen.requests.length, 8, 'and no other one was opened');
    assert.equal(summary.connectionsOpened, 8);
  });

  test(`${driver}: where nobody listens the run begins, and its requests fail as ever`, async () => {
    const plan = planFor(`http://127.0.0.1:${await unusedPort()}`, open(driver, {}, http2));
    const { outcomes, summary } = await runPrepared(plan);
    assert.deepEqual(outcomes, { refused: 40 });
    assert.equal(summary.connectionsOpened, 0);
  });
}

for (const driver of ['wire', 'undici'] as const) {
  test(`${driver}: a server that closes idle connections costs no request`, async (t) => {
    const seen = new Seen();
    const server = createServer((_request, response) => response.end('ok'));
    server.on('connection', (socket) => seen.add(socket));
    const { at } = await listen(t, server, seen);
    const { outcomes, summary } = await runPrepared(planFor(`http://${at}`, open(driver, {})), async () => {
      await accepted(seen);
      for (const socket of seen.sockets) socket.end();
      while (seen.open > 0) await sleep(5);
    });
    assert.deepEqual(outcomes, { ok: 40 });
    assert.ok(summary.connectionsOpened > 8);
  });

  test(`${driver}: bytes that came before the first request are no answer to it`, async (t) => {
    const seen = new Seen();
    const server = createNetServer((socket) => {
      const poisoned = seen.add(socket) < 8;
      if (poisoned) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\npoison');
      socket.on('data', () => socket.write('HTTP/1.1 204 OK\r\n\r\n'));
    });
    const { at } = await listen(t, server, seen);
    const { samples } = await runPrepared(planFor(`http://${at}`, open(driver, {})), async () => {
      await accepted(seen);
      await sleep(50);
    });
    assert.deepEqual(new Set(samples.map(({ status }) => status)), new Set([204]));
  });

  test(`${driver}: requests that start while connections are still being opened wait for one`, async (t) => {
    const seen = new Seen();
    const server = createServer((_request, response) => response.end('ok'));
    server.on('connection', (socket) => seen.add(socket));
    const { at } = await listen(t, server, seen);
    const plan = planFor(`http://${at}`, open(driver, {}));
    const { outcomes } = await runEngine(plan, undefined, undefined, async (engine) => {
      void engine.prepare();
      engine.stopPreparing();
    });
    assert.deepEqual(outcomes, { ok: 40 });
  });
}
