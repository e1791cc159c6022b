import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { readManifests } from '../../../src/plan/manifests/index.js';
import type { ManifestSet } from '../../../src/plan/manifests/model.js';

const samples = (...names: string[]): Promise<ManifestSet> =>
  readManifests(
    names.map((name) => join('samples', name)),
    () => Promise.reject(new Error('standard input was read')),
  );

const POLICY = {
  loadBalancer: { simple: 'ROUND_ROBIN' },
  connectionPool: {
    tcp: { maxConnections: 100 },
    http: { http1MaxPendingRequests: 50, http2MaxRequests: 100, maxRequestsPerConnection: 2 },
  },
  outlierDetection: {
    consecutive5xxErrors: 5,
    interval: '30s',
    baseEjectionTime: '30s',
    maxEjectionPercent: 50,
  },
};

/** The weights of the only rule of the only route. */
function weights(set: ManifestSet): string[] {
  assert.equal(set.routes.length, 1);
  assert.equal(set.routes[0]?.rules.length, 1);
  return set.routes[0]?.rules[0]?.backends.map(({ name, port, weight }) => `${name}:${port}=${weight}`) ?? [];
}

test('httproute-50-50.yaml and httproute-90-10.yaml', async () => {
  for (const [file, v1, v2] of [
    ['httproute-50-50.yaml', 50, 50],
    ['httproute-90-10.yaml', 90, 10],
  ] as const) {
    const set = await samples(file);
    assert.deepEqual(weights(set), [`backend-v1:80=${v1}`, `backend-v2:80=${v2}`]);
    assert.deepEqual(set.routes[0]?.hostnames, ['test.devopscube.com']);
    assert.equal(set.routes[0]?.ref.name, 'backend-route');
    assert.deepEqual(set.skipped, []);
  }
});

test('gateway.yaml and gateway-tls.yaml', async () => {
  const [plain] = (await samples('gateway.yaml')).gateways;
  assert.deepEqual(
    plain?.listeners.map(({ name, port, protocol, hostname }) => [name, port, protocol, hostname]),
    [['http', 80, 'HTTP', null]],
  );
  const [tls] = (await samples('gateway-tls.yaml')).gateways;
  assert.deepEqual(
    tls?.listeners.map(({ port, protocol, hostname }) => [port, protocol, hostname]),
    [
      [80, 'HTTP', 'test.devopscube.com'],
      [443, 'HTTPS', 'test.devopscube.com'],
    ],
  );
  assert.deepEqual(tls?.listeners[1]?.certificates, ['test-devopscube-com-tls']);
});

test('destinationrules.yaml', async () => {
  const { destinationRules, skipped } = await samples('destinationrules.yaml');
  assert.deepEqual(
    destinationRules.map(({ ref, host }) => [ref.name, host]),
    [
      ['backend-destination-rule', 'backend-v1.istio-test.svc.cluster.local'],
      ['backend-v2-destination-rule', 'backend-v2.istio-test.svc.cluster.local'],
    ],
  );
  for (const { trafficPolicy } of destinationRules) assert.deepEqual(trafficPolicy?.plainMap(), POLICY);
  assert.deepEqual(skipped, []);
});

test('virtualservice.yaml', async () => {
  const set = await samples('virtualservice.yaml');
  assert.deepEqual(weights(set), ['backend-v1:80=90', 'backend-v2:80=10']);
  assert.equal(set.gateways[0]?.family.group, 'networking.istio.io');
  assert.deepEqual(set.destinationRules[0]?.trafficPolicy?.plainMap(), POLICY);
  assert.deepEqual(
    set.destinationRules[0]?.subsets.map(({ name, labels }) => [name, labels]),
    [
      ['v1', { version: 'v1' }],
      ['v2', { version: 'v2' }],
    ],
  );
});

test('destinationrules-small.yaml', async () => {
  const { destinationRules } = await samples('destinationrules-small.yaml');
  assert.equal(destinationRules.length, 2);
  for (const { trafficPolicy } of destinationRules) {
    assert.deepEqual(trafficPolicy?.plainMap(), {
      connectionPool: {
        tcp: { maxConnections: 1 },
        http: { http1MaxPendingRequests: 1, maxRequestsPerConnection: 1 },
      },
    });
  }
});

test('deployments.yaml', async () => {
  const { deployments, services } = await samples('deployments.yaml');
  assert.deepEqual(
    deployments.map(({ ref, replicas, args, podLabels }) => [ref.name, replicas, args, podLabels]),
    [
      ['backend-v1', 3, ['-text=hello from backend v1'], { app: 'backend', version: 'v1' }],
      ['backend-v2', 2, ['-text=hello from backend v2'], { app: 'backend', version: 'v2' }],
    ],
  );
  assert.deepEqual(
    services.map(({ ref, selector }) => [ref.name, selector]),
    [
      ['backend-v1', { app: 'backend', version: 'v1' }],
      ['backend-v2', { app: 'backend', version: 'v2' }],
      ['backend', { app: 'backend' }],
    ],
  );
  for (const { ports } of services) {
    assert.deepEqual(ports, [{ name: 'http', port: 80, targetPort: 5678, appProtocol: null }]);
  }
});

test('kubectl-get.yaml', async () => {
  const set = await samples('kubectl-get.yaml');
  assert.deepEqual(set.gateways[0]?.statusAddresses, ['203.0.113.7']);
  assert.deepEqual(weights(set), ['backend-v1:80=90', 'backend-v2:80=10']);
  assert.equal(set.routes[0]?.ref.createdAt, '2026-03-02T09:15:40Z');
  assert.equal(set.destinationRules.length, 2);
  for (const { trafficPolicy } of set.destinationRules) assert.deepEqual(trafficPolicy?.plainMap(), POLICY);
  assert.deepEqual(set.skipped, []);
});

test('the whole folder is read at once; of what is there twice the later file counts', async () => {
  const set = await samples('');
  assert.deepEqual(set.routes.map(({ ref }) => `${ref.kind} ${ref.name}`).sort(), [
    'HTTPRoute backend-route',
    'VirtualService backend',
  ]);
  const usual = set.destinationRules.find(({ ref }) => ref.name === 'backend-destination-rule');
  assert.deepEqual(usual?.trafficPolicy?.plainMap(), POLICY);
  const tested = 9;
  assert.equal((await readdir('samples')).filter((name) => name.endsWith('.yaml')).length, tested);
});

test("the fixtures of Istio's output: every resource is read", async () => {
  const file = join('test', 'fixtures', 'istio', 'variants.yaml');
  const text = await readFile(file, 'utf8');
  const written = (kind: string) => text.match(new RegExp(`^kind: ${kind}$`, 'gm'))?.length;
  const set = await readManifests([file], async () => '');
  for (const kind of ['HTTPRoute', 'GRPCRoute', 'VirtualService']) {
    assert.equal(set.routes.filter((route) => route.ref.kind === kind).length, written(kind), kind);
  }
  assert.equal(set.gateways.length, written('Gateway'));
  assert.equal(set.destinationRules.length, written('DestinationRule'));
  assert.equal(set.services.length, written('Service'));
  assert.equal(set.skipped.length, written('WorkloadEntry'));
  for (const line of set.skipped) assert.match(line, /WorkloadEntry \S+ skipped: this kind is not read/);
});
