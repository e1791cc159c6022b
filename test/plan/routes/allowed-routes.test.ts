/** Which routes a listener takes by its allowedRoutes, and hosts that are IP addresses. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routesAt } from '../../../src/plan/routes/attachment.js';
import { caseText } from '../../support/cases.js';
import { readManifestTexts } from '../../support/manifests.js';

/** Names of the routes that attach to a listener in namespace infra. */
async function attached(allowed: string): Promise<readonly string[]> {
  const route = (kind: string, namespace: string) => `apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: {name: web, namespace: ${namespace}}
spec: {parentRefs: [{name: gw, namespace: infra}], rules: [{backendRefs: [{name: a, port: 80}]}]}
`;
  const set = await readManifestTexts(
    `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: infra}
spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP${allowed}}]}
`,
    route('HTTPRoute', 'infra'),
    route('HTTPRoute', 'shop'),
    route('GRPCRoute', 'infra'),
  );
  const [gateway] = set.gateways;
  const [listener] = gateway?.listeners ?? [];
  assert.ok(gateway !== undefined && listener !== undefined);
  return [...routesAt(set, gateway, listener).values()]
    .flat()
    .map(({ ref }) => `${ref.kind} ${ref.namespace}`);
}

test('allowedRoutes: the own namespace by default, all or none besides; kinds', async () => {
  const own = ['HTTPRoute infra', 'GRPCRoute infra'];
  const all = ['HTTPRoute infra', 'HTTPRoute shop', 'GRPCRoute infra'];
  assert.deepEqual(await attached(''), own);
  assert.deepEqual(await attached(', allowedRoutes: {namespaces: {from: Same}}'), own);
  assert.deepEqual(await attached(', allowedRoutes: {namespaces: {from: All}}'), all);
  assert.deepEqual(await attached(', allowedRoutes: {namespaces: {from: Selector, selector: {}}}'), all);
  assert.deepEqual(await attached(', allowedRoutes: {kinds: [{kind: GRPCRoute}]}'), ['GRPCRoute infra']);
  await assert.rejects(attached(', allowedRoutes: {namespaces: {from: 1}}'), /from: 1 is not text/);
});

test('an IPv6 address among the hosts of a VirtualService or a Gateway does not end the file', async () => {
  const text = caseText('gw-wildcard-prefix')
    .replace('hosts: ["*example.com"]', 'hosts: ["*example.com", "2001:DB8::1"]')
    .replace('hosts: [www.example.com]', 'hosts: [www.example.com, "2001:db8::1"]');
  const { gateways, routes } = await readManifestTexts(text);
  assert.deepEqual(
    gateways[0]?.listeners.map(({ hostname }) => hostname),
    ['*example.com', '2001:db8::1'],
  );
  assert.deepEqual(routes[0]?.hostnames, ['www.example.com', '2001:db8::1']);
});
