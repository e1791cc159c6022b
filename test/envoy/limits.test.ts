/** Searches for the limits of a real Envoy: what the client counted is what Envoy counted. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { LimitsResult } from '../../src/analysis/limits/result.js';
import { findLimits } from '../../src/find-limits.js';
import type { LimitsOptions } from '../../src/limits-options.js';
import { planWithLimits } from '../../src/plan/plan-with-limits.js';
import { envoyForTests } from '../support/envoy.js';
import { sample, startEnvoyLab } from '../support/envoy-lab.js';
import { readManifestTexts } from '../support/manifests.js';

/** Each version takes 4 requests at once and lets 2 wait; with HTTP/2 it takes 5. */
const RULES = ['v1', 'v2']
  .map(
    (version) => `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: ${version}, namespace: istio-test}
spec:
  host: backend-${version}.istio-test.svc.cluster.local
  trafficPolicy:
    connectionPool:
      tcp: {maxConnections: 4}
      http: {http1MaxPendingRequests: 2, http2MaxRequests: 5}`,
  )
  .join('\n---\n');

function manifestsOf(protocol: 'http1' | 'h2'): string[] {
  // One worker thread and one pod: Envoy lets each thread open a connection to each pod beyond the limit.
  const pods = sample('deployments').replaceAll(/replicas: \d/g, 'replicas: 1');
  const ports =
    protocol === 'h2'
      ? pods.replaceAll(
          '- name: http\n      port: 80',
          '- name: http\n      appProtocol: kubernetes.io/h2c\n      port: 80',
        )
      : pods;
  return [ports, sample('gateway'), sample('httproute-50-50'), RULES];
}

async function searched(
  t: TestContext,
  protocol: 'http1' | 'h2',
  options: LimitsOptions,
): Promise<LimitsResult> {
  const texts = manifestsOf(protocol);
  const lab = await startEnvoyLab(t, texts, { envoy: { path: null, workers: 1 }, faults: ['*:slow=50ms'] });
  const { plan, facts } = await planWithLimits({
    url: lab.urls.http ?? assert.fail(),
    host: 'test.devopscube.com',
    manifests: await readManifestTexts(...texts),
    load: { timeoutMs: 20_000 },
  });
  return findLimits(plan, { facts, admins: [lab.adminUrl ?? assert.fail()], ...options });
}

function assertAccounted({ requests }: LimitsResult): void {
  const { scheduled, accepted, refused, failed, cutOff } = requests;
  assert.equal(accepted + refused + failed + cutOff, scheduled);
  assert.deepEqual([failed, cutOff], [0, 0]);
}

const LONG = { timeout: 120_000 };

test(
  'over HTTP/1.1: connections and the queue of both versions are full, and each refusal is counted by both',
  LONG,
  async (t) => {
    if (envoyForTests(t) === undefined) return;
    const result = await searched(t, 'http1', { steps: [2, 20, 26, 20, 26] });
    const { limits, predicted, gateway, requests } = result;
    assertAccounted(result);
    assert.equal(Math.round(predicted?.knee ?? 0), 12);
    assert.deepEqual(limits.bindingLimit?.limits, ['maxConnections', 'maxPendingRequests']);
    const knee = limits.kneeConnections ?? assert.fail('no knee was found');
    assert.ok(knee > 9 && knee < 15, `knee at ${knee}`);
    assert.equal(limits.firstRefusalConnections, 20);
    assert.ok(limits.recoveryMs !== null);
    assert.ok((requests.byKind.overflow ?? 0) > 0);
    assert.deepEqual(gateway?.overflows, {
      client: requests.byKind.overflow,
      gateway: requests.byKind.overflow,
    });
    assert.ok(gateway?.clusters.every(({ activeOverflow }) => activeOverflow === 0));
    assert.deepEqual(
      gateway?.clusters.map(({ version }) => version),
      ['backend-v1', 'backend-v2'],
    );
  },
);

test(
  'over HTTP/2 to the backends: the limit on requests refuses, whatever the client speaks',
  LONG,
  async (t) => {
    if (envoyForTests(t) === undefined) return;
    const result = await searched(t, 'h2', { steps: [2, 20, 26, 20, 26] });
    const { limits, predicted, gateway, requests } = result;
    assertAccounted(result);
    assert.equal(Math.round(predicted?.knee ?? 0), 10);
    assert.deepEqual(limits.bindingLimit?.limits, ['maxRequests']);
    const knee = limits.kneeConnections ?? assert.fail('no knee was found');
    assert.ok(knee > 7 && knee < 13, `knee at ${knee}`);
    assert.deepEqual(gateway?.overflows, {
      client: requests.byKind.overflow,
      gateway: requests.byKind.overflow,
    });
    assert.ok(
      gateway?.clusters.every(
        ({ pendingOverflow, activeOverflow }) => pendingOverflow === 0 && (activeOverflow ?? 0) > 0,
      ),
    );
  },
);
