import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { UserError } from '../../../src/errors.js';
import { readManifests } from '../../../src/plan/manifests/index.js';
import type { ManifestSet } from '../../../src/plan/manifests/model.js';
import type { GivenRequest } from '../../../src/plan/routes/request-match.js';
import { type Selection, selectRule } from '../../../src/plan/routes/select-rule.js';
import { said } from '../../support/flags.js';
import { readManifestTexts } from '../../support/manifests.js';

const nothing: GivenRequest = { host: null, path: null, method: null, headers: [] };
const variants = readManifests([join('test', 'fixtures', 'istio', 'variants.yaml')], async () => '');

/** An HTTPRoute whose rules go to backends of the given names. */
function httpRoute(
  name: string,
  rules: string,
  { hosts = 'a.example.com', created = '', parent = 'gw', kind = 'HTTPRoute', namespace = 'n' } = {},
): string {
  return `apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: {name: ${name}, namespace: ${namespace}, creationTimestamp: ${created}}
spec: {hostnames: [${hosts}], parentRefs: [${parent === '' ? '' : `{name: ${parent}}`}], rules: [${rules}]}
`;
}

const rule = (backend: string, match = '', more = '') =>
  `{matches: [${match === '' ? '' : `{${match}}`}], backendRefs: [{name: ${backend}}]${more}}`;

const virtual = (name: string, http: string) => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: n}
spec: {hosts: [a.example.com], gateways: [classic], http: [${http}]}
`;

const gateway = (className: string) => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: n}
spec: {gatewayClassName: ${className}, listeners: [{name: http, port: 80, protocol: HTTP}]}
`;

const chosen = ({ rule: { backends } }: Selection) => backends[0]?.name;

async function pick(
  texts: readonly string[],
  given: Partial<GivenRequest> = {},
  wanted: string | null = null,
) {
  return selectRule(await readManifestTexts(...texts), { ...nothing, ...given }, wanted);
}

const refused =
  (...patterns: RegExp[]) =>
  (error: unknown) => {
    assert.ok(error instanceof UserError, String(error));
    for (const pattern of patterns) assert.match(said(error), pattern);
    return true;
  };

test('one route with one rule: nothing is asked', async () => {
  const matches = ['', 'path: {value: /api}', 'headers: [{name: x, value: y}], method: POST'];
  matches.push('path: {type: RegularExpression, value: "/r[0-9]+"}');
  for (const match of matches) {
    const selection = await pick([httpRoute('r', rule('b', match))]);
    assert.equal(chosen(selection), 'b');
    assert.equal(selection.host, 'a.example.com');
    assert.match(
      selection.explanation,
      /^HTTPRoute n\/r, rule 1 \(.*\) is the only rule for a\.example\.com\.$/,
    );
    assert.deepEqual(selection.notes, [{ code: 'rule-selected', text: selection.explanation }]);
  }
});

const PRECEDENCE: readonly [why: string, winner: string, loser: string][] = [
  ['kind of path match', 'path: {type: Exact, value: /a/b}', 'path: {value: /a/b}'],
  ['kind of path match', 'path: {value: /a}', 'path: {type: RegularExpression, value: "/a/[b].*|/a/b"}'],
  ['longer path', 'path: {value: /a/b}', 'path: {value: /a}, method: GET, headers: [{name: h, value: x}]'],
  ['longer path', 'path: {value: /a}', ''],
  [
    'matches a method',
    'path: {value: /a}, method: GET',
    'path: {value: /a/}, headers: [{name: h, value: x}]',
  ],
  [
    'more headers',
    'path: {value: /a}, headers: [{name: H, value: x}]',
    'path: {value: /a}, queryParams: [{name: q, value: "1"}]',
  ],
  ['more query parameters', 'path: {value: /a}, queryParams: [{name: q, value: "1"}]', 'path: {value: /a}'],
];
for (const [why, winner, loser] of PRECEDENCE) {
  test(`precedence: {${winner}} comes before {${loser}}`, async () => {
    const request = { host: 'a.example.com', path: '/a/b?q=1', headers: [['h', 'x']] as [string, string][] };
    const [one, two] = [rule('winner', winner), rule('loser', loser)];
    for (const texts of [
      [httpRoute('r', `${one}, ${two}`)],
      [httpRoute('r', `${two}, ${one}`)],
      [httpRoute('a', two), httpRoute('b', one)],
    ]) {
      const selection = await pick([gateway('istio'), ...texts], request);
      assert.equal(chosen(selection), 'winner');
      assert.match(selection.explanation, new RegExp(`It comes before .*; ${why}\\)`));
    }
  });
}

