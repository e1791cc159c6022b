/** The rules are those of curl's manual for --connect-to and --resolve. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UserError } from '../../../src/errors.js';
import { addressLabel, connectTargets } from '../../../src/plan/target/connect-to.js';
import { parseUrl } from '../../../src/plan/target/target.js';
import { said } from '../../support/flags.js';

interface Flags {
  connectTo?: string[];
  resolve?: string[];
  unixSocket?: string;
}

/** `host|port`, or the path of a socket; several with a blank between them. */
function place(
  url: string,
  { connectTo = [], resolve = [], unixSocket }: Flags = {},
  hosts?: string[],
): string {
  return connectTargets(parseUrl(url), { connectTo, resolve, unixSocket }, hosts)
    .map((to) => (to.kind === 'unix' ? to.path : `${to.host}|${to.port}`))
    .join(' ');
}

function refuses(flags: Flags, message: RegExp): void {
  assert.throws(
    () => place('http://a.example/', flags),
    (error: unknown) => error instanceof UserError && message.test(said(error)),
    JSON.stringify(flags),
  );
}

test('without flags: the host and port of the URL', () => {
  assert.equal(place('http://a.example/'), 'a.example|80');
  assert.equal(place('https://a.example/'), 'a.example|443');
  assert.equal(place('http://a.example:8080/'), 'a.example|8080');
  assert.equal(place('http://[::1]:8080/'), '::1|8080');
  assert.equal(place('https://203.0.113.7/'), '203.0.113.7|443');
});

test('--connect-to: what fits is replaced', () => {
  const url = 'http://a.example:8080/';
  for (const [rule, expected] of [
    ['a.example:8080:b.example:9090', 'b.example|9090'],
    ['A.Example:8080:b.example:9090', 'b.example|9090'],
    ['::b.example:9090', 'b.example|9090'],
    [':8080:b.example:', 'b.example|8080'],
    ['a.example::b.example:', 'b.example|8080'],
    ['a.example:8080::9090', 'a.example|9090'],
    [':::', 'a.example|8080'],
    ['a.example:80:b.example:9090', 'a.example|8080'],
    ['c.example:8080:b.example:9090', 'a.example|8080'],
    ['::[2001:db8::7]:9090', '2001:db8::7|9090'],
    ['::[fe80::1%eth0]:9090', 'fe80::1%eth0|9090'],
  ] as const) {
    assert.equal(place(url, { connectTo: [rule] }), expected, rule);
  }
  assert.equal(place('http://[::1]/', { connectTo: ['[::1]:80:127.0.0.1:8080'] }), '127.0.0.1|8080');
});

test('--connect-to: the first that fits wins', () => {
  const connectTo = ['x.example::1.example:', 'a.example::2.example:', '::3.example:'];
  assert.equal(place('http://a.example/', { connectTo }), '2.example|80');
  assert.equal(place('http://b.example/', { connectTo }), '3.example|80');
});

test('--resolve: the address for one host and port', () => {
  const resolve = ['a.example:80:203.0.113.7', 'b.example:443:[2001:db8::7]', '+c.example:80:203.0.113.9'];
  assert.equal(place('http://a.example/', { resolve }), '203.0.113.7|80');
  assert.equal(place('http://A.example/', { resolve }), '203.0.113.7|80');
  assert.equal(place('http://a.example:81/', { resolve }), 'a.example|81');
  assert.equal(place('https://b.example/', { resolve }), '2001:db8::7|443');
  assert.equal(place('http://c.example/', { resolve }), '203.0.113.9|80');
});

test('--resolve: every address of a list, once', () => {
  const resolve = ['a.example:80:203.0.113.1,[2001:db8::1],203.0.113.2,203.0.113.1'];
  assert.equal(place('http://a.example/', { resolve }), '203.0.113.1|80 2001:db8::1|80 203.0.113.2|80');
});

test('--connect-to: every rule with the HOST1 and PORT1 of the first that fits', () => {
  const connectTo = ['::b.example:81', 'a.example:80:c.example:', '::d.example:', '::b.example:81', ':80:e:'];
  assert.equal(place('http://a.example/', { connectTo }), 'b.example|81 d.example|80');
  const specific = ['a.example:80:203.0.113.1:', 'A.example:80:203.0.113.2:8080', '::203.0.113.9:'];
  assert.equal(place('http://a.example/', { connectTo: specific }), '203.0.113.1|80 203.0.113.2|8080');
  assert.equal(place('http://b.example/', { connectTo: specific }), '203.0.113.9|80');
});

