import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planWithFacts } from '../../../src/plan/plan-facts.js';
import { readManifestTexts, routeAtClass } from '../../support/manifests.js';

const RULES = '[{backendRefs: [{name: v1, port: 80, weight: 9}, {name: v2, port: 80, weight: 1}]}]';

async function limitsAt(className: string, ...more: string[]) {
  const manifests = await readManifestTexts(routeAtClass(className, RULES), ...more);
  return (await planWithFacts({ manifests })).facts.limits;
}

const destinationRule = (host: string, policy: string) => `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: dr, namespace: n}
spec: {host: ${host}, trafficPolicy: {${policy}}}`;

test('Istio: of the DestinationRule for each version; what it does not set, and without one, has no limit', async () => {
  const pool = 'connectionPool: {tcp: {maxConnections: 7}, http: {http2MaxRequests: 5}}';
  const limits = await limitsAt('istio', destinationRule('v2', pool));
  const none = { maxConnections: null, maxPendingRequests: null, maxRequests: null };
  assert.deepEqual(limits, [
    { version: 'v1', source: null, ...none },
    {
      version: 'v2',
      source: 'DestinationRule n/dr (standard input, line 14)',
      maxConnections: 7,
      maxPendingRequests: null,
      maxRequests: 5,
    },
  ]);
});

test('Istio: the settings of the port replace those of the Service', async () => {
  const pool = (n: number) => `connectionPool: {tcp: {maxConnections: ${n}}}`;
  const ports = `${pool(7)}, portLevelSettings: [{port: {number: 80}, ${pool(8)}}]`;
  const limits = await limitsAt('istio', destinationRule('v1', ports));
  assert.equal(limits?.[0]?.maxConnections, 8);
});

test('Envoy Gateway: all versions of a rule have one limit, 1,024 without a policy', async () => {
  const [byDefault, ...others] = (await limitsAt('eg')) ?? [];
  assert.equal(others.length, 0);
  assert.deepEqual(byDefault, {
    version: null,
    source: null,
    maxConnections: 1024,
    maxPendingRequests: 1024,
    maxRequests: 1024,
  });
  const policy = `apiVersion: gateway.envoyproxy.io/v1alpha1
kind: BackendTrafficPolicy
metadata: {name: p, namespace: n}
spec: {targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: r}], circuitBreaker: {maxConnections: 10}}`;
  const [given] = (await limitsAt('eg', policy)) ?? [];
  assert.deepEqual([given?.maxConnections, given?.maxRequests], [10, 1024]);
  assert.match(given?.source ?? '', /^BackendTrafficPolicy n\/p /);
});

test('a gateway whose limits were not read, or that is not known: none are claimed', async () => {
  assert.equal(await limitsAt('traefik'), null);
  assert.equal(await limitsAt('kgateway'), null);
  assert.equal(await limitsAt('no-such-class'), null);
});
