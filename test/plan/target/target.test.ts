import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UserError } from '../../../src/errors.js';
import type { Target } from '../../../src/plan/plan.js';
import type { TargetOptions } from '../../../src/plan/plan-options.js';
import { hostnameOf, makeTarget, parseUrl, type TargetDefaults } from '../../../src/plan/target/target.js';
import { said } from '../../support/flags.js';

function target(
  url: string,
  flags: Partial<TargetOptions> = {},
  defaults: Partial<TargetDefaults> = {},
): Target {
  return makeTarget(parseUrl(url), flags, { headers: [], ...defaults });
}

function refuses(make: () => unknown, message: RegExp): void {
  assert.throws(make, (error: unknown) => {
    assert.ok(error instanceof UserError, String(error));
    assert.match(said(error), message);
    return true;
  });
}

test('a URL with or without its scheme', () => {
  assert.equal(parseUrl('http://a.example/x?y=1').href, 'http://a.example/x?y=1');
  assert.equal(parseUrl('a.example').href, 'http://a.example/');
  assert.equal(parseUrl('localhost:8080/x').href, 'http://localhost:8080/x');
  assert.equal(parseUrl('203.0.113.7:8080').href, 'http://203.0.113.7:8080/');
  assert.equal(parseUrl('[::1]:8080').href, 'http://[::1]:8080/');
  assert.equal(parseUrl('HTTPS://A.example').href, 'https://a.example/');
});

test('values in path and query are kept as they are, and encoded braces stay encoded', () => {
  const url = 'http://a.example/b c/{{rand 1 9}}/../{{ uuid }}/ü?x={{seq}}&y=%7B%7Bseq%7D%7D#{{seq}}';
  const made = makeTarget(parseUrl(url.replace('b c', 'bc'), [], true), {}, { headers: [] });
  assert.equal(made.path, '/bc/{{ uuid }}/%C3%BC?x={{seq}}&y=%7B%7Bseq%7D%7D');
  assert.equal(made.url, `http://a.example${made.path}#{{seq}}`);
  assert.equal(made.values, true);
  const text = makeTarget(parseUrl('http://a.example/{{a}}?{{b}}'), { values: false }, { headers: [] });
  assert.deepEqual([text.path, text.values], ['/%7B%7Ba%7D%7D?{{b}}', false]);
  refuses(
    () => parseUrl('http://{{seq}}.example/', [], true),
    /: values can stand in its path and query only/,
  );
  refuses(() => parseUrl('{{seq}}', [], true), /: values can stand in its path and query only/);
  refuses(() => parseUrl('http://a.example/{{seq', [], true), /: it has '{{' without '}}' behind it/);
});

test('what is no URL to send to', () => {
  for (const text of ['', ' ', 'http://', 'http://a b/', 'http://a\nb/', 'http://[::1', 'http://a:99999/']) {
    refuses(() => parseUrl(text), /is not a URL to send requests to/);
  }
  for (const text of ['ftp://a.example/', 'file:///etc/passwd', 'ws://a.example/']) {
    refuses(() => parseUrl(text), /only http and https can be sent/);
  }
});

test('a user name or password in the URL is refused and not repeated', () => {
  for (const text of ['http://me:secret@a.example/', 'http://secret@a.example/', 'me:secret@a.example']) {
    refuses(() => parseUrl(text), /^(?!.*secret).*-H 'Authorization: …'/);
  }
});

test('Host: --host, else -H, else the manifests, else the URL with its port', () => {
  assert.equal(target('http://a.example/').host, 'a.example');
  assert.equal(target('http://a.example:80/').host, 'a.example');
  assert.equal(target('http://a.example:8080/').host, 'a.example:8080');
  assert.equal(target('http://[::1]:8080/').host, '[::1]:8080');
  assert.equal(target('http://a.example/', {}, { host: 'm.example' }).host, 'm.example');
  assert.equal(
    target('http://a.example/', { headers: ['Host: h.example'] }, { host: 'm.example' }).host,
    'h.example',
  );
  const both = target('http://a.example/', { host: 'f.example', headers: ['Host: h.example'] });
  assert.equal(both.host, 'f.example');
  assert.ok(!both.headers.some(([name]) => name.toLowerCase() === 'host'), 'it is not sent twice');
});

