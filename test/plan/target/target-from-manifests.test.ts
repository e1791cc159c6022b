import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { UserError } from '../../../src/errors.js';
import { readManifests } from '../../../src/plan/manifests/index.js';
import type { ManifestSet } from '../../../src/plan/manifests/model.js';
import { selectRule } from '../../../src/plan/routes/select-rule.js';
import {
  type DerivedTarget,
  deriveTarget,
  type GivenTarget,
} from '../../../src/plan/target/target-from-manifests.js';
import { said } from '../../support/flags.js';
import { readManifestTexts } from '../../support/manifests.js';

const nothing: GivenTarget = { host: null, path: null, method: null, headers: [], connect: null };
const url = { connect: { scheme: 'http', address: '192.0.2.9', port: 8080 } } as const;

function derive(
  set: ManifestSet,
  given: Partial<GivenTarget> = {},
  wanted: string | null = null,
): DerivedTarget {
  const all = { ...nothing, ...given };
  return deriveTarget(set, selectRule(set, all, wanted), all);
}

const LISTENERS = '{name: http, port: 80, protocol: HTTP}';

function gateway(listeners = LISTENERS, status = '{value: 203.0.113.7}', spec = '', name = 'gw'): string {
  return `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: ${name}, namespace: n}
spec: {listeners: [${listeners}], addresses: [${spec}]}
status: {addresses: [${status}]}
`;
}

function route(match = '', { hosts = 'a.example.com', parents = '{name: gw}', more = '' } = {}): string {
  return `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: n}
spec: {hostnames: [${hosts}], parentRefs: [${parents}], rules: [{matches: [${match}], backendRefs: [{name: b}]}${more}]}
`;
}

const derived = async (
  texts: readonly string[],
  given: Partial<GivenTarget> = {},
  wanted: string | null = null,
) => derive(await readManifestTexts(...texts), given, wanted);

const refused = (pattern: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UserError, String(error));
  assert.match(said(error), pattern);
  return true;
};
const note = ({ notes }: DerivedTarget, code: string) => notes.find((one) => one.code === code)?.text ?? '';

test('kubectl get gateway,httproute,destinationrule -o yaml gives everything', async () => {
  const set = await readManifests([join('samples', 'kubectl-get.yaml')], async () => '');
  const { notes, ...target } = derive(set);
  assert.deepEqual(target, {
    scheme: 'http',
    addresses: ['203.0.113.7'],
    port: 80,
    host: 'test.devopscube.com',
    path: '/',
    method: 'GET',
    headers: [],
  });
  assert.deepEqual(
    notes.map(({ code, text }) => `${code}: ${text}`),
    [
      'derived-address: Address 203.0.113.7 is from Gateway istio-test/istio-gateway, status.addresses; http and port 80 from its listener http.',
      'derived-host: Host test.devopscube.com is from HTTPRoute istio-test/backend-route.',
    ],
  );
});

test('addresses: status before spec, all of several, IPv6 and names', async () => {
  const several = await derived([
    gateway(LISTENERS, '{value: "2001:db8::1"}, {value: 192.0.2.2}', '{value: 192.0.2.3}'),
    route(),
  ]);
  assert.deepEqual(several.addresses, ['2001:db8::1', '192.0.2.2']);
  assert.match(
    note(several, 'derived-address'),
    /^Addresses 2001:db8::1, 192\.0\.2\.2 are from Gateway n\/gw, status\.addresses;/,
  );
  const many = Array.from({ length: 12 }, (_, i) => `{value: 192.0.2.${i}}`).join(', ');
  assert.match(
    note(await derived([gateway(LISTENERS, many), route()]), 'derived-address'),
    /2\.7 and 4 more are/,
  );
  const spec = await derived([gateway(LISTENERS, '', '{value: lb.example.com}'), route()]);
  assert.deepEqual(spec.addresses, ['lb.example.com']);
  assert.match(note(spec, 'derived-address'), /spec\.addresses \(it has no status\)/);
});

test('a parent with an address is taken before one without', async () => {
  const parents = '{name: gone}, {name: bare}, {name: gw}';
  const target = await derived([gateway(LISTENERS, '', '', 'bare'), gateway(), route('', { parents })]);
  assert.deepEqual(target.addresses, ['203.0.113.7']);
});

const TLS = '{name: https, port: 443, protocol: HTTPS, hostname: "*.example.com"}';
const BOTH = `${TLS}, {name: web, port: 8080, protocol: HTTP}, {name: tcp, port: 81, protocol: TCP}`;

test('listeners: sectionName, port, hostname, HTTP before HTTPS', async () => {
  const at = async (listeners: string, parents: string) => {
    const { scheme, port } = await derived([gateway(listeners), route('', { parents })]);
    return `${scheme} ${port}`;
  };
  assert.equal(await at(BOTH, '{name: gw}'), 'http 8080');
  assert.equal(await at(BOTH, '{name: gw, sectionName: https}'), 'https 443');
  assert.equal(await at(BOTH, '{name: gw, port: 443}'), 'https 443');
  assert.equal(await at(TLS, '{name: gw}'), 'https 443');
  const other = '{name: o, port: 90, protocol: HTTP, hostname: other.org}';
  assert.equal(await at(`${other}, ${TLS}`, '{name: gw}'), 'https 443');
  const exact = '{name: e, port: 91, protocol: HTTP, hostname: a.example.com}';
  assert.equal(await at(`${LISTENERS}, ${exact}`, '{name: gw}'), 'http 91');
  assert.match(
    note(await derived([gateway(BOTH), route()]), 'derived-address'),
    /Also possible: https \(https, port 443\); give the URL for that\./,
  );
  const none = derived([gateway(other), route()]);
  await assert.rejects(none, refused(/has no HTTP or HTTPS listener for HTTPRoute n\/r\. Give the URL/));
  const missing = derived([gateway(), route('', { parents: '{name: gw, sectionName: nope}' })]);
  await assert.rejects(missing, refused(/HTTPRoute n\/r \(sectionName nope\)\. Give the URL/));
});

