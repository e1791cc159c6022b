import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Route } from '../../../src/plan/manifests/model.js';
import { gatewayPodsOf } from '../../../src/plan/routes/gateway-pods.js';
import { readManifestTexts } from '../../support/manifests.js';

async function podsOf(...texts: readonly string[]) {
  const set = await readManifestTexts(...texts);
  return gatewayPodsOf(set, set.routes[0] as Route);
}

const httpRoute = (parents: string) => `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: shop}
spec: {parentRefs: [${parents}], rules: [{backendRefs: [{name: a}]}]}
`;
const virtualService = (gateways: string) => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: v, namespace: shop}
spec: {hosts: [h], gateways: [${gateways}], http: [{route: [{destination: {host: a}}]}]}
`;
const istioGateway = (namespace: string) => `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: g, namespace: ${namespace}}
spec: {selector: {istio: edge}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*']}]}
`;

test('pods made for a Gateway run in its namespace, also if the Gateway is not among the manifests', async () => {
  const labels = { 'gateway.networking.k8s.io/gateway-name': 'g' };
  const known = { labels, placeKnown: true, labelsKnown: false };
  assert.deepEqual(await podsOf(httpRoute('{name: g}')), [{ namespace: 'shop', ...known }]);
  assert.deepEqual(await podsOf(httpRoute('{name: g, namespace: edge}, {name: g, namespace: other}')), [
    { namespace: 'edge', ...known },
    { namespace: 'other', ...known },
  ]);
});

test('a Gateway whose address is a Service of the cluster has its pods in the namespace of that Service', async () => {
  const gateway = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: g, namespace: shop}
spec:
  gatewayClassName: istio
  addresses: [{type: Hostname, value: ingress.gateways.svc.cluster.local}]
  listeners: [{name: http, port: 80, protocol: HTTP}]
`;
  const [pods] = await podsOf(gateway, httpRoute('{name: g}'));
  assert.equal(pods.namespace, 'gateways');
});

test('pods that a Gateway selects: where their Deployment is, else their Service, else where they usually are', async () => {
  const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: gw, namespace: pods}
spec: {template: {metadata: {labels: {istio: edge, zone: a}}}}
`;
  const service = `apiVersion: v1
kind: Service
metadata: {name: gw, namespace: front}
spec: {selector: {istio: edge}, ports: [{port: 80}]}
`;
  const route = virtualService('g');
  assert.deepEqual(await podsOf(istioGateway('shop'), route, deployment, service), [
    { namespace: 'pods', labels: { istio: 'edge', zone: 'a' }, placeKnown: true, labelsKnown: true },
  ]);
  const unknown = { labels: { istio: 'edge' }, labelsKnown: false };
  assert.deepEqual(await podsOf(istioGateway('shop'), route, service), [
    { namespace: 'front', placeKnown: true, ...unknown },
  ]);
  assert.deepEqual(await podsOf(istioGateway('shop'), route), [
    { namespace: 'istio-system', placeKnown: false, ...unknown },
  ]);
  assert.deepEqual(await podsOf(istioGateway('istio-ingress'), virtualService('istio-ingress/g')), [
    { namespace: 'istio-ingress', placeKnown: false, ...unknown },
  ]);
});

test('without a gateway nothing is known of its pods', async () => {
  const nothing = [{ namespace: 'istio-system', labels: {}, placeKnown: false, labelsKnown: false }];
  assert.deepEqual(await podsOf(virtualService('')), nothing);
  assert.deepEqual(await podsOf(virtualService('mesh')), nothing);
  assert.deepEqual(await podsOf(virtualService('shop/elsewhere')), nothing);
});
