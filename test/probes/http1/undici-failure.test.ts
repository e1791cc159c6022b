/** undici's own errors, as outcomes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { undiciFailure } from '../../../src/probes/http1/undici-failure.js';
import { classifyFailure, RequestFailure } from '../../../src/probes/response/failure.js';

const waiting = { tls: false, sent: true, headSeen: false };
const reading = { tls: false, sent: true, headSeen: true };

function error(code: string | undefined, message = 'said', name = 'Error'): Error {
  return Object.assign(new Error(message), { name, ...(code === undefined ? {} : { code }) });
}

const parser = (message: string) => error(undefined, message, 'HTTPParserError');

test('each error of undici at each stage has its outcome and keeps its message', () => {
  for (const [failure, stage, name] of [
    [error('ERR_ASSERTION', 'assert(statusCode >= 100)'), waiting, 'malformed'],
    [error('UND_ERR_SOCKET', 'other side closed'), waiting, 'closed'],
    [error('UND_ERR_SOCKET', 'bad response'), waiting, 'malformed'],
    [error('UND_ERR_SOCKET', 'bad upgrade'), waiting, 'malformed'],
    [error('UND_ERR_SOCKET', 'other side closed'), reading, 'truncated'],
    [error('UND_ERR_RES_CONTENT_LENGTH_MISMATCH'), reading, 'truncated'],
    [error('UND_ERR_RES_CONTENT_LENGTH_MISMATCH'), waiting, 'malformed'],
    [error('UND_ERR_HEADERS_OVERFLOW'), waiting, 'too-large'],
    [parser('Response does not match the HTTP/1.1 protocol (Invalid EOF state)'), waiting, 'closed'],
    [parser('Response does not match the HTTP/1.1 protocol (Invalid EOF state)'), reading, 'truncated'],
    [parser('Response does not match the HTTP/1.1 protocol (Expected HTTP/)'), waiting, 'malformed'],
    [parser('Response does not match the HTTP/1.1 protocol (Invalid chunk size)'), reading, 'malformed'],
  ] as const) {
    const translated = undiciFailure(failure, stage);
    assert.equal(classifyFailure(translated, stage), name, `${failure} at ${JSON.stringify(stage)}`);
    assert.equal(translated.message, failure.message);
  }
});

test('errors that are not undici’s own stay as they are', () => {
  for (const own of [error('ECONNRESET'), error('EPIPE'), error(undefined)]) {
    assert.equal(undiciFailure(own, waiting), own);
  }
  const unsent = error('UND_ERR_SOCKET', 'other side closed');
  assert.equal(undiciFailure(unsent, { sent: false, headSeen: false }), unsent);
});

test('what the parser could not read is kept as bytes', () => {
  for (const data of [Buffer.from([0x15, 3, 1]), '\x15\x03\x01']) {
    const failure = undiciFailure(Object.assign(parser('Expected HTTP/'), { data }), waiting);
    assert.ok(failure instanceof RequestFailure);
    assert.deepEqual(failure.received, Buffer.from([0x15, 3, 1]));
  }
});
