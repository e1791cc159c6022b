/** Retry budgets of DestinationRules and XBackendTrafficPolicies. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UserError } from '../../../src/errors.js';
import { buildClusters } from '../../../src/lab/envoy/clusters.js';
import { withIstio } from '../../../src/plan/gateways/find-istio.js';
import { effectivePolicy } from '../../../src/plan/policy/effective-policy.js';
import { caseText } from '../../support/cases.js';
import { topologyOf } from '../../support/crd-manifests.js';
import { planFromFlags } from '../../support/flags.js';
import { readManifestTexts } from '../../support/manifests.js';

const CASE = caseText('xbackend-retry-budget');

async function budgetOf(text: string, name: string, subset: string | null = null) {
  const set = await readManifestTexts(text);
  const client = { namespace: 'shop', labels: {} };
  const service = { namespace: 'shop', host: `${name}.shop.svc.cluster.local` };
  return effectivePolicy({ ...set, client }, service, 80, subset).retryBudget;
}

test('a DestinationRule comes before an XBackendTrafficPolicy, which fills what is unset', async () => {
  const own = { percent: 25, minConcurrency: 10, intervalMs: 10_000 };
  assert.deepEqual(await budgetOf(CASE, 'web-v1'), own);
  assert.deepEqual(await budgetOf(CASE, 'web-v2'), { percent: 5, minConcurrency: 2, intervalMs: null });
  const without = CASE.replace('    retryBudget: { percent: 5, minRetryConcurrency: 2 }\n', '');
  assert.deepEqual(await budgetOf(without, 'web-v2'), own);
  assert.equal(await budgetOf(CASE, 'web-v3'), null);
});

test('settings of a port replace the rest of a policy, and not its retry budget', async () => {
  const forPort = CASE.replace(
    '    outlierDetection:',
    '    portLevelSettings: [{ port: { number: 80 }, connectionPool: {} }]\n    outlierDetection:',
  );
  assert.equal((await budgetOf(forPort, 'web-v2'))?.percent, 5);
});

test('run names the budget, when it counts and what hides it', async () => {
  const { policies, ejection, notes } = await planFromFlags('http://127.0.0.1:1', { manifest: '-' }, CASE);
  assert.deepEqual(
    policies.map(({ source, host, scope }) => [source.split(' (')[0], host, scope]),
    [
      ['XBackendTrafficPolicy shop/web', 'web-v1.shop.svc.cluster.local', 'version'],
      ['DestinationRule shop/web-v2', 'web-v2', 'version'],
    ],
  );
  assert.equal(ejection.length, 1);
  const text = notes.map((note) => note.text).join('\n');
  assert.match(text, /at most 25 % of the requests of 10 s, and 10 at once in any case, may be retries/);
  assert.match(text, /only with PILOT_ENABLE_ALPHA_GATEWAY_API/);
  assert.match(
    text,
    /does not apply to web-v2\..*: DestinationRule shop\/web-v2 has a retryBudget, and comes first/,
  );
});

test('behind a gateway of another kind it is not known whether it applies', async () => {
  const eg = CASE.replace('gatewayClassName: istio', 'gatewayClassName: eg');
  const { policies, notes } = await planFromFlags('http://127.0.0.1:1', { manifest: '-' }, eg);
  assert.deepEqual(policies, []);
  const unused = notes.filter(({ code }) => code === 'policy-unused').map(({ text }) => text);
  assert.equal(unused.length, 1);
  assert.match(unused.join(), /XBackendTrafficPolicy shop\/web .* was not read of Envoy Gateway/);
});

test('whatever a constraint holds, it is read or refused with its place', async () => {
  const value = fc.oneof(fc.constantFrom('10s', '', 'x', null, -1, 0, 0.5, 7, 101, [], {}), fc.jsonValue());
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('percent', 'interval', 'count'), value, async (key, given) => {
      const retryConstraint = { budget: { [key]: given }, minRetryRate: { [key]: given } };
      const policy = {
        apiVersion: 'gateway.networking.x-k8s.io/v1alpha1',
        kind: 'XBackendTrafficPolicy',
        metadata: { name: 'web', namespace: 'shop' },
        spec: { targetRefs: [{ group: '', kind: 'Service', name: 'web' }], retryConstraint },
      };
      try {
        const { percent, minConcurrency } = (await budgetOf(JSON.stringify(policy), 'web')) ?? {};
        assert.ok(Number(percent) >= 0 && Number(percent) <= 100 && Number(minConcurrency) > 0);
      } catch (error) {
        assert.ok(error instanceof UserError, (error as Error).stack);
        assert.match(error.message, /line 1: XBackendTrafficPolicy shop\/web: spec\.retryConstraint/);
        refused += 1;
      }
    }),
    { numRuns: 300, seed: 22 },
  );
  assert.ok(refused > 50, String(refused));
});

test("the lab's Envoy has it among the limits of the cluster, and the embedded gateway says that it has none", async () => {
  const manifests = await readManifestTexts(CASE);
  const topology = topologyOf(manifests);
  const budgets = buildClusters(manifests, topology).map(({ cluster }) => {
    const { thresholds } = cluster['circuit_breakers'] as { thresholds: { retry_budget?: unknown }[] };
    return thresholds[0]?.retry_budget;
  });
  assert.deepEqual(budgets, [
    { budget_percent: { value: 25 }, min_retry_concurrency: 10, budget_interval: '10s' },
    { budget_percent: { value: 5 }, min_retry_concurrency: 2 },
  ]);
});

test('before Istio 1.31 the older one of an XBackendTrafficPolicy and a DestinationRule applies, as a whole', async () => {
  const stamped = (name: string, day: string) => (text: string) =>
    text.replace(
      `metadata: { name: ${name}, namespace: shop }\nspec:\n  ${name === 'web' ? 'targetRefs' : 'host'}`,
      (all) => all.replace('shop }', `shop, creationTimestamp: 2026-01-${day}T00:00:00Z }`),
    );
  const rule = stamped('web-v2', '02')(CASE);
  const [older, younger] = [stamped('web', '01')(rule), stamped('web', '03')(rule)] as const;
  const of = async (text: string, istio: string) => {
    const flags = { manifest: '-', istio };
    const { policies, ejection, notes } = await planFromFlags('http://127.0.0.1:1', flags, text);
    const set = withIstio(await readManifestTexts(text), istio);
    const service = { namespace: 'shop', host: 'web-v2.shop.svc.cluster.local' };
    const { retryBudget, outlierDetection } = effectivePolicy(
      { ...set, client: { namespace: 'shop', labels: {} } },
      service,
      80,
      null,
    );
    assert.equal(outlierDetection === null, ejection.length === 0, 'lab and run agree');
    return {
      percent: retryBudget?.percent,
      ejects: ejection.length,
      policies: policies.map(({ source, host }) => `${source.split(' ')[0]} ${host.split('.')[0]}`),
      said: notes.map(({ text: line }) => line).join('\n'),
    };
  };
  const whole = await of(older, '1.30');
  assert.deepEqual([whole.percent, whole.ejects], [25, 0]);
  assert.deepEqual(whole.policies, ['XBackendTrafficPolicy web-v1', 'XBackendTrafficPolicy web-v2']);
  assert.match(
    whole.said,
    /trafficPolicy of DestinationRule shop\/web-v2 does not apply: Istio 1\.30 takes only the older of both/,
  );
  const hidden = await of(younger, '1.30');
  assert.deepEqual([hidden.percent, hidden.ejects], [5, 1]);
  assert.match(hidden.said, /web-v2 comes first: Istio 1\.30 takes only the older of both, as a whole\./);
  for (const text of [older, younger]) {
    const recent = await of(text, '1.31');
    assert.deepEqual([recent.percent, recent.ejects], [5, 1]);
    assert.match(recent.said, /has a retryBudget, and comes first\.$/m);
  }
});
