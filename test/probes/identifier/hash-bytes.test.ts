import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashBytes } from '../../../src/probes/identifier/hash-bytes.js';

const hash = (text: string) => hashBytes(Buffer.from(text), 0, Buffer.byteLength(text)) >>> 0;

test('known values of MurmurHash3', () => {
  assert.equal(hash(''), 0);
  assert.equal(hash('test'), 0xba6bd213);
  assert.equal(hash('Hello, world!'), 0xc0363e43);
  assert.equal(hash('The quick brown fox jumps over the lazy dog'), 0x2e4ff723);
});

test('only the bytes of the part count', () => {
  const bytes = Buffer.from('xxHello, world!xx');
  assert.equal(hashBytes(bytes, 2, 13) >>> 0, hash('Hello, world!'));
});
