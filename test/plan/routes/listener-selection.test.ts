/** Which route of the Gateway API takes a request: by listener, its hostname, its port, and the URL. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '../../../src/errors.js';
import type { GivenRequest } from '../../../src/plan/routes/request-match.js';
import { selectRule } from '../../../src/plan/routes/select-rule.js';
import { caseText } from '../../support/cases.js';
import { planFromFlags, said } from '../../support/flags.js';
import { ISOLATED, ISOLATION, LISTENER_CASES } from '../../support/listener-cases.js';
import { readManifestTexts } from '../../support/manifests.js';

const NOTHING: GivenRequest = { host: null, path: null, method: null, headers: [] };

/** The first backend of the selected rule. */
async function chosen(text: string, given: Partial<GivenRequest> = {}): Promise<string | undefined> {
  const { rule } = selectRule(await readManifestTexts(text), { ...NOTHING, ...given }, null);
  return rule.backends[0]?.name;
}

const refused = (pattern: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UserError, String(error));
  assert.match(said(error), pattern);
  return true;
};

for (const { name, flags, weights } of LISTENER_CASES) {
  test(`${name} ${Object.values(weights).join('/')}`, async () => {
    const { judge } = await planFromFlags('http://127.0.0.1:1', { manifest: '-', ...flags }, caseText(name));
    assert.deepEqual(
      Object.fromEntries((judge.expected ?? []).map((each) => [each.name, each.weight])),
      weights,
    );
  });
}

test('a listener leaves hosts to those with a narrower hostname', async () => {
  for (const [host, backend] of ISOLATED) {
    if (backend !== null) assert.equal(await chosen(ISOLATION, { host }), backend, host);
    else await assert.rejects(chosen(ISOLATION, { host }), refused(/No route is for the host other\.org/));
  }
});

const gateway = (listeners: string, name = 'edge') => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: ${name}, namespace: shop}
spec: {gatewayClassName: istio, listeners: [${listeners}]}
---
`;

const route = (name: string, parents: string, hosts = '') => `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: ${name}, namespace: shop}
spec: {parentRefs: [${parents}], hostnames: [${hosts}], rules: [{backendRefs: [{name: ${name}}]}]}
---
`;

test('without a Host: the only hostname of the listener is sent, of several the first that can be', async () => {
  const plan = (listeners: string, hosts = '') =>
    planFromFlags(
      'http://127.0.0.1:1',
      { manifest: '-' },
      gateway(listeners) + route('web', '{name: edge}', hosts),
    );
  const shop = '{name: a, port: 80, protocol: HTTP, hostname: shop.example.com}';
  const { target, notes } = await plan(shop);
  assert.equal(target.host, 'shop.example.com');
  assert.ok(
    notes.some(({ text }) => text === 'Host shop.example.com is from the listener of HTTPRoute shop/web.'),
  );
  const wild = '{name: b, port: 80, protocol: HTTP, hostname: "*.example.com"}';
  assert.equal((await plan(`${wild}, ${shop}`)).target.host, 'shop.example.com');
  assert.equal((await plan(wild, '"*.example.com", b.example.com')).target.host, 'b.example.com');
  await assert.rejects(plan(wild), refused(/\*\.example\.com is a wildcard: .*--host/));
});

test('the host of the URL is the Host if a listener has it', async () => {
  const text =
    gateway('{name: a, port: 80, protocol: HTTP, hostname: "*.example.com"}') + route('web', '{name: edge}');
  const { target } = await planFromFlags('http://shop.example.com', { manifest: '-' }, text);
  assert.equal(target.host, 'shop.example.com');
  await assert.rejects(
    planFromFlags('http://lb.example.org', { manifest: '-' }, text),
    refused(/\*\.example\.com is a wildcard/),
  );
});

test('listeners of the scheme and port of the URL count, if there are any', async () => {
  const listeners =
    '{name: http, port: 80, protocol: HTTP}, {name: admin, port: 8080, protocol: HTTP}, {name: https, port: 443, protocol: HTTPS}';
  const text =
    gateway(listeners) +
    route('web', '{name: edge, sectionName: http}') +
    route('admin', '{name: edge, port: 8080}') +
    route('tls', '{name: edge, sectionName: https}');
  const at = (scheme: 'http' | 'https', port: number) => chosen(text, { connect: { scheme, port } });
  assert.equal(await at('http', 80), 'web');
  assert.equal(await at('http', 8080), 'admin');
  assert.equal(await at('https', 443), 'tls');
  assert.equal(await at('https', 8443), 'tls');
  await assert.rejects(at('http', 30_080), refused(/on different gateways or listeners answer this request/));
  await assert.rejects(chosen(text), refused(/on different gateways or listeners answer this request/));
});

test('a host that only a listener of another port has is none for the URL', async () => {
  const text =
    gateway(
      '{name: a, port: 80, protocol: HTTP, hostname: a.org}, {name: b, port: 8080, protocol: HTTP, hostname: "*.org"}',
    ) +
    route('a', '{name: edge, sectionName: a}') +
    route('b', '{name: edge, sectionName: b}');
  assert.equal(await chosen(text, { host: 'a.org', connect: { scheme: 'http', port: 8080 } }), 'b');
  assert.equal(await chosen(text, { host: 'a.org', connect: { scheme: 'http', port: 80 } }), 'a');
  assert.equal(await chosen(text, { host: 'c.org', connect: { scheme: 'http', port: 80 } }), 'b');
});

test('over TLS the server name decides which listener is asked', async () => {
  const listeners =
    '{name: a, port: 443, protocol: HTTPS, hostname: a.org}, {name: b, port: 443, protocol: HTTPS, hostname: "*.org"}';
  const b = gateway(listeners) + route('b', '{name: edge, sectionName: b}');
  assert.equal(await chosen(b + route('a', '{name: edge, sectionName: a}'), { host: 'a.org' }), 'a');
  assert.equal(await chosen(b, { host: 'b.org' }), 'b');
  await assert.rejects(chosen(b, { host: 'a.org' }), refused(/No route is for the host a\.org/));
});

test('Gateways that are not among the manifests: sections and ports are told apart by what the routes name', async () => {
  const two = route('a', '{name: gone, sectionName: a}') + route('b', '{name: gone, sectionName: b}');
  await assert.rejects(chosen(two), refused(/on different gateways or listeners/));
  const ports = route('a', '{name: gone, port: 80}') + route('b', '{name: gone, port: 8080}');
  assert.equal(await chosen(ports, { connect: { scheme: 'http', port: 8080 } }), 'b');
  await assert.rejects(chosen(ports), refused(/on different gateways or listeners/));
  assert.equal(await chosen(route('a', '{name: gone}') + route('b', '{name: gone, sectionName: b}')), 'a');
});
