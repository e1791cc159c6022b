import assert from 'node:assert/strict';
import test from 'node:test';
import { Cluster } from '../../../src/lab/embedded/cluster.js';
import type { EjectionEvent } from '../../../src/lab/embedded/outlier-model.js';
import type { LabPod } from '../../../src/lab/mesh/topology.js';
import { effectivePolicy } from '../../../src/plan/policy/effective-policy.js';
import { app, destinationRule, readYaml } from '../manifests.js';

test('an ejection within a second of another takes effect a second later: until then the pod serves on', async (t) => {
  const rule =
    '{loadBalancer: {simple: ROUND_ROBIN}, outlierDetection: {interval: 5s, baseEjectionTime: 5s, maxEjectionPercent: 100}}';
  const set = await readYaml(app('backend-v2', 'v2', 2) + destinationRule('backend-v2', rule));
  const service = {
    name: 'backend-v2',
    namespace: 'istio-test',
    host: 'backend-v2.istio-test.svc.cluster.local',
  };
  const pods = ['v2-0', 'v2-1'].map(
    (name): LabPod => ({
      name,
      namespace: 'istio-test',
      labels: {},
      address: '127.0.0.1',
      port: 1,
      text: '',
    }),
  );
  let nowMs = 0;
  const events: EjectionEvent[] = [];
  const cluster = new Cluster({
    name: 'backend-v2',
    pods,
    policy: effectivePolicy({ ...set, client: { namespace: 'istio-test', labels: {} } }, service, 80, null),
    now: () => nowMs,
    random: () => 0,
    onEjection: (event) => events.push(event),
  });
  t.after(() => cluster.close());
  const nobody = new Set<string>();
  const picked = (): string[] => {
    const names = Array.from({ length: 4 }, () => cluster.pick(nobody, null)?.name ?? 'none');
    return [...new Set(names)].sort();
  };
  const fail = (name: string) => {
    for (let i = 0; i < 5; i++) cluster.record(pods.find((pod) => pod.name === name) as LabPod, 500);
  };
  nowMs = 100;
  fail('v2-0');
  nowMs = 300;
  fail('v2-1');
  assert.deepEqual(cluster.ejected(), ['v2-0', 'v2-1'], 'by its own word');
  assert.deepEqual(picked(), ['v2-1']);
  nowMs = 1299;
  assert.deepEqual(picked(), ['v2-1']);
  nowMs = 1300;
  assert.deepEqual(picked(), ['none']);
  // Both are put back at the sweep of 10 s: the second a second later.
  nowMs = 10_000;
  assert.deepEqual(picked(), ['v2-0']);
  nowMs = 11_000;
  assert.deepEqual(picked(), ['v2-0', 'v2-1']);
  assert.deepEqual(
    events.map(({ action, atMs, host }) => [action, atMs, host]),
    [
      ['ejected', 100, 'v2-0'],
      ['ejected', 300, 'v2-1'],
      ['returned', 10_000, 'v2-0'],
      ['returned', 10_000, 'v2-1'],
    ],
  );
});
