/** The order in which node:http2 tells of a response is not always that in which it came. */
import assert from 'node:assert/strict';
import type { ClientHttp2Stream } from 'node:http2';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import type { Http2Connection } from '../../../src/probes/http2/http2-connection.js';
import { Http2Lane } from '../../../src/probes/http2/http2-lane.js';
import type { Http2Session } from '../../../src/probes/http2/http2-session.js';
import type { LaneOwner } from '../../../src/probes/lane/lane.js';

/** A stream that is told of by hand, and what the lane makes of it. */
class Told extends Duplex {
  override readonly closed = false;
  override _read(): void {}
  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    done();
  }

  head(status: number): void {
    this.emit('response', { ':status': status }, 0, [':status', String(status), 'x-version', 'v1']);
  }
}

function laneWith(options: { wantsBody: boolean; firstByteAtBody?: boolean }) {
  const stream = Object.assign(new Told(), { close() {} });
  const ended: { error: unknown; body: string; firstByteUs: number }[] = [];
  let nowUs = 0;
  const session = {
    serial: 1,
    address: 0,
    lastResponseUs: 0,
    streamAborted() {},
    owner: { uploadEnded() {} },
    request: () => stream as unknown as ClientHttp2Stream,
  } as unknown as Http2Session;
  const owner = {
    now: () => {
      nowUs += 1;
      return nowUs;
    },
    wantsBody: () => options.wantsBody,
    bodyLimitBytes: 20,
    firstByteAtBody: options.firstByteAtBody ?? false,
    finished: (lane: Http2Lane, error: unknown) => {
      ended.push({ error, body: lane.body.bytes.toString(), firstByteUs: lane.firstByteUs });
    },
  } as unknown as LaneOwner;
  const connection = {
    requestOn: () => ({ headers: {}, body: null }),
    start: (lane: Http2Lane) => lane.send(session),
    requestEnded() {},
    streamFreed() {},
  } as unknown as Http2Connection;
  const lane = new Http2Lane(owner, connection);
  lane.start(0, 0, 0);
  return { stream, lane, ended };
}

const tells: Readonly<Record<string, (stream: Told) => void>> = {
  'head, body, end': (stream) => {
    stream.head(200);
    stream.push(Buffer.from('hello '));
    stream.push(Buffer.from('from v1'));
    stream.push(null);
  },
  'body, head, body, end': (stream) => {
    stream.push(Buffer.from('hello '));
    stream.head(200);
    stream.push(Buffer.from('from v1'));
    stream.push(null);
  },
  'body, end, head': (stream) => {
    stream.push(Buffer.from('hello from v1'));
    stream.push(null);
    stream.head(200);
  },
};

for (const [order, tell] of Object.entries(tells)) {
  test(`told in the order ${order}: one whole response, with its body where it is wanted`, () => {
    const kept = laneWith({ wantsBody: true });
    tell(kept.stream);
    assert.equal(kept.ended.length, 1);
    const [{ error, body, firstByteUs } = assert.fail('it did not end')] = kept.ended;
    assert.deepEqual([error, body, kept.lane.bodyBytes], [null, 'hello from v1', 13]);
    assert.ok(firstByteUs > kept.lane.sendUs);
    const drained = laneWith({ wantsBody: false });
    tell(drained.stream);
    assert.deepEqual([drained.ended[0]?.body, drained.lane.bodyBytes], ['', 13]);
  });
}

test('what comes after the end, or twice, is nothing', () => {
  const { stream, ended } = laneWith({ wantsBody: true });
  stream.head(200);
  stream.head(500);
  stream.push(Buffer.from('hello from v1, and more than is kept'));
  stream.push(null);
  stream.push(Buffer.from('late'));
  stream.emit('close');
  assert.deepEqual(
    ended.map(({ error, body }) => [error, body]),
    [[null, 'hello from v1, and m']],
  );
});

test('a first byte can be that of the body', () => {
  const { stream, lane, ended } = laneWith({ wantsBody: true, firstByteAtBody: true });
  stream.head(200);
  assert.ok(Number.isNaN(lane.firstByteUs));
  stream.push(Buffer.from('token'));
  assert.ok(lane.firstByteUs > 0);
  stream.push(null);
  assert.equal(ended.length, 1);
  const empty = laneWith({ wantsBody: true, firstByteAtBody: true });
  empty.stream.head(204);
  empty.stream.push(null);
  assert.ok((empty.ended[0]?.firstByteUs ?? 0) > 0);
});