test('--connect-to and --resolve together: all addresses of all names', () => {
  const flags = {
    connectTo: ['::one:8080', '::two:8080', '::three:8080'],
    resolve: ['one:8080:203.0.113.1,203.0.113.2', 'two:8080:203.0.113.2,203.0.113.3'],
  };
  assert.equal(
    place('http://a.example/', flags),
    '203.0.113.1|8080 203.0.113.2|8080 203.0.113.3|8080 three|8080',
  );
});

test("a Gateway's addresses in place of the URL's host: flags apply to each", () => {
  const url = 'http://203.0.113.1/';
  const hosts = ['203.0.113.1', 'LB.example', '203.0.113.3'];
  assert.equal(place(url, {}, hosts), '203.0.113.1|80 LB.example|80 203.0.113.3|80');
  const connectTo = ['lb.example:80:203.0.113.9:', '203.0.113.3::203.0.113.1:'];
  assert.equal(place(url, { connectTo }, hosts), '203.0.113.1|80 203.0.113.9|80');
  assert.equal(place(url, { unixSocket: '/s' }, hosts), '/s');
});

test('an address as reports write it', () => {
  assert.equal(addressLabel({ kind: 'tcp', host: '203.0.113.1', port: 80 }), '203.0.113.1:80');
  assert.equal(addressLabel({ kind: 'tcp', host: '2001:db8::1', port: 80 }), '[2001:db8::1]:80');
  assert.equal(addressLabel({ kind: 'unix', path: '/run/s' }), 'unix:/run/s');
});

test('--resolve: a named host goes before *, and later before earlier', () => {
  const resolve = ['*:80:203.0.113.1', 'a.example:80:203.0.113.2', 'a.example:80:203.0.113.3'];
  assert.equal(place('http://a.example/', { resolve }), '203.0.113.3|80');
  assert.equal(place('http://b.example/', { resolve }), '203.0.113.1|80');
});

test('--resolve applies to what --connect-to names', () => {
  const flags = { connectTo: ['::Gate.example:8080'], resolve: ['gate.example:8080:203.0.113.7'] };
  assert.equal(place('http://a.example/', flags), '203.0.113.7|8080');
  assert.equal(
    place('http://a.example/', { ...flags, resolve: ['a.example:80:203.0.113.7'] }),
    'Gate.example|8080',
  );
});

test('--unix-socket goes before all', () => {
  const flags = { unixSocket: '/run/gateway.sock', connectTo: ['::b.example:1'] };
  assert.equal(place('https://a.example/', flags), '/run/gateway.sock');
  refuses({ unixSocket: '' }, /^--unix-socket: give the path/);
});

test('what cannot be read is refused, naming the flag', () => {
  for (const rule of [
    '',
    'a',
    'a:80',
    'a:80:b',
    'a:80:b:c',
    'a:x:b:80',
    '::1:80:b:80',
    'a:80:b:80:c',
    '[x]:80:b:80',
  ]) {
    refuses({ connectTo: [rule] }, /^--connect-to: '.*' is not HOST1:PORT1:HOST2:PORT2/);
  }
  for (const rule of ['a:0:b:80', 'a:80:b:65536'])
    refuses({ connectTo: [rule] }, /is not a port \(1 to 65535\)/);
  for (const rule of [
    '',
    'a',
    'a:80',
    'a:80:',
    ':80:203.0.113.7',
    'a:80:b.example',
    'a:x:203.0.113.7',
    'a:80:203.0.113.7,',
    'a:80:203.0.113.7,b',
  ]) {
    refuses({ resolve: [rule] }, /^--resolve: '.*' is not HOST:PORT:ADDRESS/);
  }
  refuses({ resolve: ['a:70000:203.0.113.7'] }, /is not a port/);
});

test('a rule that does not fit is read all the same', () => {
  refuses({ connectTo: ['::b:80', 'nonsense'] }, /nonsense/);
  refuses({ resolve: ['a.example:80:203.0.113.7', 'nonsense'] }, /nonsense/);
});

test('no text makes it fail but with an error for people', () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'ab:[]*+,.%019') }));
  fc.assert(
    fc.property(text, text, (connectTo, resolve) => {
      for (const flags of [{ connectTo: [connectTo] }, { resolve: [resolve] }]) {
        try {
          place('http://a.example/', flags);
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
        }
      }
    }),
    { seed: 14, numRuns: 1000 },
  );
});
