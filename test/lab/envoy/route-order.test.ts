/** Plan, embedded gateway and Envoy try the same rule first. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RouteTable } from '../../../src/lab/embedded/route-table.js';
import { buildRoutes } from '../../../src/lab/envoy/routes.js';
import { attachRoutes } from '../../../src/lab/mesh/attached-listeners.js';
import { selectRule } from '../../../src/plan/routes/select-rule.js';
import { placeForTests, readManifestTexts } from '../../support/manifests.js';

function httpRoute(name: string, match: string, { created = '', namespace = 'n' } = {}): string {
  return `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: ${name}, namespace: ${namespace}, creationTimestamp: ${created}}
spec:
  hostnames: [h]
  parentRefs: [{name: gw, namespace: n}]
  rules: [{matches: [{${match}}], backendRefs: [{name: ${name}, port: 80}]}]
`;
}

interface Sent {
  readonly headers: readonly (readonly [string, string])[];
}

/** The route whose rule takes GET /api/x, in plan, embedded gateway and Envoy. */
async function winners(...given: [Sent | string, ...string[]]): Promise<string[]> {
  const { headers } = given.find((one) => typeof one === 'object') ?? { headers: [] };
  const set = await readManifestTexts(...given.filter((one) => typeof one === 'string'));
  const [attached] = attachRoutes(set, new Set());
  const hosts = attached?.hosts ?? new Map();
  const place = attached?.place ?? placeForTests(80);
  const plan = selectRule(set, { host: 'h', path: '/api/x', method: 'GET', headers }, null);
  const embedded = new RouteTable(hosts, place).find({
    host: 'h',
    scheme: 'http',
    target: '/api/x',
    method: 'GET',
    rawHeaders: headers.flat(),
  });
  const [first] = buildRoutes(hosts.get('h') ?? [], {
    manifests: set,
    topology: { services: [] },
    defaultRetries: true,
    scheme: 'http',
    gatewayPort: 80,
    place,
    ruleClusters: new Map(),
    used: new Set(),
  });
  return [plan.route.ref.name, embedded?.route.ref.name ?? '', String(first?.['name']).split('.')[1] ?? ''];
}

const prefix = (value: string) => `path: {type: PathPrefix, value: ${value}}`;

test('a route without creationTimestamp is the newest: it will be created when it is applied', async () => {
  const undated = httpRoute('a-undated', prefix('/'));
  const dated = httpRoute('dated', prefix('/'), { created: '"2026-01-01T00:00:00Z"' });
  assert.deepEqual(await winners(undated, dated), ['dated', 'dated', 'dated']);
});

test('the slash at the end of a prefix does not count', async () => {
  const slash = httpRoute('a-slash', prefix('/api/'));
  const method = httpRoute('method', `${prefix('/api')}, method: GET`);
  assert.deepEqual(await winners(slash, method), ['method', 'method', 'method']);
});

test('of equal routes the first namespace comes first, then the first name', async () => {
  const first = httpRoute('z', prefix('/'), { namespace: 'shop' });
  const second = httpRoute('a', prefix('/'), { namespace: 'shop-b' });
  assert.deepEqual(await winners(second, first), ['z', 'z', 'z']);
});

const gateway = (className: string) => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: n}
spec: {gatewayClassName: ${className}, listeners: [{name: http, port: 80, protocol: HTTP}]}
`;

test('the class of the Gateway says whether a prefix or a regular expression comes first', async () => {
  const routes = [
    httpRoute('prefix', prefix('/api')),
    httpRoute('regex', 'path: {type: RegularExpression, value: "/api/[a-z]+"}'),
  ];
  const expected = {
    istio: 'prefix',
    eg: 'regex',
    kgateway: 'regex',
    nginx: 'regex',
    contour: 'regex',
    traefik: 'regex',
    varnish: 'prefix',
  };
  for (const [className, winner] of Object.entries(expected)) {
    assert.deepEqual(await winners(gateway(className), ...routes), [winner, winner, winner], className);
  }
});

test('Envoy Gateway counts a method as one more header', async () => {
  const headers = 'headers: [{name: a, value: b}, {name: c, value: d}]';
  const method = httpRoute('method', `${prefix('/api')}, method: GET`);
  const both = httpRoute('headers', `${prefix('/api')}, ${headers}`);
  const sent = [
    ['a', 'b'],
    ['c', 'd'],
  ] as const;
  assert.deepEqual(await winners({ headers: sent }, gateway('eg'), method, both), Array(3).fill('headers'));
  assert.deepEqual(await winners({ headers: sent }, gateway('istio'), method, both), Array(3).fill('method'));
});
