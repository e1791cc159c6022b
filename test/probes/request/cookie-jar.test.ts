import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CookieJar } from '../../../src/probes/request/cookie-jar.js';

const SECOND_US = 1e6;

/** A jar that was given these Set-Cookie headers at time 0. */
function jarWith(...lines: string[]): CookieJar {
  const jar = new CookieJar('Shop.Example:8080');
  jar.take(lines, 0);
  return jar;
}

test('cookies are sent back as they came, until another of the same name replaces them', () => {
  const jar = jarWith('sid="a=b c"; HttpOnly; SameSite=Lax', ' x = 1 ;Secure', 'empty=');
  assert.equal(jar.header('/', 0), 'sid="a=b c"; x=1; empty=');
  jar.take(['x=2', 'sid=; Max-Age=0'], 0);
  assert.equal(jar.header('/', 0), 'empty=; x=2');
  jar.clear();
  assert.equal(jar.header('/', 0), null);
});

for (const line of [
  '',
  '=',
  '=v',
  'novalue',
  '; Path=/',
  'a=b\x01',
  'a\x7f=b',
  'a=b\r\nc',
  `a=${'x'.repeat(4096)}`,
]) {
  test(`no cookie: ${JSON.stringify(line.slice(0, 20))}`, () =>
    assert.equal(jarWith(line).header('/', 0), null));
}

test('Max-Age wins over Expires, and what is expired is gone', () => {
  const past = 'Expires=Thu, 01 Jan 1970 00:00:00 GMT';
  const jar = jarWith(`a=1; ${past}; Max-Age=10`, `b=1; max-age=-1`, `c=1; ${past}`, 'd=1; Max-Age=soon');
  assert.equal(jar.header('/', 9 * SECOND_US), 'a=1; d=1');
  assert.equal(jar.header('/', 10 * SECOND_US), 'd=1');
  for (const date of ['0', '-1', 'tomorrow', '']) {
    assert.equal(jarWith(`a=1; Expires=${date}`).header('/', 1e15), 'a=1', date);
  }
  for (const date of [
    'Sun, 06 Nov 1994 08:49:37 GMT',
    'Sunday, 06-Nov-94 08:49:37 GMT',
    'Sun Nov  6 08:49:37 1994',
  ]) {
    assert.equal(jarWith(`a=1; Expires=${date}`).header('/', 0), null, date);
  }
  const inAMinute = new Date(Date.now() + 60_000).toUTCString();
  const soon = jarWith(`a=1; Expires=${inAMinute}`);
  assert.equal(soon.header('/', 0), 'a=1');
  assert.equal(soon.header('/', 61 * SECOND_US), null);
});

test('a path is that of whole segments; the longest comes first', () => {
  const jar = jarWith('a=1; Path=/', 'a=2; Path=/shop', 'a=3; Path=/shop/', 'b=4', 'c=5; Path=shop');
  assert.equal(jar.header('/shop/x?y=/z', 0), 'a=3; a=2; a=1; b=4; c=5');
  assert.equal(jar.header('/shop', 0), 'a=2; a=1; b=4; c=5');
  assert.equal(jar.header('/shopping?/shop', 0), 'a=1; b=4; c=5');
});

test('a domain is that of the host, or one above it', () => {
  const domains = ['shop.example', '.SHOP.example', 'example', ''];
  for (const domain of domains) assert.equal(jarWith(`a=1; Domain=${domain}`).header('/', 0), 'a=1', domain);
  for (const domain of ['other.example', 'x.shop.example', 'hop.example']) {
    assert.equal(jarWith(`a=1; Domain=${domain}`).header('/', 0), null, domain);
  }
});

test('a hostile server fills no memory: 50 cookies, 16 KiB; the newest stay', () => {
  const many = jarWith(...Array.from({ length: 1000 }, (_, i) => `c${i}=1`));
  const names = (many.header('/', 0) ?? '').split('; ').map((pair) => pair.replace('=1', ''));
  assert.deepEqual(
    names,
    Array.from({ length: 50 }, (_, i) => `c${950 + i}`),
  );
  const long = jarWith(...Array.from({ length: 20 }, (_, i) => `c${i}=${'x'.repeat(4000)}`));
  assert.match(long.header('/', 0) ?? '', /^c16=x+; c17=x+; c18=x+; c19=x+$/);
});

test('property: whatever a server sets, a header comes of it that can be sent', () => {
  const line = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc
      .tuple(
        fc.constantFrom('a', 'b', ''),
        fc.string({ maxLength: 5 }),
        fc.constantFrom('; Path=/', '; Max-Age=1', ';;'),
      )
      .map((parts) => `${parts[0]}=${parts[1]}${parts[2]}`),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 10 }), (lines) => {
      const header = jarWith(...lines).header('/a', 0);
      assert.ok(header === null || /^[^\x00-\x1f\x7f]+$/.test(header));
    }),
    { numRuns: 300 },
  );
});
