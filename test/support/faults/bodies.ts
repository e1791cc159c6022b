/** Bodies that break off, lie about their length, or do not end. */
import { gzipSync } from 'node:zlib';
import { FAULTY, type Fault, faultyAnswer, floods, head, says, saysAndEnds, saysAndResets } from './fault.js';

const MEGABYTE = 1024 * 1024;

const whole = (name: string, bytes: string): Fault => ({
  name,
  to: 'some',
  answer: says(bytes),
  outcome: 'ok',
  version: FAULTY,
});
/** Fails with its head seen: it counts for its version. */
const broken = (
  name: string,
  answer: Fault['answer'] & {},
  outcome: Fault['outcome'] = 'truncated',
): Fault => ({
  name,
  to: 'some',
  answer,
  outcome,
  version: FAULTY,
});
const unread = (name: string, ...lines: string[]): Fault => ({
  name,
  to: 'some',
  answer: says(`${head(...lines)}2\r\nok\r\n0\r\n\r\n`),
  outcome: 'malformed',
});
/** A body of so many zeros, as fast as it is taken. */
function sendsZeros(bytes: number): Fault['answer'] & {} {
  return (socket) => {
    const piece = Buffer.alloc(MEGABYTE);
    let left = bytes;
    const go = () => {
      while (left > 0 && !socket.destroyed) {
        left -= piece.length;
        if (!socket.write(piece)) return;
      }
    };
    socket.on('drain', go);
    socket.write(head(`content-length: ${bytes}`));
    go();
  };
}
const CHUNKED = 'transfer-encoding: chunked';
const chunked = (rest: string) => head(CHUNKED) + rest;

export const BODY_FAULTS: readonly Fault[] = [
  { name: 'closes before it answers', to: 'some', answer: (s) => s.end(), outcome: 'closed' },
  { name: 'resets before it answers', to: 'some', answer: (s) => s.resetAndDestroy(), outcome: 'reset' },
  {
    name: 'closes in the middle of the head',
    to: 'some',
    answer: saysAndEnds(head().slice(0, -6)),
    outcome: 'closed',
  },
  {
    name: 'resets in the middle of the head',
    to: 'some',
    answer: saysAndResets(head().slice(0, -6)),
    outcome: 'reset',
    or: ['closed'],
  },
  broken('closes in the middle of the body', saysAndEnds(`${head('content-length: 10')}four`)),
  broken('resets in the middle of the body', saysAndResets(`${head('content-length: 10')}four`)),
  broken('closes in the middle of a chunk', saysAndEnds(chunked('a\r\nfour'))),
  broken('closes before the last chunk', saysAndEnds(chunked('2\r\nok\r\n'))),
  broken('resets before the last chunk', saysAndResets(chunked('2\r\nok\r\n'))),
  broken('resets a body that ends with the connection', saysAndResets(`${head('connection: close')}half`)),
  { ...broken('closes a body that ends with the connection', saysAndEnds(`${head()}ok`)), outcome: 'ok' },
  // Lengths.
  whole('Content-Length too short', `${head('content-length: 2')}ok and more`),
  broken('Content-Length too long, then closed', saysAndEnds(`${head('content-length: 200')}ok`)),
  broken('Content-Length 2^63, then closed', saysAndEnds(`${head('content-length: 9223372036854775808')}ok`)),
  unread('Content-Length 2^64', 'content-length: 18446744073709551616'),
  unread('Content-Length negative', 'content-length: -2'),
  unread('Content-Length no number', 'content-length: two'),
  unread('Content-Length empty', 'content-length: '),
  unread('Content-Length twice, equal', 'content-length: 2', 'content-length: 2'),
  unread('Content-Length twice, different', 'content-length: 2', 'content-length: 3'),
  unread('Content-Length as a list', 'content-length: 2, 2'),
  unread('Content-Length and chunked', 'content-length: 2', CHUNKED),
  unread('chunked and Content-Length', CHUNKED, 'content-length: 2'),
  whole('chunked twice', `${head(CHUNKED, CHUNKED)}2\r\nok\r\n0\r\n\r\n`),
  // Chunks.
  broken('a chunk size that is no number', says(chunked('zz\r\nok\r\n0\r\n\r\n')), 'malformed'),
  broken('a chunk size that is negative', says(chunked('-2\r\nok\r\n0\r\n\r\n')), 'malformed'),
  broken('a chunk size of 2^64', says(chunked('10000000000000000\r\nok\r\n0\r\n\r\n')), 'malformed'),
  broken('a chunk longer than its size', says(chunked('2\r\nok and more\r\n0\r\n\r\n')), 'malformed'),
  whole('a chunk extension of 1 MB', chunked(`2;x=${'y'.repeat(MEGABYTE)}\r\nok\r\n0\r\n\r\n`)),
  whole('trailers', chunked('2\r\nok\r\n0\r\nx-version: trailer\r\nx-sum: 1\r\n\r\n')),
  {
    ...broken(
      'trailers of 1 MB',
      says(chunked(`2\r\nok\r\n0\r\nx-sum: ${'1'.repeat(MEGABYTE)}\r\n\r\n`)),
      'too-large',
    ),
    hungry: true,
  },
  {
    ...broken(
      '60,000 trailers of a letter each',
      says(chunked(`2\r\nok\r\n0\r\n${'a:\r\n'.repeat(60_000)}\r\n`)),
      'too-large',
    ),
    hungry: true,
  },
  {
    ...whole('a body of 65,536 chunks of a byte', chunked(`${'1\r\na\r\n'.repeat(65_536)}0\r\n\r\n`)),
    flags: { 'endpoint-from': 'body:/^(never)/' },
    hungry: true,
  },
  {
    ...broken(
      'trailers without end',
      floods(chunked('2\r\nok\r\n0\r\n'), 'x-more: and more\r\n'),
      'too-large',
    ),
    to: 'all',
    hungry: true,
  },
  {
    ...broken('chunks without end', floods(head(CHUNKED), '5\r\nchunk\r\n'), 'timeout'),
    to: 'all',
    hungry: true,
  },
  {
    ...broken('a chunk extension without end', floods(`${head(CHUNKED)}2;x=`, 'y'), 'timeout'),
    to: 'all',
    hungry: true,
  },
  { ...broken('a body without end', floods(head(), 'more'), 'timeout'), to: 'all', hungry: true },
  { ...whole('a body of 1 GB', ''), answer: sendsZeros(1024 ** 3), to: 'all', requests: 1, hungry: true },
  {
    name: 'a gzip body (its text is not read)',
    to: 'some',
    answer: (socket) => {
      const body = gzipSync('the version is [v9]');
      socket.write(head('content-encoding: gzip', `content-length: ${body.length}`));
      socket.write(body);
    },
    outcome: 'ok',
    flags: { 'version-from': 'body:/\\[(\\w+)\\]/' },
  },
  // Where there can be none.
  whole('204 with a body', faultyAnswer.replace('200', '204')),
  whole('304 with a body', faultyAnswer.replace('200', '304')),
  { ...whole('a body on HEAD', faultyAnswer), flags: { method: 'HEAD' } },
  // Answers before the request was read.
  {
    ...whole('answers before it has read the body, and reads on', faultyAnswer),
    bodyBytes: 4 * MEGABYTE,
    to: 'all',
  },
];
