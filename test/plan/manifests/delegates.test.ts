/** Delegates of VirtualServices: which of their rules are used, with which conditions, and what is said of the others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '../../../src/errors.js';
import { describeMatch, describeRule } from '../../../src/plan/manifests/describe.js';
import type { Route, RouteRule } from '../../../src/plan/manifests/model.js';
import { selectRule } from '../../../src/plan/routes/select-rule.js';
import { said } from '../../support/flags.js';
import { readManifestTexts } from '../../support/manifests.js';

function virtual(name: string, spec: string, namespace = 'n'): string {
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: ${namespace}}
spec: {${spec}}
`;
}

const root = (rule: string, rest = '') =>
  virtual('root', `hosts: [a.example.com], gateways: [gw], http: [{${rule}, delegate: {name: d}}${rest}]`);
const leaf = (...rules: string[]) =>
  virtual('d', `http: [${rules.map((rule) => `{${rule}route: [{destination: {host: b}}]}`).join(', ')}]`);

/** The root's rules, and what was skipped. */
async function followed(
  ...texts: string[]
): Promise<{ rules: readonly RouteRule[]; skipped: readonly string[] }> {
  const { routes, skipped } = await readManifestTexts(...texts);
  assert.equal(routes.length, 1);
  return { rules: (routes[0] as Route).rules, skipped };
}

const AGREE: readonly [root: string, leaf: string, merged: string | null][] = [
  ['uri: {prefix: /a}', 'uri: {prefix: /a/b}', 'prefix /a/b'],
  ['uri: {prefix: /a}', 'uri: {exact: /ab}', 'Exact /ab'],
  ['uri: {prefix: /a/b}', 'uri: {prefix: /a}', null],
  ['uri: {exact: /a}', 'uri: {exact: /a}', 'Exact /a'],
  ['uri: {exact: /a}', 'uri: {prefix: /a}', null],
  ['uri: {regex: /a}', 'uri: {regex: /a}', null],
  ['uri: {prefix: /a}', 'uri: {regex: /a.*}', null],
  ['uri: {prefix: /a}', 'method: {exact: GET}', 'prefix /a, GET'],
  ['uri: {prefix: /a}, ignoreUriCase: true', 'method: {exact: GET}', null],
  ['method: {exact: GET}', 'method: {exact: PUT}', null],
  ['method: {prefix: P}', 'method: {exact: PUT}', 'PUT, header :method begins with P'],
  ['headers: {x: {exact: a}}', 'headers: {y: {exact: b}}', 'header x = a, header y = b'],
  ['headers: {x: {prefix: a}}', 'headers: {x: {exact: ab}}', 'header x = ab'],
  ['headers: {x: {}}', 'headers: {x: {exact: a}}', null],
  ['withoutHeaders: {x: {exact: a}}', 'withoutHeaders: {x: {exact: b}}', null],
  ['queryParams: {q: {exact: a}}', 'withoutHeaders: {x: {}}', 'without header x, query q = a'],
  ['port: 80', 'port: 81', null],
  ['port: 80', 'uri: {exact: /a}', 'Exact /a, port 80'],
  ['sourceNamespace: a', 'port: 80', null],
  ['port: 80', 'sourceNamespace: a', 'port 80, source namespace a'],
  ['sourceLabels: {a: b}', 'sourceLabels: {a: c}', null],
  ['sourceLabels: {a: b}', 'sourceLabels: {c: d}', 'source label a = b, source label c = d'],
  ['gateways: [gw, mesh]', 'gateways: [gw]', 'gateway n/gw'],
  ['gateways: [gw]', 'gateways: [gw, mesh]', null],
];
for (const [one, other, merged] of AGREE) {
  test(`{${one}} delegates to {${other}}`, async () => {
    const { rules, skipped } = await followed(root(`match: [{${one}}]`), leaf(`match: [{${other}}], `));
    assert.deepEqual(
      rules.map(({ matches }) => describeMatch(matches[0] ?? null)),
      merged === null ? [] : [merged],
    );
    assert.equal(skipped.length, merged === null ? 1 : 0);
    if (merged === null)
      assert.match(skipped[0] ?? '', /line 4.*root: rule 1: rule 1 of its delegate n\/d matches what/);
  });
}

test('each pair of matches that agrees is one; the rest of the rule is from the delegate, or else from the root', async () => {
  const { rules } = await followed(
    root('name: r, timeout: 2s, retries: {attempts: 1}, match: [{uri: {prefix: /a}}, {uri: {prefix: /b}}]'),
    leaf('name: one, timeout: 1s, match: [{uri: {prefix: /a/x}}, {port: 80}], ', ''),
  );
  const [one, two] = rules as [RouteRule, RouteRule];
  assert.deepEqual(one.matches.map(describeMatch), [
    'prefix /a/x',
    'prefix /a, port 80',
    'prefix /b, port 80',
  ]);
  assert.deepEqual([one.name, one.timeouts.requestMs, one.retries?.attempts], ['r-one', 1000, 1]);
  assert.deepEqual([two.name, two.timeouts.requestMs, two.matches.length], ['r', 2000, 2]);
  const { routes } = await readManifestTexts(root('name: r'), leaf(''));
  assert.equal(
    describeRule(routes[0] as Route, routes[0]?.rules[0] as RouteRule),
    'VirtualService n/root, rule 1 (r), rule 1 of its delegate n/d',
  );
});

test('what is not used is said: not exported, delegating again, named by nobody', async () => {
  const far = virtual('d', 'exportTo: [other], http: [{route: [{destination: {host: b}}]}]');
  assert.match((await followed(root('name: r'), far)).skipped.join('\n'), /n\/d is not exported to n/);
  const again = await followed(root('name: r'), virtual('d', 'http: [{delegate: {name: e}}]'));
  assert.deepEqual(again.rules, []);
  assert.match(again.skipped.join('\n'), /rule 1 of its delegate n\/d delegates again/);
  const alone = await readManifestTexts(leaf(''));
  assert.deepEqual(alone.routes, []);
  assert.match(
    alone.skipped.join('\n'),
    /VirtualService n\/d has no hosts, and no VirtualService delegates to it/,
  );
  await assert.rejects(
    readManifestTexts(root('name: r, delegate: x').replace(', delegate: {name: d}', '')),
    /delegate: "x" is not a map/,
  );
});

test('nothing is claimed of the part of a delegate that is not given', async () => {
  const rest = ', {route: [{destination: {host: rest}}]}';
  const set = await readManifestTexts(root('match: [{uri: {prefix: /a}}]', rest));
  const ask = (path: string | null, wanted: string | null = null) =>
    selectRule(set, { host: null, path, method: null, headers: [] }, wanted).rule.backends[0]?.name;
  assert.equal(ask('/b'), 'rest');
  assert.equal(ask(null), 'rest');
  assert.equal(ask('/a', '2'), 'rest');
  assert.throws(
    () => ask('/a/x'),
    (error) => {
      assert.ok(error instanceof UserError, String(error));
      assert.match(
        said(error),
        /rule 1 takes this request and delegates it to VirtualService n\/d, which is not among the manifests.*-f.*--rule/s,
      );
      return true;
    },
  );
  assert.match(
    set.skipped.join('\n'),
    /line 4: VirtualService n\/root: rule 1: its delegate n\/d is not among the manifests/,
  );
  const all = await readManifestTexts(root('name: r', rest));
  assert.throws(
    () => selectRule(all, { host: null, path: null, method: null, headers: [] }, null),
    /delegates it/,
  );
});
