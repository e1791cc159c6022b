import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Route } from '../../../src/plan/manifests/model.js';
import { clientDoubts } from '../../../src/plan/policy/client-doubts.js';
import { servicesOf } from '../../../src/plan/policy/kept-policies.js';
import { gatewayPodsOf } from '../../../src/plan/routes/gateway-pods.js';
import { readManifestTexts } from '../../support/manifests.js';

async function doubts(...texts: readonly string[]): Promise<string> {
  const set = await readManifestTexts(...texts);
  const [route] = set.routes as [Route];
  const services = route.rules.flatMap(servicesOf);
  return clientDoubts(set, services, gatewayPodsOf(set, route)).join('\n');
}

/** A route whose gateway selects its pods. */
const SELECTING = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: g, namespace: shop}
spec: {selector: {istio: edge}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*']}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: v, namespace: shop}
spec: {hosts: [h], gateways: [g], http: [{route: [{destination: {host: web}}]}]}
`;
const attached = (parents: string) => `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: shop}
spec: {parentRefs: [${parents}], rules: [{backendRefs: [{name: web}]}]}
`;
const rule = (namespace: string, rest = '') => `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web, namespace: ${namespace}}
spec: {host: web.shop.svc.cluster.local, trafficPolicy: {loadBalancer: {simple: RANDOM}}${rest}}
`;
const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: gw, namespace: front}
spec: {template: {metadata: {labels: {istio: edge}}}}
`;

test('nothing is said where the answer is the same everywhere', async () => {
  assert.equal(await doubts(SELECTING), '');
  assert.equal(await doubts(SELECTING, rule('shop')), '');
  assert.equal(await doubts(SELECTING, rule('istio-system')), '');
  assert.equal(await doubts(attached('{name: g, namespace: front}'), rule('shop', ', exportTo: [.]')), '');
  assert.equal(await doubts(SELECTING, DEPLOYMENT, rule('shop', ', exportTo: [.]')), '');
});

test('where the pods run is said to be assumed when it decides', async () => {
  assert.match(
    await doubts(SELECTING, rule('shop', ', exportTo: [.]')),
    /^Which DestinationRules apply depends on the gateway's pods, .* taken to run in istio-system: DestinationRule shop\/web would apply to web\.shop\.svc\.cluster\.local if they run in shop\. Their Deployment/,
  );
  assert.match(
    await doubts(SELECTING, rule('team-a')),
    /team-a\/web would apply to .* if they run in team-a\./,
  );
  assert.match(
    await doubts(SELECTING, rule('istio-system', ', exportTo: [.]')),
    /istio-system\/web would not apply to .* if they run elsewhere\./,
  );
});

test('labels that are not known are said to be assumed when they decide', async () => {
  const selecting = (labels: string) => rule('shop', `, workloadSelector: {matchLabels: {${labels}}}`);
  assert.match(
    await doubts(attached('{name: g}'), selecting('app: x')),
    /shop\/web would apply to .* if they run in shop and have the labels app: x\./,
  );
  const name = 'gateway.networking.k8s.io/gateway-name';
  assert.equal(await doubts(attached('{name: g}'), selecting(`${name}: other`)), '', 'a label that is known');
  assert.equal(await doubts(attached('{name: g}'), selecting(`${name}: g`)), '', 'it selects them');
  assert.equal(await doubts(attached('{name: g, namespace: front}'), selecting('app: x')), '', 'elsewhere');
});

test('gateways in several namespaces', async () => {
  const parents = attached('{name: g, namespace: front}, {name: g, namespace: shop}');
  assert.equal(await doubts(parents, rule('shop')), '');
  assert.match(
    await doubts(parents, rule('shop', ', exportTo: [.]')),
    /taken to run in front: DestinationRule shop\/web would apply to .* if they run in shop\./,
  );
});
