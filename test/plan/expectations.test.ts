import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseMap } from '../../src/cli/options/judge.js';
import { UserError } from '../../src/errors.js';
import { applyMap, expectedFromRule, expectedVersions } from '../../src/plan/expectations.js';
import type { RouteRule } from '../../src/plan/manifests/model.js';
import { parseExpect, said } from '../support/flags.js';
import { readManifestTexts } from '../support/manifests.js';

const refused = (pattern: RegExp) => (error: unknown) =>
  error instanceof UserError && pattern.test(said(error));

test('--expect gives shares, over several flags', () => {
  assert.deepEqual(parseExpect(['v1=90,v2=10']), [
    { name: 'v1', weight: 90, share: 0.9, mapped: [] },
    { name: 'v2', weight: 10, share: 0.1, mapped: [] },
  ]);
  assert.deepEqual(
    parseExpect(['v1=3', ' v2 = 1 ', 'v3=0']).map(({ name, share }) => [name, share]),
    [
      ['v1', 0.75],
      ['v2', 0.25],
      ['v3', 0],
    ],
  );
  assert.deepEqual(
    parseExpect(['a=b=0.5,c=0.5']).map(({ name, share }) => [name, share]),
    [
      ['a=b', 0.5],
      ['c', 0.5],
    ],
  );
});

const WRONG: readonly [value: string, pattern: RegExp][] = [
  ['', /^--expect: a version is missing/],
  ['v1=1,', /a version is missing/],
  ['v1', /^--expect: 'v1' has no weight/],
  ['=5', /'=5' names no version/],
  ['v1=', /'v1=' is not a number/],
  ['v1=-1', /'v1=-1' is not a number from 0/],
  ['v1=NaN', /not a number/],
  ['v1=1e3', /not a number/],
  ['v1=0x10', /not a number/],
  ['v1=90%', /not a number/],
  ['v1=1000001', /not a number from 0 to 1000000/],
  ['v1=1,v1=2', /'v1' is given twice/],
  ['v1=0,v2=0', /all weights are 0/],
  ['\u001b[31m', /^--expect: '\\u\{1b\}\[31m' has no weight/],
];
for (const [value, pattern] of WRONG) {
  test(`--expect ${JSON.stringify(value)} is refused`, () => {
    assert.throws(() => parseExpect([value]), refused(pattern));
  });
}

test('shares add up to 1 and keep the proportions of the weights', () => {
  const weights = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 10 });
  const property = fc.property(weights, (list) => {
    fc.pre(list.some((weight) => weight > 0));
    const expected = parseExpect(list.map((weight, index) => `v${index}=${weight}`));
    const total = list.reduce((a, b) => a + b, 0);
    assert.ok(Math.abs(expected.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-12);
    expected.forEach(({ share }, index) => {
      assert.equal(share, (list[index] as number) / total);
    });
  });
  fc.assert(property, { seed: 14 });
});

test('no text makes --expect or --map throw anything but a UserError', () => {
  const property = fc.property(fc.string(), (text) => {
    for (const parse of [() => parseExpect([text]), () => applyMap(parseExpect(['a=1']), parseMap([text]))]) {
      try {
        parse();
      } catch (error) {
        assert.ok(error instanceof UserError);
      }
    }
  });
  fc.assert(property, { seed: 14, numRuns: 500 });
});

async function rule(refs: string, more = ''): Promise<RouteRule> {
  const text = `apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: r}\nspec: {rules: [{backendRefs: [${refs}]${more}}]}`;
  return (await readManifestTexts(text)).routes[0]?.rules[0] as RouteRule;
}

test("a rule's backends: default weights, weight 0, the same one twice", async () => {
  const expected = expectedFromRule(
    await rule('{name: a}, {name: b, weight: 0}, {name: a, weight: 2}, {name: c}'),
    'rule 1',
  );
  assert.deepEqual(
    expected.map(({ name, weight, share }) => [name, weight, share]),
    [
      ['a', 3, 0.75],
      ['b', 0, 0],
      ['c', 1, 0.25],
    ],
  );
});

test('a rule that sends nothing to a backend expects nothing', async () => {
  const zero = await rule('{name: a, weight: 0}, {name: b, weight: 0}');
  assert.throws(
    () => expectedFromRule(zero, 'HTTPRoute n/r, rule 1'),
    refused(/^HTTPRoute n\/r, rule 1 gives every backend the weight 0: a gateway answers 500/),
  );
  const empty = await rule('');
  assert.throws(() => expectedFromRule(empty, 'x'), refused(/x has no backends\. .*--rule.*--expect/));
  const redirect = await rule('', ', filters: [{type: RequestRedirect}]');
  assert.throws(() => expectedFromRule(redirect, 'x'), refused(/by the gateway itself \(RequestRedirect\)/));
});

test('no more versions than have a place', async () => {
  const many = (count: number) => Array.from({ length: count }, (_, i) => `v${i}`);
  assert.equal(parseExpect(many(128).map((name) => `${name}=1`)).length, 128);
  assert.throws(
    () => parseExpect(many(129).map((name) => `${name}=1`)),
    refused(/^--expect has 129 versions; at most 128 can be weighed\.$/),
  );
  const wide = await rule(
    many(129)
      .map((name) => `{name: ${name}, port: 80}`)
      .join(', '),
  );
  assert.throws(
    () => expectedFromRule(wide, 'HTTPRoute n/r, rule 1'),
    refused(/^HTTPRoute n\/r, rule 1 has 129/),
  );
});

test('--map', () => {
  const expected = parseExpect(['backend-v1=1,backend-v2=1']);
  const mapped = applyMap(expected, parseMap(['backend-v1=blue', 'backend-v1=azure=x', 'backend-v1=blue']));
  assert.deepEqual(
    mapped.map(({ mapped: labels }) => labels),
    [['blue', 'azure=x'], []],
  );
  const patterns = applyMap(expected, parseMap(['backend-v1=blue-*', 'green-*=backend-v2', '*=backend-v2']));
  assert.deepEqual(
    patterns.map(({ mapped: labels }) => labels),
    [['blue-*'], ['green-*', '*']],
    'a pattern may come first',
  );
  assert.throws(
    () => applyMap(expected, parseMap(['backend-v1=x*', 'x*=backend-v2'])),
    refused(/'x\*' cannot stand for both/),
  );
  assert.throws(() => applyMap(expected, parseMap(['x*=v3'])), refused(/'x\*' is not an expected version/));
  assert.throws(() => applyMap(expected, parseMap(['blue'])), refused(/--map: 'blue' is not NAME=LABEL/));
  assert.throws(() => applyMap(expected, parseMap(['backend-v1='])), refused(/is not NAME=LABEL/));
  assert.throws(
    () => applyMap(expected, parseMap(['v1=blue'])),
    refused(/--map: 'v1' is not an expected version; these are: backend-v1, backend-v2/),
  );
  assert.throws(
    () => applyMap(expected, parseMap(['backend-v1=blue', 'backend-v2=blue'])),
    refused(/'blue' cannot stand for both backend-v1 and backend-v2/),
  );
});

test('weights given as texts are an error: they would be joined instead of added', () => {
  const weights = JSON.parse('{"v1":"90","v2":"10"}') as Record<string, number>;
  assert.throws(() => expectedVersions(weights), /the weight in 'v1=90' is not a number/);
});
