import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UserError } from '../../../src/errors.js';
import { readHeaders } from '../../../src/plan/target/request-headers.js';
import { said } from '../../support/flags.js';

function refuses(line: string, message: RegExp): void {
  assert.throws(
    () => readHeaders([line]),
    (error: unknown) => error instanceof UserError && message.test(said(error)),
    line,
  );
}

test('names and values as they were given, in their order', () => {
  const { headers, host, removed } = readHeaders([
    'X-Env: canary',
    'accept:text/plain',
    'X-Env: twice',
    'X-Colon:  a: b  ',
  ]);
  assert.deepEqual(headers, [
    ['X-Env', 'canary'],
    ['accept', 'text/plain'],
    ['X-Env', 'twice'],
    ['X-Colon', 'a: b'],
  ]);
  assert.equal(host, undefined);
  assert.equal(removed.size, 0);
});

test("'Name:' leaves a default out, 'Name;' sends it empty", () => {
  const { headers, removed } = readHeaders(['User-Agent:', 'X-Empty;', 'Accept: ']);
  assert.deepEqual(headers, [['X-Empty', '']]);
  assert.deepEqual([...removed], ['user-agent', 'accept']);
});

test('the last Host counts', () => {
  assert.equal(readHeaders(['host: a.example', 'HOST: b.example']).host, 'b.example');
});

test('what is no header is refused', () => {
  for (const line of ['', 'no colon', ': value', 'na me: x', 'name', 'näme: x', 'a\nb: c', '@file']) {
    refuses(line, /^-H: .* is not a header\. Write it as 'Name: value'\.$/s);
  }
});

test('values that would end the header are refused', () => {
  for (const value of ['a\r\nx-injected: 1', 'a\nb', 'a\u0000b', 'a\u007fb', 'snow ☃']) {
    refuses(`X-Env: ${value}`, /^-H: the value of X-Env has characters that a header cannot carry\.$/);
  }
  assert.deepEqual(readHeaders(['X-Env: a\tb é']).headers, [['X-Env', 'a\tb é']]);
});

test('headers of the connection are refused, with what to use instead', () => {
  for (const name of ['Transfer-Encoding', 'content-length', 'Upgrade', 'Expect', 'TE']) {
    refuses(`${name}: x`, new RegExp(`^-H: ${name} is written by weighbridge itself\\.$`));
  }
  for (const name of ['Connection', 'Keep-Alive']) refuses(`${name}: close`, /--no-keepalive/);
});

test('no line makes it fail but with an error for people, and nothing it lets through ends a line', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string().map((s) => `X: ${s}`),
        ),
      ),
      (lines) => {
        try {
          for (const [name, value] of readHeaders(lines).headers) {
            assert.doesNotMatch(name + value, /[\r\n\0]/);
            assert.match(name, /^[^\s:]+$/);
          }
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
        }
      },
    ),
    { seed: 14, numRuns: 500 },
  );
});