test('no Gateway, no address, a classic Gateway: the URL is asked for, and is enough', async () => {
  await assert.rejects(
    derived([route()]),
    refused(/Its Gateway \(n\/gw\) is not among them: .*or give the URL/),
  );
  await assert.rejects(derived([gateway(LISTENERS, ''), route()]), refused(/has no address .*Give the URL/));
  const classic = await readManifests([join('samples', 'virtualservice.yaml')], async () => '');
  assert.throws(() => derive(classic), refused(/an Istio Gateway does not carry one.*Give the URL/));
  const target = derive(classic, url);
  assert.deepEqual(
    [target.addresses, target.port, target.host],
    [['192.0.2.9'], 8080, 'test.devopscube.com'],
  );
});

test('hosts: the first of several, wildcards need --host, listeners can name one', async () => {
  const several = await derived([gateway(), route('', { hosts: 'a.example.com, b.example.com' })]);
  assert.equal(several.host, 'a.example.com');
  assert.match(note(several, 'derived-host'), /HTTPRoute n\/r, the first of 2\./);
  const wild = route('', { hosts: '"*.example.com"' });
  await assert.rejects(derived([gateway(), wild]), refused(/\*\.example\.com is a wildcard: .*--host/));
  assert.equal((await derived([gateway(), wild], { host: 'x.example.com' })).host, 'x.example.com');
  const named = gateway('{name: l, port: 80, protocol: HTTP, hostname: l.example.com}');
  assert.equal((await derived([named, wild])).host, 'l.example.com');
  assert.equal((await derived([named, route('', { hosts: '' })])).host, 'l.example.com');
  assert.equal((await derived([gateway(), route('', { hosts: '' })])).host, null);
  await assert.rejects(derived([gateway(TLS), route('', { hosts: '' })]), refused(/wildcard: .*--host/));
});

test('path, method, headers and query are from the match, unless given', async () => {
  const match =
    '{path: {type: Exact, value: /api}, method: PUT, headers: [{name: X-Canary, value: "yes"}], queryParams: [{name: v, value: "a b"}, {name: w, value: "2"}]}';
  const target = await derived([route(match)], url);
  assert.equal(target.path, '/api?v=a%20b&w=2');
  assert.equal(target.method, 'PUT');
  assert.deepEqual(target.headers, [['x-canary', 'yes']]);
  assert.match(note(target, 'derived-path'), /Path \/api is from the rule's match/);
  const given = await derived([route(match)], {
    ...url,
    path: '/api?w=2',
    method: 'PUT',
    headers: [['X-CANARY', 'yes']],
  });
  assert.deepEqual([given.path, given.method, given.headers], ['/api?w=2&v=a%20b', 'PUT', []]);
});

test('regular expressions need the URL or -H', async () => {
  const path = route('{path: {type: RegularExpression, value: "/r[0-9]+"}}');
  await assert.rejects(
    derived([path], url),
    refused(/regular expression \/r\[0-9\]\+: give a path .* in the URL/),
  );
  assert.equal((await derived([path], { ...url, path: '/r1' })).path, '/r1');
  const any = route('{path: {type: RegularExpression, value: "/.*"}}');
  assert.equal((await derived([any], url)).path, '/');
  const header = route('{headers: [{name: x-user, type: RegularExpression, value: "u.+"}]}');
  await assert.rejects(derived([header], url), refused(/header x-user .* give it with -H 'x-user: VALUE'/));
  assert.deepEqual((await derived([header], { ...url, headers: [['x-user', 'u1']] })).headers, []);
  const query = route('{queryParams: [{name: q, type: RegularExpression, value: "u.+"}]}');
  await assert.rejects(derived([query], url), refused(/query parameter q .* give it in the URL/));
});

test('when another rule answers what is sent, a note says so', async () => {
  const more = ', {matches: [{path: {type: Exact, value: /api}}], backendRefs: [{name: c}]}';
  const texts = [route('{path: {value: /api}}', { more })];
  const shadowed = await derived(texts, url, '1');
  assert.match(
    note(shadowed, 'other-rule-answers'),
    /^GET \/api for a\.example\.com is answered by HTTPRoute n\/r, rule 2, not by HTTPRoute n\/r, rule 1\.$/,
  );
  assert.equal(note(await derived(texts, { ...url, path: '/api/x' }, '1'), 'other-rule-answers'), '');
  assert.match(
    note(await derived(texts, { ...url, path: '/x' }, '1'), 'other-rule-answers'),
    /answered by no rule/,
  );
});

test('a GRPCRoute is sent as POST /service/method, with a note', async () => {
  const grpc = route('{method: {service: lab.Echo, method: Say}}').replace('HTTPRoute', 'GRPCRoute');
  const target = await derived([grpc], url);
  assert.deepEqual([target.method, target.path], ['POST', '/lab.Echo/Say']);
  assert.match(note(target, 'grpc-route'), /is for gRPC/);
});
