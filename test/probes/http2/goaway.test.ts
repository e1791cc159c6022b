/** HTTP/2 connections that a server ends, in order or not: each request ends once, under the right name. */
import assert from 'node:assert/strict';
import { constants } from 'node:http2';
import { test } from 'node:test';
import { seededRandom } from '../../../src/random.js';
import { runEngine } from '../../support/engine.js';
import { assertSent, flags, small } from '../../support/h2-plan.js';
import {
  answer,
  answerHead,
  END_STREAM,
  FRAME,
  frame,
  goaway,
  h2Server,
  rawH2Server,
  respond,
  settingsFrame,
} from '../../support/h2-servers.js';
import { planFor } from '../../support/plan.js';

const CALM = 11;

for (const [connections, streams] of [
  [1, 1],
  [4, 1],
  [2, 8],
] as const) {
  test(`a graceful GOAWAY every 100 requests, ${connections} connections with ${streams} streams: nothing fails`, async (t) => {
    const server = await h2Server(t, ({ stream, session, onSession }) => {
      // As Envoy drains: first a GOAWAY without a last stream, then one with it.
      if (onSession === 100) session.goaway(constants.NGHTTP2_NO_ERROR, 2 ** 31 - 1);
      setImmediate(() => {
        if (onSession === 100 && !session.destroyed) session.close();
        respond(stream);
      });
    });
    const plan = planFor(`http://${server.at}`, {
      flags,
      load: { requests: 1500, connections, streams, timeoutMs: 20_000 },
    });
    const { outcomes, summary } = await runEngine(plan);
    assert.deepEqual(outcomes, { ok: 1500 });
    assert.equal(server.sessions.total, 1500);
    assert.ok(server.sessions.requests.length >= 1500 / (100 + 2 * streams), 'the server ended sessions');
    assert.equal(summary.connectionsOpened, server.sessions.requests.length);
  });
}

test('GOAWAY before HEADERS that were not written yet: the request goes on the next connection, unfailed', async (t) => {
  // The first answer fills a whole read of the socket, and GOAWAY comes with the next read of the same turn: in
  // between, the next request is handed to a session that may not write it any more.
  const READ_BYTES = 64 * 1024;
  const server = await rawH2Server(t, (socket, { streamId, onSession, inAll }) => {
    if (onSession > 1 || inAll > 40) {
      socket.write(answer(streamId));
      return;
    }
    const head = answerHead(streamId);
    let left = READ_BYTES - head.length;
    const frames = [head];
    while (left > 0) {
      const size = Math.min(left, 16_384 + 9) - 9;
      left -= size + 9;
      // What is left for the last frame must have room for a frame's head.
      const shorter = left > 0 && left < 9 ? 9 : 0;
      left += shorter;
      frames.push(frame(FRAME.data, left === 0 ? END_STREAM : 0, streamId, Buffer.alloc(size - shorter)));
    }
    const bytes = Buffer.concat(frames);
    assert.equal(bytes.length, READ_BYTES);
    socket.write(Buffer.concat([bytes, goaway(streamId, 0)]));
  });
  const plan = planFor(`http://${server.at}`, {
    flags,
    load: { requests: 60, connections: 1, streams: 1, timeoutMs: 20_000 },
  });
  const { outcomes, samples } = await runEngine(plan);
  assert.deepEqual(outcomes, { ok: 60 });
  assert.equal(server.seen.total, 60, 'nothing was sent twice');
  assert.ok(samples.every(({ sendUs, firstByteUs }) => sendUs <= firstByteUs));
});

test('streams above the last one of a GOAWAY are refused, those below finish', async (t) => {
  const held: { socket: Parameters<Parameters<typeof rawH2Server>[1]>[0]; streamId: number }[] = [];
  const server = await rawH2Server(t, (socket, { streamId, onSession }) => {
    if (server.seen.requests.length > 1) {
      socket.write(answer(streamId));
      return;
    }
    held.push({ socket, streamId });
    if (onSession < 6) return;
    const [first, second, ...others] = held.map((one) => one.streamId);
    assert.deepEqual([first, second, ...others], [1, 3, 5, 7, 9, 11]);
    socket.write(Buffer.concat([goaway(3, 0), answer(1), answer(3)]));
  });
  const plan = planFor(`http://${server.at}`, {
    flags,
    load: { requests: 30, connections: 1, streams: 6, timeoutMs: 20_000 },
  });
  const { outcomes } = await runEngine(plan);
  assert.deepEqual(outcomes, { 'refused-stream': 4, ok: 26 });
});

