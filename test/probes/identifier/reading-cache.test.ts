import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReadingCache } from '../../../src/probes/identifier/reading-cache.js';

function counting() {
  const cache = new ReadingCache();
  let reads = 0;
  const get = (body: string | Buffer) =>
    cache.get(Buffer.from(body as string), () => {
      reads++;
      return { version: 'v1', endpoint: null };
    });
  return { get, reads: () => reads };
}

test('equal bodies are read once, up to 1 KiB', () => {
  const { get, reads } = counting();
  for (let i = 0; i < 3; i++) for (const body of ['a', 'b', '', 'x'.repeat(1024)]) get(body);
  assert.equal(reads(), 4);
  for (let i = 0; i < 3; i++) get('x'.repeat(1025));
  assert.equal(reads(), 7);
});

test('bodies that differ only in bytes that are no UTF-8 are different', () => {
  const { get, reads } = counting();
  get(Buffer.from([0xff]));
  get(Buffer.from([0xfe]));
  assert.equal(reads(), 2);
});

test('a cache that is of use is begun anew when full', () => {
  const { get, reads } = counting();
  for (let i = 0; i < 1025; i++) for (let k = 0; k < 2; k++) get(`body ${i}`);
  assert.equal(reads(), 1025);
  get('body 1024');
  assert.equal(reads(), 1025);
  get('body 0');
  assert.equal(reads(), 1026);
});

test('a cache that filled without being of use is given up', () => {
  const { get, reads } = counting();
  for (let i = 0; i < 1025; i++) get(`body ${i}`);
  get('body 1024');
  get('body 1024');
  assert.equal(reads(), 1027);
});
