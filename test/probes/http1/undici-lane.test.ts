/** What a connection does when its socket breaks or is answered at odd moments. */
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { PHASE } from '../../../src/blocks/sample-block.js';
import { prepareRequest, UndiciLane } from '../../../src/probes/http1/undici-lane.js';
import { type Connector, makeConnector } from '../../../src/probes/lane/connector.js';
import type { LaneOwner } from '../../../src/probes/lane/lane.js';
import { until } from '../../lab/client.js';
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
  let atEnd = () => {};
  const owner: LaneOwner = {
    now: () => performance.now() * 1000,
    requestsPerConnection: Number.POSITIVE_INFINITY,
    wantsBody: () => true,
    firstByteAtBody: false,
    bodyLimitBytes: 65_536,
    finished: (_, error) => {
      atEnd();
      ended(error);
    },
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
  const onFinished = (action: () => void) => {
    atEnd = action;
  };
  return { connection, sockets, send, onFinished };
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

test('disconnected: the connection is closed, and the next request opens another', async (t) => {
  const server = await rawServer(t, (socket) => socket.write(response()));
  const { connection, sockets, send } = connectionTo(t, server.at);
  connection.disconnect();
  assert.equal(sockets.length, 0, 'before the first request there is none');
  assert.equal(await send(), null);
  connection.disconnect();
  connection.disconnect();
  assert.ok(sockets[0]?.destroyed);
  // At once: undici has not seen yet that the socket is closed.
  assert.equal(await send(), null);
  assert.deepEqual([connection.serial, sockets.length], [2, 2]);
  connection.disconnect();
  await until(() => server.seen.open === 0, 'the server sees that it is closed');
  assert.equal(await send(), null);
  assert.deepEqual(server.seen.requests, [1, 1, 1]);
});

test('disconnected as soon as a request has ended, also after an error', async (t) => {
  const server = await rawServer(t, (socket, { inAll }) => {
    if (inAll === 2) socket.write('HTTP/1.1 nonsense\r\n\r\n');
    else socket.write(response());
  });
  const { connection, sockets, send, onFinished } = connectionTo(t, server.at);
  onFinished(() => connection.disconnect());
  assert.equal(await send(), null);
  assert.ok((await send()) instanceof Error);
  assert.equal(await send(), null);
  assert.equal(sockets.length, 3);
  await until(() => server.seen.open === 0, 'all are closed');
});