for (const [how, end, name] of [
  ['closed', 'end', 'closed'],
  ['reset', 'resetAndDestroy', 'reset'],
] as const) {
  test(`a connection ${how} with streams under way: each fails once`, async (t) => {
    const server = await rawH2Server(t, (socket, { onSession }) => {
      if (onSession === 2) socket[end]();
    });
    const run = await runEngine(planFor(`http://${server.at}`, small));
    // A reset that meets a write of ours is told by node:http2 as an end.
    const { closed = 0, ...rest } = run.outcomes;
    assert.deepEqual({ [name]: 0, ...rest, closed }, { [name]: 12 - closed, closed });
    assertSent(run, true);
    assert.equal(server.seen.total, 12);
  });
}

for (const [how, end] of [
  ['closed', 'end'],
  ['reset', 'resetAndDestroy'],
] as const) {
  test(`a connection ${how} in mid-body: truncated`, async (t) => {
    const server = await rawH2Server(t, (socket, { streamId, onSession }) => {
      socket.write(Buffer.concat([answerHead(streamId), frame(FRAME.data, 0, streamId, 'half')]), () => {
        if (onSession === 2) setImmediate(() => socket[end]());
      });
    });
    const { outcomes, samples } = await runEngine(planFor(`http://${server.at}`, small));
    assert.deepEqual(outcomes, { truncated: 12 });
    assert.ok(samples.every(({ version }) => version === 'v1'));
  });
}

test('GOAWAY with an error ends its streams, and those above its last are refused', async (t) => {
  const server = await rawH2Server(t, (socket, { onSession }) => {
    if (onSession === 4) socket.write(goaway(3, CALM));
  });
  const plan = planFor(`http://${server.at}`, {
    flags,
    load: { requests: 12, connections: 1, streams: 4, timeoutMs: 20_000 },
  });
  const { outcomes, summary } = await runEngine(plan);
  assert.deepEqual(outcomes, { reset: 6, 'refused-stream': 6 });
  assert.match(summary.errorSamples.reset ?? '', /ended the connection/);
});

test('a server that says GOAWAY to every connection at once: refused, and not hammered', async (t) => {
  const server = await rawH2Server(t, () => {}, {
    preface: Buffer.concat([settingsFrame(), goaway(0, 0)]),
  });
  const plan = planFor(`http://${server.at}`, {
    flags,
    load: { requests: 6, connections: 1, streams: 2, timeoutMs: 20_000 },
  });
  const run = await runEngine(plan);
  assert.deepEqual(run.outcomes, { 'refused-stream': 6 });
  assertSent(run, false);
  assert.ok(server.seen.requests.length <= 18, `${server.seen.requests.length} connections`);
});

test('sessions that the server destroys at random: never a crash, each request accounted for', async (t) => {
  const random = seededRandom(15);
  const server = await h2Server(t, ({ stream, session, socket }) => {
    const drawn = random();
    if (drawn < 0.02) session.destroy();
    else if (drawn < 0.04) session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM);
    else if (drawn < 0.06) socket.destroy();
    else if (drawn < 0.08) stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    else setImmediate(respond, stream);
  });
  const plan = planFor(`http://${server.at}`, {
    flags,
    load: { requests: 1000, connections: 4, streams: 5, timeoutMs: 20_000 },
  });
  const { outcomes, samples, summary } = await runEngine(plan);
  const { ok = 0, reset = 0, closed = 0, refused = 0, 'refused-stream': unprocessed = 0, ...rest } = outcomes;
  assert.deepEqual(rest, {}, JSON.stringify(summary.errorSamples));
  assert.equal(ok + reset + closed + refused + unprocessed, 1000);
  assert.ok(ok > 250 && reset + closed > 10, JSON.stringify(outcomes));
  assert.ok(samples.every((one) => one.outcome !== 'ok' || (one.status === 200 && one.bytes === 2)));
});

test('a connection is done for us after a fault of the protocol, though the server leaves it open', async (t) => {
  const faults = [
    // Larger than frames may be.
    frame(FRAME.data, 0, 1, Buffer.alloc(20_000)),
    // Of a stream that is not open.
    frame(FRAME.data, 0, 99, 'x'),
  ];
  const runs = faults.map(async (bytes) => {
    const server = await rawH2Server(t, (socket, { streamId }) => {
      if (server.seen.requests.length === 1) socket.write(bytes);
      socket.write(answer(streamId));
    });
    const plan = planFor(`http://${server.at}`, {
      flags,
      load: { requests: 20, connections: 1, streams: 2, timeoutMs: 3000 },
    });
    // Node 24 tells of it at once, Node 20 not at all.
    const { ok, timeout = 0, malformed = 0, ...rest } = (await runEngine(plan)).outcomes;
    assert.deepEqual([ok, timeout + malformed, rest], [18, 2, {}]);
    assert.equal(server.seen.requests.length, 2);
  });
  await Promise.all(runs);
});
