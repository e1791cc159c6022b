/** Rules that Envoy Gateway has in one cluster. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildBootstrap } from '../../../src/lab/envoy/bootstrap.js';
import type { Json } from '../../../src/lab/envoy/json.js';
import { planTopology } from '../../../src/lab/mesh/plan-topology.js';
import { caseText } from '../../support/cases.js';
import { readManifestTexts } from '../../support/manifests.js';

const EG = caseText('eg-backend-traffic-policy');

async function built(text: string) {
  const manifests = await readManifestTexts(text);
  const services = planTopology(manifests).services.map((service) => ({
    ...service,
    pods: service.pods.map((pod) => ({ ...pod, address: '127.0.0.1', port: 8080 })),
  }));
  const topology = { services };
  const { bootstrap, notes } = buildBootstrap({
    manifests,
    topology,
    certificate: null,
    defaultRetries: false,
  });
  const { clusters } = bootstrap['static_resources'] as { clusters: Json[] };
  const own = clusters.find(({ name }) => name === 'httproute/shop/web/rule/0');
  return { own, routes: JSON.stringify(bootstrap), notes: notes.join('\n') };
}

test('a rule with a BackendTrafficPolicy: localities with the weights, the limits and the outlier detection', async () => {
  const { own, routes, notes } = await built(EG);
  assert.ok(own !== undefined);
  const { endpoints } = own['load_assignment'] as {
    endpoints: { load_balancing_weight: number; lb_endpoints: unknown[] }[];
  };
  assert.deepEqual(
    endpoints.map((one) => [one.load_balancing_weight, one.lb_endpoints.length]),
    [
      [90, 3],
      [10, 2],
    ],
  );
  assert.deepEqual(own['circuit_breakers'], {
    thresholds: [{ max_connections: 1024, max_pending_requests: 1024, max_requests: 200, max_retries: 1024 }],
  });
  assert.deepEqual(own['outlier_detection'], {
    consecutive_5xx: 3,
    interval: '1s',
    base_ejection_time: '4s',
    max_ejection_percent: 40,
    always_eject_one_host: false,
    consecutive_gateway_failure: 2,
    enforcing_consecutive_gateway_failure: 100,
  });
  assert.match(routes, /"cluster":"httproute\/shop\/web\/rule\/0"/);
  assert.doesNotMatch(routes, /weighted_clusters/);
  assert.match(notes, /BackendTrafficPolicy shop\/web .* is applied to HTTPRoute shop\/web/);
});

test('each version has its own cluster behind another gateway, with a filter, and where a backend is missing', async () => {
  for (const text of [
    EG.replace('gatewayClassName: eg', 'gatewayClassName: istio'),
    EG.replace('name: web-v2, port: 80', 'name: web-v3, port: 80'),
    EG.replace(
      'weight: 90 }',
      'weight: 90, filters: [{ type: RequestHeaderModifier, requestHeaderModifier: { remove: [a] } }] }',
    ),
    EG.replaceAll('kind: BackendTrafficPolicy', 'kind: SecurityPolicy'),
  ]) {
    const { own, routes } = await built(text);
    assert.equal(own, undefined);
    assert.match(routes, /weighted_clusters/);
  }
});

test('one line on a policy that is applied to some rules; rules without backends are none of them', async () => {
  const filters = 'filters: [{ type: RequestHeaderModifier, requestHeaderModifier: { remove: [a] } }]';
  const { notes } = await built(
    EG.replace(
      '    - name: split',
      `    - name: old
      filters: [{ type: RequestRedirect, requestRedirect: { scheme: https } }]
    - name: canary
      backendRefs: [{ name: web-v1, port: 80, ${filters} }]
    - name: split`,
    ),
  );
  const lines = notes.split('\n').filter((line) => line.startsWith('BackendTrafficPolicy shop/web '));
  assert.equal(lines.length, 1);
  assert.match(
    lines[0] ?? '',
    /applied to HTTPRoute shop\/web except HTTPRoute shop\/web, rule 2 \(canary\): /,
  );
});

test('a delegate that is not given: the lab says what it answers in its place', async () => {
  const { notes, routes } = await built(`apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec: {hosts: [a.example], gateways: [edge], http: [{delegate: {name: api, namespace: api}}]}
`);
  const answer = 'the lab answers 501 in place of the delegate api/api, which is not among the manifests';
  assert.ok(notes.split('\n').includes(`VirtualService shop/web, rule 1: ${answer}`));
  assert.ok(routes.includes(answer));
});

test('a backend that is no Service is named as such', async () => {
  const { notes } = await built(
    EG.replace('name: web-v2, port: 80', 'name: web-v2, group: x.example, kind: Store'),
  );
  assert.match(
    notes,
    /^the lab has no backend that is not a Service: its share is answered with an empty 500/m,
  );
});

test('a retry budget of the policy is a fraction', async () => {
  const budget = 'circuitBreaker: { retryBudget: { percent: { numerator: 1, denominator: 8 } }, ';
  const { own } = await built(EG.replace('circuitBreaker: { ', budget));
  assert.ok(own !== undefined);
  const { thresholds } = own['circuit_breakers'] as { thresholds: Json[] };
  assert.deepEqual(thresholds[0]?.['retry_budget'], {
    budget_percent: { value: 12.5 },
    min_retry_concurrency: 3,
  });
});
