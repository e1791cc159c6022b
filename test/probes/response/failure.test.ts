import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classifyFailure, rootCause } from '../../../src/probes/response/failure.js';

const connecting = { tls: false, sent: false, headSeen: false };
const handshake = { tls: true, sent: false, headSeen: false };
const waiting = { tls: false, sent: true, headSeen: false };
const reading = { tls: false, sent: true, headSeen: true };

function error(code: string | undefined, message = 'said', name = 'Error'): Error {
  return Object.assign(new Error(message), { name, ...(code === undefined ? {} : { code }) });
}

test('each error at each stage has its name', () => {
  for (const [failure, stage, name] of [
    [error('ENOTFOUND'), connecting, 'dns'],
    [error('EAI_AGAIN'), connecting, 'dns'],
    [error('ECONNREFUSED'), connecting, 'refused'],
    [error('EHOSTUNREACH'), connecting, 'unreachable'],
    [error('ENOENT'), connecting, 'unreachable'],
    [error('EMFILE'), connecting, 'no-file-descriptor'],
    [error('ENFILE'), connecting, 'no-file-descriptor'],
    [Object.assign(error('EADDRNOTAVAIL'), { address: '203.0.113.7' }), connecting, 'no-local-port'],
    [Object.assign(error('EADDRNOTAVAIL'), { address: '2001:db8::1' }), connecting, 'unreachable'],
    [error('ETIMEDOUT'), connecting, 'connect-timeout'],
    [error('ECONNRESET'), connecting, 'refused'],
    [error('ECONNRESET'), handshake, 'tls'],
    [error('EPROTO'), handshake, 'tls'],
    [error('DEPTH_ZERO_SELF_SIGNED_CERT'), handshake, 'tls'],
    [error('CERT_HAS_EXPIRED'), handshake, 'tls'],
    [error('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), handshake, 'tls'],
    [error('ERR_SSL_WRONG_VERSION_NUMBER'), handshake, 'tls'],
    [error('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), waiting, 'tls'],
    [error('ECONNRESET'), waiting, 'reset'],
    [error('EPIPE'), waiting, 'reset'],
    [error('EHOSTUNREACH'), waiting, 'reset'],
    [error('ENETUNREACH'), reading, 'truncated'],
    [error('EPIPE'), reading, 'truncated'],
    [error('ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE'), waiting, 'tls'],
    [error('ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC'), waiting, 'malformed'],
    [error('ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC'), reading, 'truncated'],
    [error('ETIMEDOUT'), reading, 'truncated'],
    [error('ECONNRESET'), reading, 'truncated'],
    [error('ETIMEDOUT'), waiting, 'timeout'],
    [error('ESOMETHING'), connecting, 'other'],
    [error('ESOMETHING'), waiting, 'other'],
    [error('ESOMETHING'), reading, 'other'],
    ['a text', waiting, 'other'],
  ] as const) {
    assert.equal(classifyFailure(failure, stage), name, `${failure} at ${JSON.stringify(stage)}`);
  }
});

test('of several addresses a refusal says most', () => {
  const all = new AggregateError([error('ENETUNREACH'), error('ECONNREFUSED')]);
  assert.equal(rootCause(all).code, 'ECONNREFUSED');
  assert.equal(classifyFailure(all, connecting), 'refused');
  assert.equal(classifyFailure(new AggregateError([error('EHOSTUNREACH')]), connecting), 'unreachable');
  assert.equal(rootCause(new AggregateError([], 'none')).message, 'none');
});
