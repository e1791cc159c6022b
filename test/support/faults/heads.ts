/** Status lines and header fields that are wrong, odd or too many. */
import { response } from '../servers.js';
import { FAULTY, type Fault, faultyAnswer, floods, head, says } from './fault.js';

const MEGABYTE = 1024 * 1024;

/** An answer with this status line. */
const withStatusLine = (line: string) => faultyAnswer.replace(/^[^\r]*/, () => line);
/** An answer with these header lines too. */
const withLines = (lines: string) => `${head('content-length: 2', lines)}ok`;

const said = (name: string, answer: string, outcome: Fault['outcome']): Fault => ({
  name,
  to: 'some',
  answer: says(answer),
  outcome,
  ...(outcome === 'ok' ? { version: FAULTY } : {}),
});

const statusLine = (name: string, line: string, outcome: Fault['outcome']) =>
  said(name, withStatusLine(line), outcome);

const header = (name: string, lines: string, outcome: Fault['outcome']) =>
  said(name, withLines(lines), outcome);

export const HEAD_FAULTS: readonly Fault[] = [
  statusLine('status 000', 'HTTP/1.1 000 Nothing', 'malformed'),
  statusLine('status 099', 'HTTP/1.1 099 Low', 'malformed'),
  statusLine('status 99', 'HTTP/1.1 99 Short', 'malformed'),
  statusLine('status 600', 'HTTP/1.1 600 High', 'ok'),
  statusLine('status 999', 'HTTP/1.1 999 Highest', 'ok'),
  statusLine('status 1000', 'HTTP/1.1 1000 Long', 'malformed'),
  statusLine('status -200', 'HTTP/1.1 -200 Negative', 'malformed'),
  statusLine('status abc', 'HTTP/1.1 abc Letters', 'malformed'),
  statusLine('no reason phrase', 'HTTP/1.1 200', 'ok'),
  statusLine('a status line of 1 MB', `HTTP/1.1 200 ${'x'.repeat(MEGABYTE)}`, 'ok'),
  statusLine('HTTP/2.0 in the status line', 'HTTP/2.0 200 OK', 'ok'),
  statusLine('HTTP/0.9 in the status line', 'HTTP/0.9 200 OK', 'ok'),
  statusLine('HTTP/3.7 in the status line', 'HTTP/3.7 200 OK', 'malformed'),
  {
    name: 'HTTP/0.9: a body and nothing else',
    to: 'some',
    answer: (s) => s.end('<p>ok</p>'),
    outcome: 'malformed',
  },
  {
    name: 'HTTP/1.0, closed at the end of the body',
    to: 'some',
    answer: (s) => s.end(`HTTP/1.0 200 OK\r\nx-version: ${FAULTY}\r\n\r\nok`),
    outcome: 'ok',
    version: FAULTY,
  },
  {
    name: 'HTTP/1.0 with keep-alive',
    to: 'some',
    answer: says(withLines('connection: keep-alive').replace('HTTP/1.1', 'HTTP/1.0')),
    outcome: 'ok',
    version: FAULTY,
  },
  {
    name: 'HTTP/1.0 without keep-alive, left open',
    to: 'some',
    answer: says(faultyAnswer.replace('HTTP/1.1', 'HTTP/1.0')),
    outcome: 'ok',
    version: FAULTY,
  },
  {
    name: 'HTTP/2 frames for an answer',
    to: 'some',
    answer: says('\u0000\u0000\u0012\u0004\u0000\u0000\u0000\u0000\u0000\u0000\u0003\u0000\u0000\u0000d'),
    outcome: 'malformed',
  },
  {
    name: 'empty lines before the answer',
    to: 'some',
    answer: says(`\r\n\r\n${faultyAnswer}`),
    outcome: 'ok',
    version: FAULTY,
  },
  {
    name: 'line ends without a carriage return',
    to: 'some',
    answer: says(faultyAnswer.replaceAll('\r\n', '\n')),
    outcome: 'malformed',
  },
  header('a NUL byte in a header value', 'x-odd: a\u0000b', 'malformed'),
  header('a NUL byte in a header name', 'x-o\u0000dd: a', 'malformed'),
  header('an escape sequence in a header value', 'x-odd: \u001b[2J', 'malformed'),
  header('a header line without a colon', 'x-odd', 'malformed'),
  header('a space before the colon', 'x-odd : a', 'malformed'),
  header('a header folded over two lines', 'x-odd: a\r\n b', 'malformed'),
  {
    ...header('tabs around a Content-Length', 'x-odd: a', 'ok'),
    answer: says(`${head('content-length:\t 2 \t')}ok`),
    undici: { outcome: 'malformed', version: undefined },
  },
  header('the version header twice', 'x-version: second', 'ok'),
  header('upgrade offered on a 200', 'connection: upgrade\r\nupgrade: h2c', 'ok'),
  header('Keep-Alive: timeout=0', 'connection: keep-alive\r\nkeep-alive: timeout=0', 'ok'),
  { ...header('a header name of 64 KB', `${'n'.repeat(65_536)}: a`, 'too-large'), hungry: true },
  { ...header('a header line of 1 MB', `x-long: ${'a'.repeat(MEGABYTE)}`, 'too-large'), hungry: true },
  {
    ...header('1 MB of headers', `x-much: ${'a'.repeat(991)}\r\n`.repeat(1000).trimEnd(), 'too-large'),
    hungry: true,
  },
  { ...header('100,000 headers', 'x-many: a\r\n'.repeat(100_000).trimEnd(), 'too-large'), hungry: true },
  {
    ...header('60,000 headers of a letter each', 'a:\r\n'.repeat(60_000).trimEnd(), 'too-large'),
    hungry: true,
  },
  {
    name: 'headers without end',
    to: 'all',
    answer: floods(head().slice(0, -2), 'x-more: and more\r\n'),
    outcome: 'too-large',
    hungry: true,
  },
  {
    name: 'a status line without end',
    to: 'all',
    answer: floods('HTTP/1.1 200 ', 'x'),
    outcome: 'timeout',
    hungry: true,
  },
  {
    name: 'empty lines without end',
    to: 'all',
    answer: floods('', '\r\n'),
    outcome: 'timeout',
    hungry: true,
  },
  // Interim answers.
  {
    name: '103 before the answer',
    to: 'some',
    answer: says(`HTTP/1.1 103 Early Hints\r\nx-version: early\r\n\r\n${faultyAnswer}`),
    outcome: 'ok',
    version: FAULTY,
  },
  {
    name: '100 that nobody waits for',
    to: 'some',
    answer: says(`HTTP/1.1 100 Continue\r\n\r\n${faultyAnswer}`),
    outcome: 'ok',
    version: FAULTY,
    undici: { outcome: 'malformed', version: undefined },
  },
  {
    name: '101 that nobody asked for',
    to: 'some',
    answer: says('HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
    outcome: 'malformed',
  },
  {
    name: '101 without a word of what to',
    to: 'some',
    answer: says(`HTTP/1.1 101 Switching\r\n\r\n${faultyAnswer}`),
    outcome: 'malformed',
  },
  {
    name: '103 without end',
    to: 'all',
    answer: floods('', 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'),
    outcome: 'timeout',
    hungry: true,
  },
  {
    name: '100 without end',
    to: 'all',
    answer: floods('', 'HTTP/1.1 100 Continue\r\n\r\n'),
    outcome: 'timeout',
    undici: { outcome: 'malformed' },
  },
  // Unasked.
  {
    name: 'garbage after the body',
    to: 'some',
    answer: says(`${faultyAnswer}GARBAGE`),
    outcome: 'ok',
    version: FAULTY,
  },
  {
    name: 'a second answer that nobody asked for',
    to: 'some',
    answer: says(faultyAnswer + response({ headers: { 'x-version': 'unasked' } })),
    outcome: 'ok',
    version: FAULTY,
  },
  {
    name: 'answers without end',
    to: 'some',
    answer: floods(faultyAnswer, response({ headers: { 'x-version': 'unasked' } })),
    outcome: 'ok',
    version: FAULTY,
  },
];
