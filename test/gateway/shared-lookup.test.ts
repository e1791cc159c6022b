import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { test } from 'node:test';
import { sharedLookup } from '../../src/gateway/shared-lookup.js';

type End = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;

/** A resolver whose look-ups end when the test says so. */
function resolver() {
  const asked: string[] = [];
  const ends: End[] = [];
  const lookup = sharedLookup(((host: string, _options: unknown, end: End) => {
    asked.push(host);
    ends.push(end);
  }) as LookupFunction);
  const ask = (host: string, all: boolean) =>
    new Promise<unknown[]>((resolve) => lookup(host, { all }, (...answer) => resolve(answer)));
  return { asked, ends, ask };
}

const ADDRESSES = [
  { address: '192.0.2.1', family: 4 },
  { address: '2001:db8::1', family: 6 },
];

test('one look-up at a time for a name serves all who ask, in the form that each asked for', async () => {
  const { asked, ends, ask } = resolver();
  const answers = Promise.all([ask('a', true), ask('a', false), ask('b', true)]);
  assert.deepEqual(asked, ['a', 'b']);
  ends[0]?.(null, ADDRESSES);
  ends[1]?.(null, []);
  assert.deepEqual(await answers, [
    [null, ADDRESSES],
    [null, '192.0.2.1', 4],
    [null, []],
  ]);
  // Nothing is remembered: addresses change.
  void ask('a', true);
  assert.deepEqual(asked, ['a', 'b', 'a']);
});

test('an error is everyone’s, and the next one asks again', async () => {
  const { asked, ends, ask } = resolver();
  const answers = Promise.all([ask('a', true), ask('a', false)]);
  const error = Object.assign(new Error('no name server'), { code: 'EAI_AGAIN' });
  ends[0]?.(error, []);
  assert.deepEqual(await answers, [
    [error, []],
    [error, []],
  ]);
  void ask('a', true);
  assert.deepEqual(asked, ['a', 'a']);
});
