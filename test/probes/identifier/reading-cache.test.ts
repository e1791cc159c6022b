import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { wholeBody } from '../../../src/probes/body-bytes.js';
import type { Hash } from '../../../src/probes/identifier/body-table.js';
import { ReadingCache } from '../../../src/probes/identifier/reading-cache.js';

function counting(hash?: Hash) {
  let reads = 0;
  const cache = new ReadingCache(({ bytes }) => {
    reads++;
    return { version: bytes.toString('latin1'), endpoint: null };
  }, hash);
  const get = (body: string | Buffer) => {
    const bytes = Buffer.from(body as string);
    assert.equal(cache.get(wholeBody(bytes)).version, bytes.toString('latin1'));
  };
  return { cache, get, reads: () => reads };
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

test('bodies that all have the same hash fill a cache early, so that they cost no long search', () => {
  const { get, reads } = counting(() => 7);
  for (let i = 0; i < 17; i++) get(`body ${i}`);
  get('body 16');
  get('body 16');
  assert.equal(reads(), 19);
});

test('whatever the bodies and their hashes, the labels are those that are read in them', () => {
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 3, max: 2 }),
    fc.uint8Array({ maxLength: 40 }),
    fc.uint8Array({ minLength: 1020, maxLength: 1030, max: 1 }),
  );
  const hash = fc.constantFrom<Hash | undefined>(
    undefined,
    () => -1,
    (_bytes, _at, length) => length,
    (bytes, at, length) => (length === 0 ? 0 : bytes[at]!),
  );
  fc.assert(
    fc.property(
      fc.array(body, { maxLength: 100 }),
      fc.integer({ min: 0, max: 5 }),
      hash,
      (bodies, at, hash) => {
        const { cache, reads } = counting(hash);
        // Twice, and one after the other in the same memory, as responses on a connection.
        const memory = Buffer.alloc(2048);
        for (const bytes of [...bodies, ...bodies]) {
          memory.fill(1).set(bytes, at);
          const there = memory.subarray(at, at + bytes.length);
          const reading = cache.get({ source: memory, at, length: bytes.length, bytes: there });
          assert.equal(reading.version, there.toString('latin1'));
        }
        if (hash !== undefined) return;
        const texts = bodies.map((bytes) => Buffer.from(bytes).toString('latin1'));
        const long = texts.filter((text) => text.length > 1024).length;
        const short = new Set(texts.filter((text) => text.length <= 1024)).size;
        assert.equal(reads(), 2 * long + short);
      },
    ),
    { seed: 25, numRuns: 300 },
  );
});
