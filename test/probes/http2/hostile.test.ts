/** HTTP/2 servers that break the protocol or flood: failed under a name, never a crash, in bounded memory. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { runEngine } from '../../support/engine.js';
import { flags, small } from '../../support/h2-plan.js';
import {
  answer,
  END_HEADERS,
  END_STREAM,
  FRAME,
  field,
  frame,
  rawH2Server,
  STATUS_200,
  settingsFrame,
  uint32,
} from '../../support/h2-servers.js';
import { planFor } from '../../support/plan.js';

test('PUSH_PROMISE is a fault of the connection: its streams fail, the next ones do not', async (t) => {
  const server = await rawH2Server(t, (socket, { streamId, onSession, inAll }) => {
    if (inAll > 8) socket.write(answer(streamId));
    else if (onSession === 2) {
      const promised = Buffer.concat([uint32(2), Buffer.from([0x82, 0x86, 0x84]), field(':authority', 'a')]);
      socket.write(frame(FRAME.pushPromise, END_HEADERS, streamId, promised));
    }
  });
  const plan = planFor(`http://${server.at}`, {
    flags,
    load: { requests: 40, connections: 1, streams: 2, timeoutMs: 20_000 },
  });
  const { outcomes } = await runEngine(plan);
  assert.deepEqual(outcomes, { malformed: 8, ok: 32 });
});

test('headers larger than 64 KiB', async (t) => {
  const server = await rawH2Server(t, (socket, { streamId }) => {
    socket.write(Buffer.concat([bomb(streamId, 25), frame(FRAME.data, END_STREAM, streamId, 'ok')]));
  });
  const { outcomes } = await runEngine(planFor(`http://${server.at}`, small));
  assert.deepEqual(outcomes, { 'too-large': 12 });
});

/** A field that is put into the dynamic table, and then named again and again by one byte each. */
function bomb(streamId: number, times: number): Buffer {
  const name = Buffer.from('x-bomb');
  const value = Buffer.alloc(3000, 'b');
  // 7-bit prefix integer: 127, then 2873 in two groups.
  const length = Buffer.from([0x7f, (2873 & 0x7f) | 0x80, 2873 >> 7]);
  const indexed = Buffer.concat([Buffer.from([0x40, name.length]), name, length, value]);
  const again = Buffer.alloc(times, 0x80 | 62);
  return frame(FRAME.headers, END_HEADERS, streamId, Buffer.concat([STATUS_200, indexed, again]));
}

async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  for (let round = 0; round < 4; round += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    gc();
  }
}

function continuations(streamId: number, count: number): Buffer {
  const piece = Buffer.concat(Array.from({ length: 100 }, (_, i) => field(`x-${i}`, 'y'.repeat(100))));
  const frames = [frame(FRAME.headers, 0, streamId, STATUS_200)];
  for (let i = 0; i < count; i += 1) frames.push(frame(FRAME.continuation, 0, streamId, piece));
  return Buffer.concat(frames);
}

for (const [what, head] of [
  ['that HPACK blows up to 36 MB', (id: number) => bomb(id, 12_000)],
  ['in 200 CONTINUATION frames without an end', (id: number) => continuations(id, 200)],
  ['in 20 CONTINUATION frames without an end', (id: number) => continuations(id, 20)],
] as const) {
  test(`headers ${what}: failed, in bounded memory`, async (t) => {
    const server = await rawH2Server(t, (socket, { streamId }) => socket.write(head(streamId)));
    const before = process.memoryUsage().rss;
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss - before);
    }, 5);
    const { outcomes } = await runEngine(
      planFor(`http://${server.at}`, {
        flags,
        load: { requests: 40, connections: 2, streams: 2, timeoutMs: 20_000 },
      }),
    );
    clearInterval(watch);
    // node:http2 would abort here if sessions were collected before their broken streams.
    await collectGarbage();
    const { reset = 0, malformed = 0, closed = 0, ...rest } = outcomes;
    assert.deepEqual(rest, {});
    assert.equal(reset + malformed + closed, 40);
    t.diagnostic(`${JSON.stringify(outcomes)}, ${Math.round(most / 1e6)} MB more`);
    assert.ok(most < 200e6, `${most} bytes`);
  });
}

for (const [what, bytes] of [
  ['a flood of PING', Buffer.concat(Array.from({ length: 5000 }, () => frame(FRAME.ping, 0, 0, '12345678')))],
  ['a flood of SETTINGS', Buffer.concat(Array.from({ length: 5000 }, () => settingsFrame([4, 70_000])))],
  ['a window larger than 2^31', frame(FRAME.windowUpdate, 0, 0, uint32(0x7fffffff))],
  ['a frame of no known type', Buffer.concat([frame(0xfa, 0xff, 1, 'what'), frame(0xfb, 0, 0, '')])],
] as const) {
  test(`${what}: each request ends once`, async (t) => {
    const server = await rawH2Server(t, (socket, { streamId }) => {
      socket.write(Buffer.concat([bytes, answer(streamId)]));
    });
    const { outcomes } = await runEngine(planFor(`http://${server.at}`, small));
    const { ok = 0, malformed = 0, reset = 0, closed = 0, ...rest } = outcomes;
    assert.deepEqual(rest, {});
    assert.equal(ok + malformed + reset + closed, 12);
    t.diagnostic(JSON.stringify(outcomes));
  });
}