test('server name: --sni, else the Host override without its port, else the URL', () => {
  assert.equal(target('https://a.example:8443/').sni, 'a.example');
  assert.equal(target('https://a.example/', { host: 'h.example:8443' }).sni, 'h.example');
  assert.equal(target('https://a.example/', { headers: ['Host: h.example'] }).sni, 'h.example');
  assert.equal(target('https://a.example/', {}, { host: 'm.example' }).sni, 'm.example');
  assert.equal(target('https://a.example/', { host: 'h.example', sni: 's.example' }).sni, 's.example');
  assert.equal(target('https://203.0.113.7/', { host: 'h.example' }).sni, 'h.example');
  assert.equal(target('https://a.example./').sni, 'a.example');
  assert.equal(target('http://a.example/', { sni: 's.example' }).sni, null);
});

test('an address is never a server name', () => {
  assert.equal(target('https://203.0.113.7/').sni, null);
  assert.equal(target('https://[::1]:8443/').sni, null);
  assert.equal(target('https://a.example/', { host: '[2001:db8::7]:443' }).sni, null);
  for (const sni of ['', '203.0.113.7', '::1', 'a.example:443', 'a b', 'https://a.example']) {
    refuses(() => target('https://a.example/', { sni }), /^--sni: '.*' is not a server name/);
  }
});

test('a Host that cannot be sent', () => {
  for (const host of ['', 'a b', 'a\r\nx: y', 'a/b', 'bücher.example', 'a\u0000']) {
    refuses(() => target('http://a.example/', { host }), /^--host: '.*' cannot be sent as a Host header/s);
  }
  refuses(() => target('http://a.example/', { host: '*.example' }), /wildcard.*--host/);
  refuses(() => target('http://a.example/', {}, { host: '*.example' }), /wildcard.*--host/);
  refuses(() => target('https://a.example/', { host: '2001:db8::7' }), /brackets/);
});

test('path: the URL, or the manifests when the URL has none', () => {
  assert.equal(target('http://a.example').path, '/');
  assert.equal(target('http://a.example/x/y?z=1#frag').path, '/x/y?z=1');
  assert.equal(target('http://a.example', {}, { path: '/m' }).path, '/m');
  assert.equal(target('http://a.example/?q', {}, { path: '/m' }).path, '/?q');
  assert.equal(target('http://a.example/x', {}, { path: '/m' }).path, '/x');
});

test('method: -m, else POST with a body, else the manifests, else GET', () => {
  const body = Buffer.from('x');
  assert.equal(target('http://a/').method, 'GET');
  assert.equal(target('http://a/', {}, { method: 'PUT' }).method, 'PUT');
  assert.equal(target('http://a/', { body }, { method: 'PUT' }).method, 'POST');
  assert.equal(target('http://a/', { body, method: 'PATCH' }).method, 'PATCH');
  for (const method of ['', 'GET /', 'CONNECT', 'connect', 'G\r\nET']) {
    refuses(() => target('http://a/', { method }), /^-m: /);
  }
});

test('headers: given ones first, then the manifests’, then defaults; each name only once', () => {
  const made = target(
    'http://a.example/',
    { headers: ['X-Env: given', 'Accept:', 'X-Off:'], body: Buffer.from('a=1') },
    {
      headers: [
        ['x-env', 'manifest'],
        ['x-rule', 'manifest'],
        ['x-off', 'manifest'],
      ],
    },
  );
  assert.deepEqual(made.headers, [
    ['X-Env', 'given'],
    ['x-rule', 'manifest'],
    ['user-agent', 'weighbridge'],
    ['content-type', 'application/x-www-form-urlencoded'],
  ]);
  assert.deepEqual(target('http://a/', { headers: ['User-Agent: curl', 'accept: text/plain'] }).headers, [
    ['User-Agent', 'curl'],
    ['accept', 'text/plain'],
  ]);
});

test('the host name of a Host', () => {
  assert.equal(hostnameOf('a.example'), 'a.example');
  assert.equal(hostnameOf('a.example:8080'), 'a.example');
  assert.equal(hostnameOf('[::1]:8080'), '::1');
  assert.equal(hostnameOf('[::1]'), '::1');
});

test('no text makes it fail but with an error for people; what it makes can be sent', () => {
  const text = fc.oneof(
    fc.string(),
    fc.webUrl(),
    fc.string({ unit: fc.constantFrom(...'ahtps:/.@?#[]%:0') }),
  );
  fc.assert(
    fc.property(text, fc.option(fc.string({ unit: 'binary' }), { nil: undefined }), (url, host) => {
      try {
        const made = target(url, { host });
        assert.match(made.path, /^\/[\x21-\x7e]*$/);
        assert.match(made.host, /^[\x21-\x7e]+$/);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
      }
    }),
    { seed: 14, numRuns: 300 },
  );
});
