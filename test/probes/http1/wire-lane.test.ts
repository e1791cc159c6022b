/** What the wire driver does that undici does not: nothing that came unasked is taken for a response. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classifyFailure } from '../../../src/probes/response/failure.js';
import { until } from '../../lab/client.js';
import { FedLane } from '../../support/responses/fed-lane.js';
import { connectionTo } from '../../support/responses/real-lane.js';
import { rawServer, response } from '../../support/servers.js';

const good = Buffer.from(response());
const poison = Buffer.from(response({ status: 500, headers: { 'x-version': 'poison' } }));

test('a response that comes 20 ms behind another one is given to no request, and counted', async (t) => {
  const server = await rawServer(t, (socket) => {
    socket.write(good);
    setTimeout(() => socket.write(poison), 20);
  });
  const { connection, sockets, seen, send } = connectionTo(t, 'wire', server.at);
  for (const nth of [1, 2, 3]) {
    assert.equal(await send(), null);
    assert.equal(connection.status, 200);
    await until(() => seen.unasked === nth, 'it came');
    assert.ok(sockets[nth - 1]?.destroyed);
  }
  assert.deepEqual(server.seen.requests, [1, 1, 1]);
});

test('bytes that are there before the next request is written: it goes on another connection', async (t) => {
  const lane = new FedLane('wire');
  t.after(() => lane.close());
  await lane.send();
  lane.feed(good);
  assert.equal((await lane.taken()).status, 200);
  const second = lane.send();
  lane.feed(poison);
  await second;
  assert.deepEqual([lane.sockets, lane.unasked], [2, 1]);
  lane.feed(good);
  assert.equal((await lane.taken()).status, 200);
});

test('bytes on a new connection before anything was written: nothing is written on it', async (t) => {
  const lane = new FedLane('wire');
  t.after(() => lane.close());
  const sent = lane.send();
  await Promise.resolve();
  lane.feed(poison);
  await sent;
  assert.deepEqual([lane.written, lane.unasked], ['', 1]);
  const { status, outcome, kept } = await lane.taken();
  assert.deepEqual([status, outcome, kept], [0, 'malformed', false]);
});

test('the server has closed the connection before the next request: no request fails by that', async (t) => {
  const lane = new FedLane('wire');
  t.after(() => lane.close());
  await lane.send();
  lane.feed(good);
  await lane.taken();
  const second = lane.send();
  void lane.hangUp('close');
  await second;
  assert.equal(lane.sockets, 2);
  lane.feed(good);
  assert.equal((await lane.taken()).outcome, 'ok');
});

for (const what of ['closes', 'resets', 'sends unasked bytes on'] as const) {
  test(`the server ${what} a connection that was opened early: the first request goes on another one`, async (t) => {
    const lane = new FedLane('wire');
    t.after(() => lane.close());
    assert.equal(await lane.open(), true);
    const sent = lane.send();
    if (what === 'sends unasked bytes on') lane.feed(poison);
    else void lane.hangUp(what === 'closes' ? 'close' : 'reset');
    await sent;
    assert.equal(lane.sockets, 2);
    lane.feed(good);
    assert.equal((await lane.taken()).outcome, 'ok');
  });
}

test('a server that closes right behind each whole response: every request is answered', async (t) => {
  const server = await rawServer(t, (socket) => socket.end(good));
  const { sockets, send } = connectionTo(t, 'wire', server.at);
  for (let i = 0; i < 20; i += 1) {
    assert.equal(await send(), null);
    await until(() => sockets.at(-1)?.destroyed === true, 'its end is seen');
  }
  assert.equal(server.seen.total, 20);
});

test('requests per connection: the last one says that it is, and the connection is closed', async (t) => {
  const heads: string[] = [];
  const server = await rawServer(t, (socket, { head }) => {
    heads.push(/connection: (.*)\r/.exec(head)?.[1] ?? '');
    socket.write(good);
  });
  const { sockets, send } = connectionTo(t, 'wire', server.at, { requests: 3 });
  for (let i = 0; i < 7; i += 1) assert.equal(await send(), null);
  assert.deepEqual(heads, [
    'keep-alive',
    'keep-alive',
    'close',
    'keep-alive',
    'keep-alive',
    'close',
    'keep-alive',
  ]);
  assert.equal(sockets.length, 3);
});

test('given up in each state: it ends once, and the next request is answered', async (t) => {
  let answering = false;
  const server = await rawServer(t, (socket) => {
    if (answering) socket.write(good);
    else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nfour');
  });
  const { connection, send } = connectionTo(t, 'wire', server.at);
  const states: readonly (() => boolean)[] = [
    () => true,
    () => connection.serial > 0,
    () => !Number.isNaN(connection.sendUs),
    () => connection.status === 200,
  ];
  for (const state of states) {
    answering = false;
    const sent = send();
    await until(state, 'the state');
    connection.giveUp('timeout');
    connection.giveUp('cut-off');
    assert.ok((await sent) instanceof Error);
    assert.equal(connection.giveUpReason, 'timeout');
    answering = true;
    assert.equal(await send(), null);
    connection.disconnect();
  }
});

test('what is not HTTP is shown as it came', async (t) => {
  const server = await rawServer(t, (socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n'));
  const { send } = connectionTo(t, 'wire', server.at);
  const error = await send();
  assert.equal(classifyFailure(error, { tls: false, sent: true, headSeen: false }), 'malformed');
  assert.match(
    (error as Error).message,
    /does not match the HTTP\/1\.1 protocol \(Expected HTTP\/, RTSP\/ or ICE\/\)/,
  );
});
