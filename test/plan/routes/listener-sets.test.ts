/** ListenerSets as parents, and which routes a listener takes (`allowedListeners`, `allowedRoutes`). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Flags } from '../../../src/cli/options/flags.js';
import { UserError } from '../../../src/errors.js';
import { caseText } from '../../support/cases.js';
import { planFromFlags, said } from '../../support/flags.js';
import { readManifestTexts } from '../../support/manifests.js';

const CASE = caseText('parent-listenerset');
const allowing = (namespaces: string) =>
  CASE.replace('listeners:', `allowedListeners: {namespaces: ${namespaces}}\n  listeners:`);

/** What speaks against the gateway serving the route; it is said first. */
async function objections(text: string, flags: Flags = {}): Promise<string> {
  const { notes } = await planFromFlags('http://127.0.0.1:1', { manifest: '-', ...flags }, text);
  const found = notes.filter(({ code }) => code === 'status-not-accepted');
  assert.deepEqual(notes.slice(0, found.length), found);
  return found.map((note) => note.text).join('\n');
}

test('a ListenerSet that the Gateway does not take is judged with that said first', async () => {
  assert.equal(
    await objections(CASE),
    'ListenerSet shop/team may not serve HTTPRoute shop/web as it is written: Gateway shop/edge takes no ListenerSets (spec.allowedListeners; without it, none are taken). Shares are judged as if it did.',
  );
  assert.match(await objections(allowing('{from: None}')), /takes no ListenerSets \(/);
  assert.equal(await objections(allowing('{from: Same}')), '');
  assert.equal(await objections(allowing('{from: All}')), '');
  const elsewhere = allowing('{from: Same}').replace(
    'name: team, namespace: shop',
    'name: team, namespace: apps',
  );
  const parent = elsewhere.replace('parentRef: { name: edge', 'parentRef: { name: edge, namespace: shop');
  const web = parent.replace('name: web, namespace: shop', 'name: web, namespace: apps');
  assert.match(await objections(web), /takes no ListenerSets of namespace apps/);
});

test('namespaces by labels: of the Namespace, or of its name alone', async () => {
  const selector = allowing('{from: Selector, selector: {matchLabels: {team: web}}}');
  const namespace = (labels: string) =>
    `${selector}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {${labels}}}\n`;
  assert.equal(await objections(namespace('team: web')), '');
  assert.match(await objections(namespace('team: other')), /takes no ListenerSets of namespace shop/);
  const byName = (name: string) =>
    allowing(
      `{from: Selector, selector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: [${name}]}]}}`,
    );
  assert.equal(await objections(byName('shop')), '');
  assert.match(await objections(byName('apps')), /takes no ListenerSets of namespace shop/);
});

test('a status of the ListenerSet counts before what the Gateway allows', async () => {
  const status = (accepted: string) =>
    CASE.replace(
      'spec:\n  parentRef:',
      `status: {conditions: [{type: Accepted, status: "${accepted}", reason: NotAllowed}]}\nspec:\n  parentRef:`,
    );
  assert.equal(await objections(status('True')), '');
  assert.match(
    await objections(status('False')),
    /its status says that it is not accepted; the ListenerSet's status has: Accepted is False \(NotAllowed\)/,
  );
});

const set = (name: string, listeners: string, created: string, kind = 'ListenerSet') => `---
apiVersion: ${kind === 'ListenerSet' ? 'gateway.networking.k8s.io/v1' : 'gateway.networking.x-k8s.io/v1alpha1'}
kind: ${kind}
metadata: {name: ${name}, namespace: shop, creationTimestamp: ${created}}
spec: {parentRef: {name: edge}, listeners: [${listeners}]}
`;
const GATEWAY = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  allowedListeners: {namespaces: {from: Same}}
  listeners: [{name: a, port: 80, protocol: HTTP, hostname: a.org}]
`;

test('listeners: of the Gateway first, then of the older ListenerSet, then by name; the first counts', async () => {
  const listeners = (...hosts: string[]) =>
    hosts
      .map((host, index) => `{name: l${index}, port: 80, protocol: HTTP, hostname: ${host}.org}`)
      .join(', ');
  const { gateways } = await readManifestTexts(
    GATEWAY +
      set('c', listeners('c', 'd'), '') +
      set('b', listeners('b', 'c'), '2026-01-02T00:00:00Z') +
      set('x', listeners('a', 'b', 'e'), '2026-01-01T00:00:00Z', 'XListenerSet'),
  );
  const [gateway] = gateways;
  assert.deepEqual(
    gateway?.listeners.map(({ hostname, listenerSet }) => `${listenerSet?.name ?? '-'} ${hostname}`),
    ['- a.org', 'x b.org', 'x e.org', 'b c.org', 'c d.org'],
  );
  assert.deepEqual(
    gateway?.listenerSets?.map(({ ref, conflicting }) => [ref.name, ...conflicting]),
    [
      ['x', 'l0'],
      ['b', 'l0'],
      ['c', 'l0'],
    ],
  );
});

test('an XListenerSet may leave out the port; a Gateway may not', async () => {
  const ports = async (text: string) =>
    (await readManifestTexts(text)).gateways[0]?.listeners.map(({ port }) => port);
  const bare = (protocol: string) =>
    set('x', `{name: l, protocol: ${protocol}, hostname: x.org}`, '', 'XListenerSet');
  assert.deepEqual(await ports(GATEWAY + bare('HTTP')), [80, 80]);
  assert.deepEqual(await ports(GATEWAY + bare('HTTPS')), [80, 443]);
  await assert.rejects(ports(GATEWAY + bare('TCP')), /port: is missing/);
  await assert.rejects(ports(GATEWAY.replace('port: 80, ', '')), /port: is missing/);
});

test('a ListenerSet that is not among the manifests: the URL is enough', async () => {
  const [, , route = ''] = CASE.split('---\n');
  const { judge } = await planFromFlags('http://127.0.0.1:1', { manifest: '-' }, route);
  assert.deepEqual(
    judge.expected?.map(({ weight }) => weight),
    [90, 10],
  );
  await assert.rejects(
    planFromFlags(undefined, { manifest: '-' }, route),
    (error) =>
      error instanceof UserError && /Its Gateway \(ListenerSet shop\/team\) is not among/.test(said(error)),
  );
});

test("the address is the Gateway's, the port the ListenerSet's", async () => {
  const text = allowing('{from: Same}').replace(
    'spec:',
    'status: {addresses: [{value: 203.0.113.7}]}\nspec:',
  );
  const { target } = await planFromFlags(undefined, { manifest: '-' }, text);
  assert.equal(target.url, 'http://203.0.113.7:8080/');
  assert.equal(target.host, 'team.example.com');
});

const ROUTED = (allowed: string, namespace = 'apps') => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: istio
  listeners: [{name: http, port: 80, protocol: HTTP${allowed === '' ? '' : `, allowedRoutes: ${allowed}`}}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: ${namespace}}
spec:
  parentRefs: [{name: edge, namespace: shop}]
  hostnames: [www.example.com]
  rules: [{backendRefs: [{name: web-v1, weight: 90}, {name: web-v2, weight: 10}]}]
`;

test('allowedRoutes: what the listener does not take is said first', async () => {
  assert.match(
    await objections(ROUTED('')),
    /^Gateway shop\/edge may not serve HTTPRoute apps\/web as it is written: its listeners take no routes of namespace apps \(allowedRoutes\.namespaces; without it, only their own\)\./,
  );
  assert.equal(await objections(ROUTED('', 'shop')), '');
  assert.equal(await objections(ROUTED('{namespaces: {from: All}}')), '');
  assert.match(
    await objections(ROUTED('{namespaces: {from: All}, kinds: [{kind: GRPCRoute}]}')),
    /take no HTTPRoute \(allowedRoutes\.kinds\)/,
  );
  const byLabel = ROUTED('{namespaces: {from: Selector, selector: {matchLabels: {edge: open}}}}');
  assert.match(await objections(byLabel), /and Namespace apps is not among the manifests/);
  const namespace = (labels: string) =>
    `${byLabel}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: apps, labels: {${labels}}}\n`;
  assert.equal(await objections(namespace('edge: open')), '');
  assert.match(await objections(namespace('')), /take no routes of namespace apps/);
});

test('a section, port or hostname that no listener has is said first; a status that accepts the route is believed', async () => {
  const parent = (more: string) =>
    ROUTED('', 'shop').replace('namespace: shop}]', `namespace: shop${more}}]`);
  assert.match(await objections(parent(', sectionName: web')), /it has no listener web\./);
  assert.match(await objections(parent(', port: 81')), /it has no such listener with port 81\./);
  const host = ROUTED('', 'shop').replace('protocol: HTTP', 'protocol: HTTP, hostname: a.org');
  assert.match(await objections(host), /none of its listeners has a hostname in common/);
  const status =
    'status: {parents: [{parentRef: {name: edge, namespace: shop}, conditions: [{type: Accepted, status: "True"}]}]}\nspec:\n  parentRefs';
  assert.equal(await objections(ROUTED('').replace('spec:\n  parentRefs', status)), '');
});

test('a route that the listener does not take is no rival of those that it takes', async () => {
  const rival = `${ROUTED('', 'shop')}---\n${ROUTED('').split('---\n')[1]?.replace('weight: 90', 'weight: 50').replace('creat', '')}`;
  const older = rival.replace(
    'name: web, namespace: apps',
    'name: a, namespace: apps, creationTimestamp: 2020-01-01T00:00:00Z',
  );
  const { judge } = await planFromFlags('http://127.0.0.1:1', { manifest: '-' }, older);
  assert.deepEqual(
    judge.expected?.map(({ weight }) => weight),
    [90, 10],
  );
});
