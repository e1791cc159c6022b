import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { maskSecrets, shownTarget } from '../../../src/plan/target/secrets.js';
import { planFor } from '../../support/plan.js';

const URL = 'http://127.0.0.1:8080/';

function maskFor(headers: readonly string[], url = URL, secretHeaders: readonly string[] = []) {
  return maskSecrets({ ...planFor(url, { flags: { headers } }), secretHeaders });
}

test('the target is shown without the values of secret headers and parameters', () => {
  const headers = ['aPiKeY: abcdef', 'X-Tenant: acme', 'x-env: canary'];
  const plan = { ...planFor(`${URL}p?access_token=abc&page=2`, { flags: { headers } }) };
  const shown = shownTarget({ ...plan, secretHeaders: ['X-TENANT'] });
  assert.equal(shown.url, `${URL}p?access_token=(secret)&page=2`);
  assert.equal(shown.path, '/p?access_token=(secret)&page=2');
  assert.deepEqual(shown.headers.slice(0, 3), [
    ['aPiKeY', '(secret)'],
    ['X-Tenant', '(secret)'],
    ['x-env', 'canary'],
  ]);
  assert.equal(plan.target.path, '/p?access_token=abc&page=2');
});

test('what a response tells of secrets is hidden, in the forms in which servers write them', () => {
  const basic = Buffer.from('admin:hunter2').toString('base64');
  const mask = maskFor(
    [
      'Authorization: Bearer s3cr3t/token+1',
      `Proxy-Authorization: Basic ${basic}`,
      'Cookie: sid=5f2e8c1a9b; track=canary',
      'X-Api-Key: a"b<c&d',
      'X-Password: grün-geheim',
    ],
    `${URL}?sig=ab%2Fcd%2Bef`,
  );
  const cases: readonly [string, string][] = [
    ['Authorization: Bearer s3cr3t/token+1', 'Authorization: (secret)'],
    ['token s3cr3t/token+1 ok', 'token (secret) ok'],
    ['{"t":"s3cr3t\\/token+1"}', '{"t":"(secret)"}'],
    [`Basic ${basic}`, '(secret)'],
    [`auth=${basic};`, 'auth=(secret);'],
    ['user admin:hunter2', 'user (secret)'],
    ['password hunter2.', 'password (secret).'],
    ['{"sid":"5f2e8c1a9b","track":"canary"}', '{"sid":"(secret)","track":"canary"}'],
    ['sid=5f2e8c1a9b; track=canary', '(secret)'],
    ['{"k":"a\\"b<c&d"}', '{"k":"(secret)"}'],
    ['{"k":"a\\"b\\u003cc\\u0026d"}', '{"k":"(secret)"}'],
    ['k=a%22b%3Cc%26d', 'k=(secret)'],
    ['grün-geheim', '(secret)'],
    [Buffer.from('x grün-geheim', 'latin1').toString('utf8'), 'x (secret)'],
    ['{"p":"gr\\u00fcn-geheim"}', '{"p":"(secret)"}'],
    ['GET /?sig=ab%2Fcd%2Bef and ab/cd+ef', 'GET /?sig=(secret) and (secret)'],
    ['hello from backend v1', 'hello from backend v1'],
  ];
  for (const [text, shown] of cases) assert.equal(mask(text), shown);
});

test('of a secret with values, the parts that all requests have are hidden', () => {
  const mask = maskFor(
    ['Authorization: Bearer {{uuid}}', 'X-Api-Key: hunter2-{{seq}}.{{ rand 1 9 }}.tail'],
    `${URL}?sig=abcd{{connection}}`,
  );
  const text = 'Bearer 0f8fad5b hunter2-17.3.tail abcd4';
  assert.equal(mask(text), 'Bearer 0f8fad5b (secret)17.3(secret) (secret)4');
});

test('short values are not searched for, nor are those of other headers', () => {
  assert.equal(maskFor(['x-token: abc'])('abc abcd'), 'abc abcd');
  assert.equal(maskFor(['x-token: abcd'])('abc abcd'), 'abc (secret)');
  assert.equal(maskFor(['x-env: canary'])('canary'), 'canary');
  assert.equal(maskFor(['x-env: canary'], URL, ['X-Env'])('a canary'), 'a (secret)');
});

test('a value that is cut at the end of a text, and a text that is only a part of one', () => {
  const mask = maskFor(['Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.payload']);
  assert.equal(mask('got eyJhbGciOiJIUz'), 'got (secret)');
  assert.equal(mask('IUzI1NiJ9.pay'), '(secret)');
  assert.equal(mask('eyJhbGc'), 'eyJhbGc');
});

test('property: a secret is in no masked text, whatever its name, its case and its place', () => {
  const name = fc.constantFrom('authorization', 'cookie', 'apikey', 'x-vault-token', 'x-custom');
  const value = fc.stringMatching(/^[!-~]([ -~]{2,60}[!-~])$/);
  const cased = fc.tuple(name, fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }));
  const around = fc.string({ unit: 'binary', maxLength: 40 });
  fc.assert(
    fc.property(cased, value, around, around, ([text, upper], secret, before, after) => {
      const header = [...text].map((char, i) => (upper[i] ? char.toUpperCase() : char)).join('');
      fc.pre(!'(secret)'.includes(secret) && !secret.includes('{{'));
      const mask = maskFor([`${header}: ${secret}`], URL, ['X-Custom']);
      const hidden = mask(`${before}${secret}${after}`);
      // What is around it may have it too, together with the mark: only what was there is looked at.
      assert.ok(!hidden.split('(secret)').some((part) => part.includes(secret)), hidden);
      assert.equal(mask(`Bearer ${secret}`).includes('(secret)'), true);
      assert.equal(
        shownTarget({
          ...planFor(URL, { flags: { headers: [`${header}: ${secret}`] } }),
          secretHeaders: ['X-Custom'],
        }).headers[0]?.[1],
        '(secret)',
      );
    }),
    { numRuns: 300 },
  );
});

test('a long value in a long text takes no long time', () => {
  const mask = maskFor([`x-token: ${'a'.repeat(4000)}b`]);
  const startMs = performance.now();
  mask('a'.repeat(64 * 1024));
  assert.ok(performance.now() - startMs < 20_000);
});
