/** What a connection does when its socket breaks or is answered at odd moments. */
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { PHASE } from '../../../src/blocks/sample-block.js';
import { prepareRequest, UndiciLane } from '../../../src/probes/http1/undici-lane.js';
import { type Connector, makeConnector } from '../../../src/probes/lane/connector.js';
import type { LaneOwner } from '../../../src/probes/lane/lane.js';
import { planFor } from '../../support/plan.js';
import { rawServer, response } from '../../support/servers.js';

/** A connection, the sockets that it opened, and a way to send one request. */
function connectionTo(t: TestContext, at: string, body: Buffer | null = null) {
  const { target } = planFor(`http://${at}/`);
  const connectTo = target.connectTo[0] as (typeof target.connectTo)[number];
  const connect = makeConnector(target, connectTo);
  const sockets: Socket[] = [];
  const connector: Connector = (callback) => {
    const socket = connect(callback);
    sockets.push(socket);
    return socket;
  };
  let ended: (error: unknown) => void = () => {};
  const owner: LaneOwner = {
    now: () => performance.now() * 1000,
    requestsPerConnection: Number.POSITIVE_INFINITY,
    wantsBody: () => true,
    firstByteAtBody: false,
    bodyLimitBytes: 65_536,
    finished: (_, error) => ended(error),
    connecting: () => 0,
    opened: () => 0,
    nextConnectionSerial: () => sockets.length,
    becameReady: () => {},
    streamLimitReceived: () => {},
  };
  const options = prepareRequest({ ...target, body, method: body === null ? 'GET' : 'POST' });
  const connection = new UndiciLane(owner, { connectTo, connector }, options);
  t.after(() => connection.close());
  /** @returns the error that it ended with, or null */
  const send = () =>
    new Promise<unknown>((resolve) => {
      ended = resolve;
      connection.start(owner.now(), PHASE.measured, 0);
    });
  return { connection, sockets, send };
}

test('a kept connection that is reset before the next request is written: it goes on a new one', async (t) => {
  const server = await rawServer(t, (socket) => socket.write(response()));
  const { connection, sockets, send } = connectionTo(t, server.at);
  assert.equal(await send(), null);
  const second = send();
  sockets[0]?.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
  assert.equal(await second, null);
  assert.deepEqual([connection.serial, sockets.length, server.seen.total], [2, 2, 2]);
});

test('answered before the request was read: the rest of it is in front of no other request', async (t) => {
  const server = await rawServer(t, (socket) => {
    socket.pause();
    socket.write(response());
  });
  const { sockets, send } = connectionTo(t, server.at, Buffer.alloc(16 * 1024 * 1024));
  for (const nth of [1, 2, 3]) {
    assert.equal(await send(), null);
    assert.equal(sockets.length, nth);
    assert.ok(sockets[nth - 1]?.destroyed);
  }
});

test('a 304 may carry the length of the body that it does not have, and keeps its connection', async (t) => {
  const server = await rawServer(t, (socket) =>
    socket.write('HTTP/1.1 304 Not Modified\r\ncontent-length: 1234\r\n\r\n'),
  );
  const { connection, sockets, send } = connectionTo(t, server.at);
  for (const _ of [1, 2, 3]) assert.equal(await send(), null);
  assert.deepEqual([connection.status, sockets.length], [304, 1]);
});
