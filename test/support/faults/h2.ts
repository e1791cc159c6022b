/** HTTP/2 that resets, closes or floods; test/probes/http2/faults.test.ts goes into more of it. */
import {
  END_HEADERS,
  FRAME,
  field,
  frame,
  goaway,
  rst,
  STATUS_200,
  settingsFrame,
  uint32,
} from '../h2-servers.js';
import { response } from '../servers.js';
import { FAULTY, type Fault, floods, type H2Fault } from './fault.js';
import { answerH2, headH2 } from './h2-answers.js';

const CODE = { none: 0, internal: 2, refused: 7 };

const h2 = (
  name: string,
  answer: H2Fault['answer'],
  outcome: Fault['outcome'],
  more: Partial<Fault> = {},
): Fault => ({
  name: `HTTP/2: ${name}`,
  to: 'some',
  outcome,
  h2: { answer },
  ...more,
});

/** A field that is put into the dynamic table and then named again and again, by a byte each: 36 MB of fields. */
function bomb(streamId: number): Buffer {
  const value = Buffer.alloc(3000, 'b');
  const first = Buffer.concat([
    Buffer.from([0x40, 6]),
    Buffer.from('x-bomb'),
    // 3,000 as an integer with a prefix of 7 bits (RFC 7541, 5.1).
    Buffer.from([0x7f, (2873 & 0x7f) | 0x80, 2873 >> 7]),
    value,
  ]);
  const again = Buffer.alloc(12_000, 0x80 | 62);
  return frame(FRAME.headers, END_HEADERS, streamId, Buffer.concat([STATUS_200, first, again]));
}

const CONTINUED = Buffer.concat(Array.from({ length: 100 }, (_, i) => field(`x-${i}`, 'y'.repeat(100))));
const PROMISED = Buffer.concat([uint32(2), Buffer.from([0x82, 0x86, 0x84]), field(':authority', 'a')]);

/** Writes `start`, then `part` without end. */
function floodsH2(start: Buffer, part: Buffer): ReturnType<typeof floods> {
  return floods(start.toString('latin1'), part.toString('latin1'));
}

export const H2_FAULTS: readonly Fault[] = [
  h2(
    'GOAWAY with an answer',
    (s, id) => s.write(Buffer.concat([answerH2(id), goaway(id, CODE.none)])),
    'ok',
    { version: FAULTY },
  ),
  h2('a stream refused', (s, id) => s.write(rst(id, CODE.refused)), 'refused-stream'),
  h2('a stream reset', (s, id) => s.write(rst(id, CODE.internal)), 'reset'),
  h2(
    'a stream reset in the middle of the body',
    (s, id) => s.write(Buffer.concat([headH2(id), frame(FRAME.data, 0, id, 'half'), rst(id, CODE.internal)])),
    'reset',
    { version: FAULTY },
  ),
  h2(
    'closed in the middle of the body',
    (s, id) => s.end(Buffer.concat([headH2(id), frame(FRAME.data, 0, id, 'half')])),
    'truncated',
    { version: FAULTY },
  ),
  h2('PUSH_PROMISE', (s, id) => s.write(frame(FRAME.pushPromise, END_HEADERS, id, PROMISED)), 'malformed'),
  h2('no window for the body of the request', () => {}, 'timeout', {
    to: 'all',
    bodyBytes: 100_000,
    h2: { preface: settingsFrame([4, 0]), answer: () => {} },
  }),
  h2('headers that HPACK blows up to 36 MB', (s, id) => s.write(bomb(id)), 'reset', {
    or: ['malformed', 'closed'],
    hungry: true,
  }),
  h2(
    'CONTINUATION without end',
    (s, id) =>
      floodsH2(frame(FRAME.headers, 0, id, STATUS_200), frame(FRAME.continuation, 0, id, CONTINUED))(s),
    'malformed',
    { to: 'all', or: ['reset', 'closed'], hungry: true },
  ),
  h2(
    'DATA without end',
    (s, id) => floodsH2(headH2(id), frame(FRAME.data, 0, id, Buffer.alloc(16_000)))(s),
    'timeout',
    { to: 'all', version: FAULTY, hungry: true },
  ),
  h2('PING without end', floodsH2(Buffer.alloc(0), frame(FRAME.ping, 0, 0, '12345678')), 'malformed', {
    to: 'all',
    or: ['reset', 'closed'],
    hungry: true,
  }),
  {
    name: 'HTTP/2: an answer in HTTP/1.1',
    to: 'all',
    answer: (s) => s.end(response()),
    outcome: 'no-http2',
    flags: { http2: true },
    unread: true,
  },
  {
    name: 'HTTP/2: no SETTINGS',
    to: 'all',
    answer: () => {},
    outcome: 'connect-timeout',
    flags: { http2: true },
    unread: true,
  },
];
