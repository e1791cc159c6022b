/** Interim responses, responses without a body, what keeps a connection open, and bytes that nobody asked for. */
import { cases, ok, type ResponseCase } from './response.js';

const LENGTH = 'content-length: 2';
const GOOD = ok([LENGTH], 'ok');
const interim = (status: string, ...lines: string[]) => ok(lines, '', `HTTP/1.1 ${status}`);
const CONTINUE = interim('100 Continue');
const status = (text: string, lines: readonly string[] = [], body = '') =>
  ok(lines, body, `HTTP/1.1 ${text}`);

const CONNECTIONS: readonly (readonly [string, string?])[] = [
  ['connection: close'],
  ['Connection: Close'],
  ['connection: keep-alive'],
  ['connection: keep-alive, close'],
  ['connection: close, keep-alive'],
  ['connection: upgrade'],
  ['connection: closed'],
  ['connection:'],
  ['connection: close\r\nconnection: keep-alive'],
  ['proxy-connection: close'],
  ['connection: upgrade\r\nupgrade: h2c'],
  ['upgrade: websocket'],
  ['connection: keep-alive\r\nkeep-alive: timeout=60'],
  ['connection: keep-alive\r\nkeep-alive: timeout=0', 'undici closes what may be closed within a second'],
  ['keep-alive: timeout=1', 'undici closes what may be closed within a second'],
];

const NOT_100 = 'undici takes 100 for a failure, since it sends no Expect';

export const EXCHANGE_RESPONSES: readonly ResponseCase[] = [
  ...cases('interim', {
    '103': interim('103 Early Hints', 'link: </a>') + GOOD,
    '102': interim('102 Processing') + GOOD,
    '103 twice': interim('103 Early Hints', 'x-a: b').repeat(2) + GOOD,
    '199': interim('199 Odd') + GOOD,
    '103 with a length': interim('103 Early Hints', 'content-length: 5') + GOOD,
    '103 with chunks': interim('103 Early Hints', 'transfer-encoding: chunked') + GOOD,
    '103 and nothing': interim('103 Early Hints'),
    '101': interim('101 Switching Protocols', 'connection: upgrade', 'upgrade: websocket'),
    '101 without an upgrade': interim('101 Switching Protocols') + GOOD,
    '103 with line feeds': `HTTP/1.1 103 Early Hints\n\n${GOOD}`,
    '103 and close': interim('103 Early Hints', 'connection: close') + GOOD,
  }),
  ...cases(
    'interim',
    {
      '100': CONTINUE + GOOD,
      '100 three times': CONTINUE.repeat(3) + GOOD,
      '100 and 103': CONTINUE + interim('103 Early Hints') + GOOD,
      '103 and 100': interim('103 Early Hints') + CONTINUE + GOOD,
      '100 with fields': interim('100 Continue', 'x-a: b', 'server: c') + GOOD,
      '100 and 204': CONTINUE + status('204 No Content'),
    },
    { undici: NOT_100 },
  ),
  ...cases('interim, cut off', { '100': CONTINUE }, { ending: 'close', undici: NOT_100 }),
  ...cases('interim, cut off', { '103': interim('103 Early Hints') }, { ending: 'close' }),
  ...cases('no body', {
    '204': status('204 No Content'),
    '204 with a length of 0': status('204 No Content', ['content-length: 0']),
    '304': status('304 Not Modified'),
    '304 with a length': status('304 Not Modified', ['content-length: 1234']),
    '304 with chunks': status('304 Not Modified', ['transfer-encoding: chunked']),
    '204 with chunks': status('204 No Content', ['transfer-encoding: chunked']),
    '205 with a length of 0': status('205 Reset Content', ['content-length: 0']),
    '200 with a length of 0': status('200 OK', ['content-length: 0']),
    '204 and a body': status('204 No Content', [LENGTH], 'ok'),
    '304 and a body': status('304 Not Modified', [LENGTH], 'ok'),
  }),
  ...cases(
    'HEAD',
    {
      'with a length': ok(['content-length: 1234']),
      'with chunks': ok(['transfer-encoding: chunked']),
      'without a length': ok(['x-a: b']),
      'with connection: keep-alive': ok(['content-length: 5', 'connection: keep-alive']),
      '404': status('404 Not Found', ['content-length: 9']),
      'behind 103': interim('103 Early Hints') + ok(['content-length: 5']),
    },
    { method: 'HEAD', undici: 'undici closes the connection behind HEAD' },
  ),
  ...cases(
    'HEAD',
    {
      'with connection: close': ok(['content-length: 5', 'connection: close']),
      'with a body': GOOD,
    },
    { method: 'HEAD' },
  ),
  ...cases('POST', { '200': GOOD, '201': status('201 Created', [LENGTH], 'ok') }, { method: 'POST' }),
  ...CONNECTIONS.map(([lines, undici]) => ({
    name: `connection ${JSON.stringify(lines)}`,
    bytes: ok([lines, LENGTH], 'ok'),
    ...(undici === undefined ? {} : { undici }),
  })),
  ...cases('HTTP/1.0', {
    nothing: ok([LENGTH], 'ok', 'HTTP/1.0 200 OK'),
    'keep-alive': ok([LENGTH, 'connection: keep-alive'], 'ok', 'HTTP/1.0 200 OK'),
    close: ok([LENGTH, 'connection: close'], 'ok', 'HTTP/1.0 200 OK'),
    chunks: ok(['transfer-encoding: chunked'], '2\r\nok\r\n0\r\n\r\n', 'HTTP/1.0 200 OK'),
  }),
  ...cases('HTTP/1.0, closed', { 'no length': ok([], 'ok', 'HTTP/1.0 200 OK') }, { ending: 'close' }),
  ...cases('surplus', {
    'a letter': `${GOOD}x`,
    'a second response': GOOD + status('500 Second', [LENGTH], 'no'),
    'a response behind chunks': ok(['transfer-encoding: chunked'], `2\r\nok\r\n0\r\n\r\n${GOOD}`),
    'a response behind 204': status('204 No Content') + GOOD,
    'a response behind 304': status('304 Not Modified', [LENGTH]) + GOOD,
    '100': GOOD + CONTINUE,
    'half a response': `${GOOD}HTTP/1.1 200`,
    'bytes behind connection: close': `${ok([LENGTH, 'connection: close'], 'ok')}more`,
    NULs: `${GOOD}\u0000\u0000`,
  }),
  ...cases('surplus', { 'an empty line': `${GOOD}\r\n` }, { undici: 'undici passes over empty lines' }),
  ...cases('large', {
    'a body of 100,000': ok(['content-length: 100000'], 'x'.repeat(100_000)),
    'a chunk of 100,000': ok(['transfer-encoding: chunked'], `186a0\r\n${'y'.repeat(100_000)}\r\n0\r\n\r\n`),
    '1,000 chunks': ok(['transfer-encoding: chunked'], `${'1\r\na\r\n'.repeat(1000)}0\r\n\r\n`),
  }),
];
