/** What a connection does when its socket breaks or is answered at odd moments, with each driver of HTTP/1.1. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../lab/client.js';
import { connectionTo } from '../../support/responses/real-lane.js';
import { rawServer, response } from '../../support/servers.js';

for (const driver of ['wire', 'undici'] as const) {
  test(`${driver}: a kept connection that is reset before the next request is written: it goes on a new one`, async (t) => {
    const server = await rawServer(t, (socket) => socket.write(response()));
    const { connection, sockets, send } = connectionTo(t, driver, server.at);
    assert.equal(await send(), null);
    const second = send();
    sockets[0]?.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
    assert.equal(await second, null);
    assert.deepEqual([connection.serial, sockets.length, server.seen.total], [2, 2, 2]);
  });

  test(`${driver}: answered before the request was read: the rest of it is in front of no other request`, async (t) => {
    const server = await rawServer(t, (socket) => {
      socket.pause();
      socket.write(response());
    });
    const { sockets, send } = connectionTo(t, driver, server.at, { body: Buffer.alloc(16 * 1024 * 1024) });
    for (const nth of [1, 2, 3]) {
      assert.equal(await send(), null);
      assert.equal(sockets.length, nth);
      assert.ok(sockets[nth - 1]?.destroyed);
    }
  });

  test(`${driver}: a 304 may carry the length of the body that it does not have, and keeps its connection`, async (t) => {
    const server = await rawServer(t, (socket) =>
      socket.write('HTTP/1.1 304 Not Modified\r\ncontent-length: 1234\r\n\r\n'),
    );
    const { connection, sockets, send } = connectionTo(t, driver, server.at);
    for (const _ of [1, 2, 3]) assert.equal(await send(), null);
    assert.deepEqual([connection.status, sockets.length], [304, 1]);
  });

  test(`${driver}: disconnected: the connection is closed, and the next request opens another`, async (t) => {
    const server = await rawServer(t, (socket) => socket.write(response()));
    const { connection, sockets, send } = connectionTo(t, driver, server.at);
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

  test(`${driver}: disconnected as soon as a request has ended, also after an error`, async (t) => {
    const server = await rawServer(t, (socket, { inAll }) => {
      if (inAll === 2) socket.write('HTTP/1.1 nonsense\r\n\r\n');
      else socket.write(response());
    });
    const { connection, sockets, send, onFinished } = connectionTo(t, driver, server.at);
    onFinished(() => connection.disconnect());
    assert.equal(await send(), null);
    assert.ok((await send()) instanceof Error);
    assert.equal(await send(), null);
    assert.equal(sockets.length, 3);
    await until(() => server.seen.open === 0, 'all are closed');
  });
}