const REGEX = 'path: {type: RegularExpression, value: "/a/[a-z]+"}';
const PREFIX_AND_REGEX = httpRoute('r', `${rule('prefix', 'path: {value: /a}')}, ${rule('regex', REGEX)}`);

test('a prefix or a regular expression first: as the class of the Gateway does', async () => {
  const at = { host: 'a.example.com', path: '/a/b' };
  const first = async (className: string) => chosen(await pick([gateway(className), PREFIX_AND_REGEX], at));
  assert.equal(await first('istio'), 'prefix');
  assert.equal(await first('eg'), 'regex');
  assert.equal(await first('kgateway'), 'regex');
  const selection = await pick([gateway('eg'), PREFIX_AND_REGEX], at);
  assert.equal(selection.isOpen, true);
  assert.match(selection.explanation, /rule 2 .* It comes before .*rule 1 .*kind of path match/);
});

test('a prefix or a regular expression first: asks for the rule if the kind of gateway is not known', async () => {
  const at = { host: 'a.example.com', path: '/a/b' };
  const advice = /Choose one with --rule N\|NAME:\n {2}1 .*-> prefix.*\n {2}2 .*-> regex/;
  await assert.rejects(
    pick([PREFIX_AND_REGEX], at),
    refused(
      /with others\. The Gateway of HTTPRoute n\/r is not among the manifests, so its kind is not known: give/,
      advice,
    ),
  );
  await assert.rejects(
    pick([gateway('mine'), PREFIX_AND_REGEX], at),
    refused(
      /with others\. The kind of Gateway n\/gw of class mine is not known: give the Gateway and its GatewayClass with -f \(/,
      advice,
    ),
  );
  await assert.rejects(
    pick([gateway('cilium'), PREFIX_AND_REGEX], at),
    refused(
      /not read which of them come first with Cilium, the kind of Gateway n\/gw of class cilium/,
      advice,
    ),
  );
  const wanted = await pick([gateway('mine'), PREFIX_AND_REGEX], at, '2');
  assert.equal(chosen(wanted), 'regex');
  assert.equal(chosen(await pick([PREFIX_AND_REGEX], { ...at, path: '/a' })), 'prefix');
});

test('an exact path comes first with every gateway, so nothing is asked', async () => {
  const text = httpRoute(
    'r',
    `${rule('regex', REGEX)}, ${rule('exact', 'path: {type: Exact, value: /a/b}')}`,
  );
  const selection = await pick([text], { host: 'a.example.com', path: '/a/b' });
  assert.equal(chosen(selection), 'exact');
  assert.equal(selection.isOpen, false);
});

test('ties: the older route, then namespace and name, then the order in the route', async () => {
  const at = { host: 'a.example.com', path: '/' };
  const older = httpRoute('z', rule('older'), { created: '2026-01-01T00:00:00Z' });
  const newer = httpRoute('a', rule('newer'), { created: '2026-01-01T00:00:01Z' });
  const unknown = httpRoute('"0"', rule('unknown'));
  assert.equal(chosen(await pick([unknown, newer, older], at)), 'older');
  assert.match((await pick([newer, older], at)).explanation, /older route/);
  const b = httpRoute('b', rule('b'));
  const a = httpRoute('a', rule('a'));
  assert.equal(chosen(await pick([b, a], at)), 'a');
  assert.match(
    (await pick([b, a], at)).explanation,
    /HTTPRoute n\/b, rule 1 \(every request; namespace and name\)/,
  );
  const first = await pick([httpRoute('r', `${rule('first')}, ${rule('second')}`)], at);
  assert.equal(chosen(first), 'first');
  assert.match(first.explanation, /order in the route/);
});

test('hostnames: exact before the longest wildcard before none; case and port do not matter', async () => {
  const texts = [
    httpRoute('none', rule('none'), { hosts: '' }),
    httpRoute('short', rule('short'), { hosts: '"*.com"' }),
    httpRoute('long', rule('long'), { hosts: '"*.example.com"' }),
    httpRoute('exact', rule('exact', 'path: {value: /only}'), { hosts: 'a.example.com' }),
  ];
  const cases: [host: string, backend: string][] = [
    ['b.example.com', 'long'],
    ['x.b.Example.COM:8080', 'long'],
    ['example.com', 'short'],
    ['example.org', 'none'],
    ['[2001:db8::1]:80', 'none'],
  ];
  for (const [host, backend] of cases) assert.equal(chosen(await pick(texts, { host })), backend, host);
  assert.equal(chosen(await pick(texts, { host: 'A.example.com:80', path: '/only' })), 'exact');
  // As with Envoy's virtual hosts, a less specific hostname does not help out.
  await assert.rejects(
    pick(texts, { host: 'a.example.com', path: '/other' }),
    refused(/gateway would answer 404/),
  );
});

test('a host without a route is an error that lists the hostnames', async () => {
  const texts = [httpRoute('a', rule('b')), httpRoute('c', rule('d'), { hosts: '"*.example.org"' })];
  await assert.rejects(
    pick(texts, { host: 'nope' }),
    refused(/^No route is for the host nope\..* a\.example\.com, \*\.example\.org\. .*--host\.$/),
  );
  await assert.rejects(pick(texts), refused(/several hosts: a\.example\.com, \*\.example\.org\. .*--host/));
});

test('without a path, / decides if it can; else the rules are listed with their numbers', async () => {
  const api = rule('api', 'path: {value: /api}');
  const web = rule('web', 'path: {value: /web}');
  const all = await pick([httpRoute('r', `${api}, ${rule('all')}`)]);
  assert.equal(chosen(all), 'all');
  assert.match(
    all.explanation,
    /answers GET \/ for a\.example\.com\. Another rule can be chosen with --rule N\|NAME/,
  );
  await assert.rejects(
    pick([httpRoute('r', `${api}, ${web}`)]),
    refused(
      /--rule N\|NAME:\n/,
      /\n {2}1 {2}HTTPRoute n\/r, rule 1: a\.example\.com, PathPrefix \/api -> api 1\n/,
      /\n {2}2 {2}HTTPRoute n\/r, rule 2: .*PathPrefix \/web -> web 1$/,
    ),
  );
  assert.equal(chosen(await pick([httpRoute('r', `${api}, ${web}`)], { path: '/web/x' })), 'web');
  await assert.rejects(
    pick([httpRoute('r', `${api}, ${web}`)], { path: '/apix' }),
    refused(/answers GET \/apix/),
  );
});

test('headers and methods choose, and a rule that asks for them is found when it is the only one', async () => {
  const canary = rule('canary', 'headers: [{name: X-Canary, value: "yes"}]');
  const texts = [httpRoute('r', `${canary}, ${rule('stable')}`)];
  assert.equal(chosen(await pick(texts)), 'stable');
  assert.equal(chosen(await pick(texts, { headers: [['x-CANARY', 'yes']] })), 'canary');
  assert.equal(chosen(await pick(texts, { headers: [['x-canary', 'no']] })), 'stable');
  const post = httpRoute('p', `${rule('post', 'method: POST')}, ${rule('put', 'method: PUT')}`);
  assert.equal(chosen(await pick([post], { method: 'PUT', path: '/' })), 'put');
  await assert.rejects(pick([post], { method: 'DELETE', path: '/' }), refused(/answers DELETE \//));
  assert.equal(chosen(await pick([httpRoute('p', rule('post', 'method: POST'))], { path: '/x' })), 'post');
});

test('--rule: by number, rule name, route name and ROUTE/RULE', async () => {
  const named = rule('api', 'path: {value: /api}', ', name: the-api');
  const texts = [
    httpRoute('one', `${named}, ${rule('web')}`),
    httpRoute('two', rule('other'), { hosts: 'b' }),
  ];
  for (const [wanted, backend] of [
    ['1', 'api'],
    ['2', 'web'],
    ['3', 'other'],
    ['the-api', 'api'],
    ['one/the-api', 'api'],
    ['one', 'web'],
    ['two', 'other'],
  ] as const) {
    const selection = await pick(texts, {}, wanted);
    assert.equal(chosen(selection), backend, wanted);
    assert.match(selection.explanation, /was chosen by --rule\.$/);
  }
  assert.equal((await pick(texts, {}, '3')).host, 'b');
  for (const wanted of ['4', '0', 'nope', '', '-1']) {
    await assert.rejects(
      pick(texts, {}, wanted),
      refused(/^--rule: there is no rule/, /\n {2}3 {2}HTTPRoute n\/two/),
    );
  }
  await assert.rejects(pick(texts, { host: 'b' }, '1'), refused(/No route is for the host b\./));
  // A path that the rule does not match: --rule counts, deriving the target says what answers it.
  assert.equal(chosen(await pick(texts, { path: '/elsewhere' }, '1')), 'api');
});

test('a redirect beside the split, on its own listener, is not in the way', async () => {
  const redirect = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: a-redirect, namespace: n}
spec: {hostnames: [a.example.com], parentRefs: [{name: gw, sectionName: http}], rules: [{filters: [{type: RequestRedirect}]}]}
`;
  const split = httpRoute('split', rule('b')).replace('{name: gw}', '{name: gw, sectionName: https}');
  assert.equal(chosen(await pick([redirect, split])), 'b');
  assert.equal(chosen(await pick([redirect, split], { host: 'a.example.com', path: '/' })), 'b');
  const same = redirect.replace('sectionName: http', 'sectionName: https');
  const taken = await pick([same, split], { host: 'a.example.com', path: '/' });
  assert.equal(taken.rule.answersItself, 'RequestRedirect');
});

test('the same host on different gateways is ambiguous', async () => {
  const texts = [
    httpRoute('a', rule('a'), { parent: 'inside' }),
    httpRoute('b', rule('b'), { parent: 'outside' }),
  ];
  await assert.rejects(
    pick(texts, { path: '/' }),
    refused(/on different gateways or listeners/, /\n {2}2 {2}/),
  );
  assert.equal(chosen(await pick(texts, { path: '/' }, 'b')), 'b');
  await assert.rejects(
    pick([httpRoute('a', rule('a')), virtual('v', '{route: [{destination: {host: v}}]}')]),
    refused(/on different gateways or listeners/),
  );
});

test('VirtualService: the first rule that matches, whatever is more specific', async () => {
  const to = (host: string, match = '') => `{match: [${match}], route: [{destination: {host: ${host}}}]}`;
  const text = virtual(
    'v',
    [
      to('mesh', '{gateways: [mesh]}'),
      to('prefix', '{uri: {prefix: /a}}'),
      to('exact', '{uri: {exact: /ab}}'),
      to('regex', '{uri: {regex: "/r[0-9]+"}}'),
      to('rest'),
    ].join(', '),
  );
  const at = async (path: string) => chosen(await pick([text], { path }));
  assert.equal(await at('/ab'), 'prefix');
  assert.equal(await at('/r12'), 'regex');
  assert.equal(await at('/r12/'), 'rest');
  const { notes } = await pick([text], { path: '/' });
  assert.equal(notes[1]?.code, 'rule-conditions');
  assert.match(notes[1]?.text ?? '', /\n {2}1 {2}VirtualService n\/v, rule 1: asks for gateway mesh\n/);
  assert.match(notes[1]?.text ?? '', /\n {2}3 {2}.*: asks for Exact \/ab \(in the URL\)\n/);
  assert.equal(chosen(await pick([text], {}, '1')), 'mesh');
});

test('a GRPCRoute is not meant when there is an HTTPRoute, and used when it is alone', async () => {
  const grpc = httpRoute('g', '{matches: [{method: {service: s, method: m}}], backendRefs: [{name: g}]}', {
    hosts: 'grpc.example.com',
    kind: 'GRPCRoute',
  });
  assert.equal(chosen(await pick([grpc, httpRoute('h', rule('h'))])), 'h');
  const alone = await pick([grpc]);
  assert.equal(chosen(alone), 'g');
  assert.deepEqual(alone.match?.path, { type: 'Exact', value: '/s/m' });
});

test('no route at all: what was skipped is in the error', async () => {
  await assert.rejects(
    pick(['apiVersion: gateway.networking.k8s.io/v1alpha2\nkind: HTTPRoute\nmetadata: {name: r}\n']),
    refused(/contain no HTTPRoute.*give one with -f\.\n {2}standard input: .*version v1alpha2 is not read/),
  );
});

const SEEN: readonly [host: string, path: string, backend: string, headers?: [string, string][]][] = [
  ['two.lab', '/', 'backend-v1'],
  ['two.lab', '/', 'backend-v2', [['x-canary', 'yes']]],
  ['two.lab', '/b', 'backend-v2'],
  ['prefix.lab', '/api', 'backend-v1'],
  ['prefix.lab', '/api/y', 'backend-v1'],
  ['prefix.lab', '/api/x', 'backend-v2'],
  ['prefix.lab', '/r12', 'backend-v2'],
  ['x.star.lab', '/', 'backend-v2'],
  ['a.star.lab', '/', 'backend-v1'],
  ['vs-retries.lab', '/offer', 'backend-v1'],
];
for (const [host, path, backend, headers = []] of SEEN) {
  test(`as seen behind a real Istio: ${host}${path} ${headers.join()} goes to ${backend}`, async () => {
    const set: ManifestSet = await variants;
    assert.equal(chosen(selectRule(set, { ...nothing, host, path, headers }, null)), backend);
  });
}

test('as seen behind a real Istio: 404 for /apix and /r12/', async () => {
  const set = await variants;
  for (const path of ['/apix', '/r12/']) {
    assert.throws(() => selectRule(set, { ...nothing, host: 'prefix.lab', path }, null), refused(/404/));
  }
});
