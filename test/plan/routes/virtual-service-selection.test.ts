/** What a run says of VirtualServices: which rules it passed over, and what it cannot tell. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '../../../src/errors.js';
import type { GivenRequest } from '../../../src/plan/routes/request-match.js';
import { selectRule } from '../../../src/plan/routes/select-rule.js';
import { planOf } from '../../support/envoy-lab.js';
import { said } from '../../support/flags.js';
import { readManifestTexts } from '../../support/manifests.js';

const GIVEN: GivenRequest = { host: null, path: '/', method: null, headers: [] };
const at = (port: number, scheme: 'http' | 'https' = 'http') => ({ connect: { scheme, port } });

function virtual(name: string, http: string, spec = 'gateways: [n/gw]', namespace = 'n'): string {
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: ${namespace}}
spec: {hosts: [a.example.com], ${spec}, http: [${http}]}
`;
}

const to = (host: string, match = '') => `{match: [${match}], route: [{destination: {host: ${host}}}]}`;

const server = (port: number, hosts = '"*"', protocol = 'HTTP') =>
  `{port: {number: ${port}, name: p${port}, protocol: ${protocol}}, hosts: [${hosts}]}`;

function gateway(name: string, ...servers: string[]): string {
  return `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: ${name}, namespace: n}
spec: {selector: {app: edge}, servers: [${servers.join(', ')}]}
`;
}

async function pick(texts: readonly string[], given: Partial<GivenRequest> = {}) {
  return selectRule(await readManifestTexts(...texts), { ...GIVEN, ...given }, null);
}

async function chosen(
  texts: readonly string[],
  given: Partial<GivenRequest> = {},
): Promise<string | undefined> {
  return (await pick(texts, given)).rule.backends[0]?.name;
}

async function refused(texts: readonly string[], given: Partial<GivenRequest>, words: RegExp): Promise<void> {
  await assert.rejects(pick(texts, given), (error) => {
    assert.ok(error instanceof UserError, String(error));
    assert.match(said(error), words);
    return true;
  });
}

test('rules that were passed over are listed with the flag that meets each condition', async () => {
  const rules = [
    to('header', '{headers: {x-canary: {exact: always}, x-any: {}}}'),
    to('secret', '{headers: {x-api-key: {exact: s3cret}}}'),
    to('method', '{method: {regex: "PUT|POST"}, queryParams: {q: {exact: "1"}}}'),
    to('host', '{authority: {exact: "b.example.com:80"}, scheme: {exact: https}}'),
    to('without', '{withoutHeaders: {x-given: {exact: yes}}}'),
    to('rest'),
  ];
  const { rule, notes } = await pick([virtual('v', rules.join(', '))], {
    headers: [['x-given', 'yes']],
    ...at(80),
  });
  assert.equal(rule.backends[0]?.name, 'rest');
  const lines = notes.find(({ code }) => code === 'rule-conditions')?.text.split('\n') ?? [];
  const asked = lines.slice(1).map((line) => line.replace(/^.*asks for /, ''));
  assert.deepEqual(asked, [
    "header x-canary = always (-H 'x-canary: always'), header x-any (-H 'x-any: …')",
    "header x-api-key = (secret) (-H 'x-api-key: (secret)')",
    'method matches PUT|POST (-X), query q = 1 (in the URL)',
    'Host = b.example.com:80 (--host b.example.com:80), scheme = https (in the URL)',
    "no header x-given = yes (leave out -H 'x-given: …')",
  ]);
});

test("the port is the Gateway server's, chosen by the URL's scheme and port", async () => {
  const route = virtual('v', `${to('plain', '{port: 80}')}, ${to('tls', '{port: 443}')}, ${to('other')}`);
  const both = gateway('gw', server(80), server(443, '"*"', 'HTTPS'), server(8080));
  assert.equal(await chosen([gateway('gw', server(80)), route], at(31_380)), 'plain');
  assert.equal(await chosen([both, route], at(8443, 'https')), 'tls');
  assert.equal(await chosen([both, route], at(8080)), 'other');
  await refused([both, route], at(31_380), /on different gateways or listeners answer/);
  assert.equal(await chosen([route], at(80)), 'plain');
  await refused(
    [route],
    at(9999),
    /cannot be told whether .*rule 1 \(port 80\).*Add the manifests of the gateway with -f/s,
  );
});

test('what a rule asks of pods that no manifest shows is not guessed, unless nothing depends on it', async () => {
  for (const match of ['sourceLabels: {tier: edge}', 'sourceNamespace: infra']) {
    const route = virtual('v', `${to('a', `{${match}}`)}, ${to('b')}`);
    await refused([gateway('gw', server(80)), route], at(80), /cannot be told whether/);
    const pods = (namespace: string, labels: string) =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d, namespace: ${namespace}}\nspec: {template: {metadata: {labels: {app: edge, ${labels}}}}}`;
    assert.equal(await chosen([gateway('gw', server(80)), pods('infra', 'tier: edge'), route], at(80)), 'a');
    assert.equal(await chosen([gateway('gw', server(80)), pods('x', 'tier: x'), route], at(80)), 'b');
  }
  const none = virtual('v', to('a', '{sourceLabels: {tier: edge}}, {uri: {prefix: /}}'));
  assert.equal(await chosen([gateway('gw', server(80)), none], at(80)), 'a');
  const labels = virtual('v', `${to('a', '{sourceLabels: {app: edge}}')}, ${to('b')}`);
  assert.equal(await chosen([gateway('gw', server(80)), labels], at(80)), 'a');
});

test('claims of a token are not met; with an Authorization header it cannot be told', async () => {
  const route = virtual(
    'v',
    `${to('a', '{headers: {"@request.auth.claims[group]": {exact: x}}}')}, ${to('b')}`,
  );
  assert.equal(await chosen([route]), 'b');
  await refused([route], { headers: [['authorization', 'Bearer x']] }, /cannot be told whether/);
  const without = virtual(
    'v',
    `${to('a', '{withoutHeaders: {"@request.auth.claims.group": {}}}')}, ${to('b')}`,
  );
  assert.equal(await chosen([without]), 'a');
});

test('VirtualServices that the gateway does not serve are left out, and named', async () => {
  const own = virtual('z', to('own'));
  const names = async (other: string, gw = gateway('gw', server(80))) => {
    const { rule, notes } = await pick([gw, other, own], at(80));
    assert.equal(rule.backends[0]?.name, 'own');
    return notes.find(({ text }) => text.includes('not served by the gateway'))?.text ?? '';
  };
  assert.match(await names(virtual('a', to('mesh'), 'gateways: [mesh]')), /^VirtualService n\/a: /);
  assert.match(await names(virtual('a', to('hidden'), 'gateways: [gw], exportTo: ["~"]')), /n\/a/);
  const limited = gateway('gw', server(80, './*'));
  assert.match(await names(virtual('a', to('foreign'), 'gateways: [n/gw]', 'other'), limited), /other\/a/);
  await refused(
    [limited, virtual('a', to('foreign'), 'gateways: [n/gw]', 'other')],
    {},
    /No Gateway of the manifests serves VirtualService other\/a/,
  );
});

test('without any gateway in the manifests the rules for sidecars are meant', async () => {
  const route = virtual(
    'v',
    `${to('gateway', '{gateways: [gw]}')}, ${to('mesh', '{gateways: [mesh]}')}`,
    'gateways: [mesh]',
  );
  assert.equal(await chosen([route]), 'mesh');
});

test('the run is made to meet the conditions of the only rule that is meant', async () => {
  const rule = to(
    'a',
    '{authority: {exact: a.example.com}, method: {exact: PUT}, uri: {exact: /Up}, ignoreUriCase: true}',
  );
  const { target } = await planOf('http://127.0.0.1', [virtual('v', rule)], {});
  assert.deepEqual([target.host, target.method, target.path], ['a.example.com', 'PUT', '/Up']);
  const posted = [virtual('v', `${to('a', '{method: {exact: POST}}')}, ${to('b')}`)];
  const { judge } = await planOf('http://127.0.0.1', posted, { data: 'x' });
  assert.deepEqual(
    judge.expected?.map(({ name }) => name),
    ['a'],
  );
});

test('headers that are sent by default count, and a rule may ask for others', async () => {
  const rules = [to('own', '{headers: {user-agent: {prefix: weigh}}}'), to('rest')];
  const expected = async (texts: readonly string[], flags = {}) => {
    const { judge, target } = await planOf('http://127.0.0.1', texts, flags);
    return [judge.expected?.[0]?.name, target.headers.find(([name]) => name === 'user-agent')?.[1]];
  };
  const text = virtual('v', rules.join(', '));
  assert.deepEqual(await expected([text]), ['own', 'weighbridge']);
  assert.deepEqual(await expected([text], { header: ['User-Agent:'] }), ['rest', undefined]);
  const other = virtual('v', to('phone', '{headers: {user-agent: {exact: phone}}}'));
  assert.deepEqual(await expected([other]), ['phone', 'phone']);
});

const WRONG: readonly [match: string, words: RegExp][] = [
  ['port: http', /spec\.http\[0\]\.match\[0\]\.port: "http" is not a whole number/],
  ['ignoreUriCase: 1', /ignoreUriCase: 1 is not true or false/],
  ['uri: {exact: /a, prefix: /b}', /uri: has more than one of exact, prefix and regex/],
  ['authority: {exact: 1}', /authority\.exact: 1 is not text/],
  ['scheme: https', /scheme: "https" is not a map/],
  ['headers: {"a b": {exact: x}}', /headers\["a b"\]: is not the name of a header/],
  ['withoutHeaders: [x]', /withoutHeaders: a list is not a map/],
  ['gateways: gw', /gateways: "gw" is not a list/],
  ['gateways: [a/b/c]', /gateways\[0\]: "a\/b\/c" is not NAMESPACE\/NAME/],
  ['sourceLabels: {app: 1}', /sourceLabels\.app: 1 is not text/],
  ['sourceNamespace: "a b"', /sourceNamespace: is not the name of an object/],
  ['method: {regex: "("}', /method\.regex: is not a usable regular expression/],
];
for (const [match, words] of WRONG) {
  test(`an error with file and line: match {${match}}`, async () => {
    const text = virtual('v', to('a', `{${match}}`));
    await assert.rejects(readManifestTexts(text), (error) => {
      assert.ok(error instanceof UserError, String(error));
      assert.match(error.message, /^standard input: document 1, line 4: VirtualService n\/v: spec\.http/);
      assert.match(error.message, words);
      return true;
    });
  });
}

test("bad values of exportTo and of a server's hosts name their line", async () => {
  await assert.rejects(
    readManifestTexts(virtual('v', to('a'), 'exportTo: [A B]')),
    /line 4.*exportTo\[0\]: is neither/,
  );
  await assert.rejects(
    readManifestTexts(gateway('gw', server(80, '"A B/x"'))),
    /line 4.*hosts\[0\]: is not NAMESPACE\/HOST/,
  );
});
