/** HTTP/2 streams that end in every way: each request ends once, under the right name. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runEngine } from '../../support/engine.js';
import { assertSent, flags, small } from '../../support/h2-plan.js';
import {
  answer,
  answerHead,
  END_HEADERS,
  END_STREAM,
  FRAME,
  field,
  frame,
  rawH2Server,
  rst,
  STATUS_200,
  settingsFrame,
  uint32,
} from '../../support/h2-servers.js';
import { planFor } from '../../support/plan.js';
import { rawServer, response } from '../../support/servers.js';

const CODE = { refused: 7, cancel: 8, internal: 2, calm: 11, protocol: 1 };

test('REFUSED_STREAM: not processed, by its own word', async (t) => {
  const server = await rawH2Server(t, (socket, { streamId, inAll }) => {
    socket.write(inAll % 5 === 0 ? rst(streamId, CODE.refused) : answer(streamId));
  });
  const plan = planFor(`http://${server.at}`, {
    flags,
    load: { requests: 50, connections: 2, streams: 3, timeoutMs: 20_000 },
  });
  const { outcomes, samples } = await runEngine(plan);
  assert.deepEqual(outcomes, { 'refused-stream': 10, ok: 40 });
  assert.equal(server.seen.requests.length, 2, 'the connections went on');
  assert.ok(samples.every((one) => one.outcome === 'ok' || one.class === 'failed'));
});

for (const [code, name] of [
  [CODE.internal, 'reset'],
  [CODE.cancel, 'reset'],
  [CODE.calm, 'reset'],
  [CODE.protocol, 'malformed'],
  [0, 'closed'],
] as const) {
  test(`each tenth stream is reset with code ${code}: ${name}, and the count is exact`, async (t) => {
    const server = await rawH2Server(t, (socket, { streamId, inAll }) => {
      socket.write(inAll % 10 === 0 ? rst(streamId, code) : answer(streamId));
    });
    const plan = planFor(`http://${server.at}`, {
      flags,
      load: { requests: 500, connections: 2, streams: 4, timeoutMs: 20_000 },
    });
    const { outcomes } = await runEngine(plan);
    assert.deepEqual(outcomes, { ok: 450, [name]: 50 });
    assert.equal(server.seen.requests.length, 2);
    assert.equal(server.seen.total, 500);
  });
}

for (const [code, name] of [
  [CODE.internal, 'reset'],
  [CODE.cancel, 'reset'],
  [CODE.refused, 'reset'],
  [0, 'truncated'],
] as const) {
  test(`a stream reset in mid-body with code ${code} is a failure with its version, never a success`, async (t) => {
    const server = await rawH2Server(t, (socket, { streamId }) => {
      socket.write(
        Buffer.concat([answerHead(streamId), frame(FRAME.data, 0, streamId, 'half'), rst(streamId, code)]),
      );
    });
    const { outcomes, samples } = await runEngine(planFor(`http://${server.at}`, small));
    assert.deepEqual(outcomes, { [name]: 12 });
    assert.ok(
      samples.every(({ version, status, bytes }) => version === 'v1' && status === 200 && bytes === 4),
    );
  });
}

test('a body shorter than its content-length is no success', async (t) => {
  const server = await rawH2Server(t, (socket, { streamId }) => {
    const head = Buffer.concat([STATUS_200, field('x-version', 'v1'), field('content-length', '10')]);
    socket.write(
      Buffer.concat([
        frame(FRAME.headers, END_HEADERS, streamId, head),
        frame(FRAME.data, END_STREAM, streamId, 'four'),
      ]),
    );
  });
  const { outcomes } = await runEngine(planFor(`http://${server.at}`, small));
  assert.deepEqual(outcomes, { reset: 12 });
});

test('an upload that the server gives no window for ends at the time-out, under its name', async (t) => {
  // SETTINGS_INITIAL_WINDOW_SIZE 0: HEADERS go, DATA does not.
  const server = await rawH2Server(t, () => {}, { preface: settingsFrame([4, 0]) });
  const plan = planFor(`http://${server.at}`, {
    flags: { ...flags, body: Buffer.alloc(100_000) },
    load: { requests: 6, connections: 1, streams: 3, timeoutMs: 200 },
  });
  const run = await runEngine(plan);
  assert.deepEqual(run.outcomes, { timeout: 6 });
  assertSent(run, true);
  assert.equal(server.seen.total, 6);
});

test('a window that shrinks below zero in the middle of uploads stalls them until it opens again', async (t) => {
  const opened = new Set<number>();
  const server = await rawH2Server(
    t,
    (socket, { streamId }) => {
      opened.add(streamId);
      // Less than the body, so that it stops on the way; then below what was sent already.
      socket.write(settingsFrame([4, 0]));
      setImmediate(() => {
        socket.write(settingsFrame([4, 60_000]));
        socket.write(frame(FRAME.windowUpdate, 0, 0, uint32(60_000)));
        socket.write(answer(streamId));
      });
    },
    { preface: settingsFrame([4, 1000]) },
  );
  const plan = planFor(`http://${server.at}`, {
    flags: { ...flags, body: Buffer.alloc(50_000) },
    load: { requests: 10, connections: 1, streams: 1, timeoutMs: 10_000 },
  });
  assert.deepEqual((await runEngine(plan)).outcomes, { ok: 10 });
  assert.equal(opened.size, 10);
});

test('an answer before the upload is whole is an answer, and what the server takes no more of is reset', async (t) => {
  const codes: number[] = [];
  const server = await rawH2Server(
    t,
    // Longer in all than such an upload may go on.
    (socket, { streamId }) => setTimeout(() => socket.write(answer(streamId)), 20),
    {
      preface: settingsFrame([4, 1000]),
      onFrame: (_socket, type, payload) => {
        if (type === FRAME.rstStream) codes.push(payload.readUInt32BE(0));
      },
    },
  );
  const plan = planFor(`http://${server.at}`, {
    flags: { ...flags, body: Buffer.alloc(50_000) },
    load: { requests: 20, connections: 1, streams: 2, timeoutMs: 10_000 },
  });
  assert.deepEqual((await runEngine(plan)).outcomes, { ok: 20 });
  assert.equal(server.seen.requests.length, 1);
  assert.ok(codes.length > 0 && codes.every((code) => code === CODE.cancel), String(codes));
});

test('a stream that never ends is given up alone; the others of its connection go on', async (t) => {
  const server = await rawH2Server(t, (socket, { streamId, inAll }) => {
    if (inAll % 10 === 0) socket.write(answerHead(streamId));
    else socket.write(answer(streamId));
  });
  const plan = planFor(`http://${server.at}`, {
    flags,
    load: { requests: 40, connections: 1, streams: 4, timeoutMs: 3000 },
  });
  const { outcomes } = await runEngine(plan);
  assert.deepEqual(outcomes, { ok: 36, timeout: 4 });
  assert.equal(server.seen.requests.length, 1);
});

test('a server without SETTINGS is not sent a request: the connecting times out', async (t) => {
  const server = await rawServer(t, () => {});
  const plan = planFor(`http://${server.at}`, {
    flags,
    load: { requests: 4, connections: 1, streams: 2, timeoutMs: 200 },
  });
  const run = await runEngine(plan);
  assert.deepEqual(run.outcomes, { 'connect-timeout': 4 });
  assertSent(run, false);
});

test('a server of HTTP/1.1 on the port', async (t) => {
  const server = await rawServer(t, (socket) => socket.end(response({ status: 400 })));
  const run = await runEngine(planFor(`http://${server.at}`, small));
  assert.deepEqual(run.outcomes, { 'no-http2': 12 });
  assertSent(run, false);
});
