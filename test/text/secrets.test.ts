import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isSecretName, maskBrokenUrl, maskUrl, maskUrlsIn } from '../../src/text/secrets.js';

const SECRET_NAMES = [
  ...[
    'authorization',
    'Proxy-Authorization',
    'Cookie',
    'SET-COOKIE',
    'X-Amz-Security-Token',
    'Private-Token',
  ],
  ...['apikey', 'X-Vault-Token', 'x-api-key', 'API_KEY', 'access_token', 'client_secret', 'X-Credentials'],
  ...['JSESSIONID', 'X-CSRF-Token', 'x-xsrf', 'X-Jwt-Assertion', 'X-Hub-Signature-256', 'password', 'passwd'],
  ...['X-Forwarded-Client-Cert', 'X-Auth', 'sig', 'X-Goog-Signature', 'x-idempotency-key', 'user_pwd'],
];
const OPEN_NAMES = [
  ...['accept', 'user-agent', 'host', ':authority', 'x-author', 'content-type', 'keep-alive', 'x-canary'],
  ...['signal', 'design', 'x-env', 'traceparent', 'x-request-id', 'q', 'page'],
];

test('names that are secret, in capital and small letters', () => {
  for (const name of SECRET_NAMES) {
    for (const form of [name, name.toLowerCase(), name.toUpperCase()]) assert.ok(isSecretName(form), form);
  }
  for (const name of OPEN_NAMES) assert.ok(!isSecretName(name), name);
  assert.ok(isSecretName('X-Tenant', ['x-tenant']));
  assert.ok(isSecretName('x-tenant', ['X-Tenant']));
});

test('URLs without secrets', () => {
  const cases: readonly [string, string][] = [
    ['http://a.example/x?page=2', 'http://a.example/x?page=2'],
    ['http://a/x?access_token=abc&page=2', 'http://a/x?access_token=(secret)&page=2'],
    ['/x?a=1&API_KEY=a=b?c;d#top', '/x?a=1&API_KEY=(secret)#top'],
    ['/x?api%5Fkey=abc', '/x?api%5Fkey=(secret)'],
    ['/x?%=1&token=abc', '/x?%=1&token=(secret)'],
    ['/x?a=1;token=abc;b=2', '/x?a=1;token=(secret);b=2'],
    ['/shop;jsessionid=abc?page=2', '/shop;jsessionid=(secret)?page=2'],
    ['/cb#id_token=abc', '/cb#id_token=(secret)'],
    ['/x?token=', '/x?token=(secret)'],
    ['/x?token', '/x?token'],
    ['/users/@me?q=a@b', '/users/@me?q=a@b'],
    ['https://u:p@a/x@y', 'https://(secret)@a/x@y'],
    ['https://u:p@q@a/', 'https://(secret)@a/'],
    ['//u:p@a/', '//(secret)@a/'],
  ];
  for (const [url, shown] of cases) assert.equal(maskUrl(url), shown);
  assert.equal(maskUrl('/x?tenant=7&Tenant=8', ['tenant']), '/x?tenant=(secret)&Tenant=(secret)');
});

test('a text that was meant as a URL: all before the last @ is hidden', () => {
  const cases: readonly [string, string][] = [
    ['http://u:pw@h h/', 'http://(secret)@h h/'],
    ['http://u:p/w@h:99999/', 'http://(secret)@h:99999/'],
    ['u:p w@h', '(secret)@h'],
    ['http://h h/?token=a b&x=1', 'http://h h/?token=(secret)&x=1'],
    ['http://[::1', 'http://[::1'],
    ['a b', 'a b'],
  ];
  for (const [text, shown] of cases) assert.equal(maskBrokenUrl(text), shown);
});

test('a sentence with URLs', () => {
  assert.equal(
    maskUrlsIn('Get "http://u:p@h/x?token=abc&a=1": EOF; see http://h/?key=k now'),
    'Get "http://(secret)@h/x?token=(secret)&a=1": EOF; see http://h/?key=(secret) now',
  );
});

test('property: no secret parameter and no user of a URL is ever shown', () => {
  const value = fc.stringMatching(/^[a-z0-9]{12}$/);
  const name = fc.constantFrom(...SECRET_NAMES);
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true }), name, value, value, (url, key, secret, user) => {
      const { host, pathname, search } = new URL(url);
      const query = `${search === '' ? '?' : `${search}&`}${key}=${secret}`;
      for (const shown of [
        maskUrl(`http://${user}:${secret}@${host}${pathname}${query}`),
        maskBrokenUrl(`http://${user}:${secret}@ ${host}${pathname}${query}`),
        maskUrlsIn(`Get http://${user}:${secret}@${host}${pathname}${query}: EOF`),
      ]) {
        assert.ok(!shown.includes(secret) && !shown.includes(user), shown);
        assert.ok(shown.includes(`${key}=(secret)`), shown);
      }
    }),
  );
});
