/** Plan, embedded gateway and Envoy try the same rule first. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RouteTable } from '../../../src/lab/embedded/route-table.js';
import { buildRoutes } from '../../../src/lab/envoy/routes.js';
import { selectRule } from '../../../src/plan/routes/select-rule.js';
import { readManifestTexts } from '../../support/manifests.js';

function httpRoute(name: string, match: string, { created = '', namespace = 'n' } = {}): string {
  return `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: ${name}, namespace: ${namespace}, creationTimestamp: ${created}}
spec: {hostnames: [h], rules: [{matches: [{${match}}], backendRefs: [{name: ${name}, port: 80}]}]}
`;
}

/** The route whose rule takes GET /api/x, in plan, embedded gateway and Envoy. */
async function winners(...texts: string[]): Promise<string[]> {
  const set = await readManifestTexts(...texts);
  const plan = selectRule(set, { host: 'h', path: '/api/x', method: 'GET', headers: [] }, null);
  const embedded = new RouteTable(new Map([['h', set.routes]])).find({
    host: 'h',
    target: '/api/x',
    method: 'GET',
    rawHeaders: [],
  });
  const [first] = buildRoutes(set.routes, {
    manifests: set,
    topology: { services: [] },
    defaultRetries: true,
    gatewayPort: 80,
    notes: new Set(),
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
