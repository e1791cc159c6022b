import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { KeptBody } from '../../../src/probes/lane/kept-body.js';

test('however a body is cut into pieces, its beginning is kept', () => {
  const body = new KeptBody();
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 40 }), { maxLength: 4 }),
      fc.integer({ min: 1, max: 500 }),
      (bodies, limit) => {
        // One after the other in the same memory, as on a connection.
        for (const pieces of bodies) {
          body.clear();
          assert.equal(body.bytes.length, 0);
          for (const piece of pieces) {
            const apart = Buffer.from([1, ...piece, 2]);
            body.add(apart, 1, piece.length, limit);
            if (piece.length % 2 === 0) body.own();
            if (piece.length % 4 === 0) apart.fill(3);
          }
          assert.deepEqual([...body.bytes], pieces.flatMap((piece) => [...piece]).slice(0, limit));
        }
      },
    ),
    { seed: 15, numRuns: 300 },
  );
});

test('many pieces take no more memory than their bytes', () => {
  const limit = 65_536;
  const body = new KeptBody();
  const piece = Buffer.from('a');
  for (let i = 0; i < 2 * limit; i += 1) body.add(piece, 0, 1, limit);
  assert.equal(body.bytes.length, limit);
  assert.equal(body.bytes.buffer.byteLength, limit);
});
