import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routeTiming } from '../../../src/lab/mesh/route-timing.js';
import { withIstio } from '../../../src/plan/gateways/find-istio.js';
import type { RouteRule } from '../../../src/plan/manifests/model.js';
import { readManifestTexts } from '../../support/manifests.js';

async function timing(
  kind: 'HTTPRoute' | 'VirtualService',
  rule: string,
  defaultRetries = true,
  version?: string,
) {
  const [group, spec] =
    kind === 'HTTPRoute'
      ? ['gateway.networking.k8s.io', `{rules: [{${rule}}]}`]
      : ['networking.istio.io', `{hosts: [h], http: [{${rule}}]}`];
  const set = await readManifestTexts(
    `apiVersion: ${group}/v1\nkind: ${kind}\nmetadata: {name: r}\nspec: ${spec}\n`,
  );
  const { istio } = withIstio(set, version);
  return routeTiming(set.routes[0]?.rules[0] as RouteRule, defaultRetries, istio);
}

test('timeouts: backendRequest takes the place of request, but not beside retries; 0s is no bound', async () => {
  const both = 'timeouts: {request: 2s, backendRequest: 1s}';
  assert.equal((await timing('HTTPRoute', both)).timeoutMs, 1000);
  const retried = await timing('HTTPRoute', `${both}, retry: {attempts: 1, codes: [503]}`);
  assert.equal(retried.timeoutMs, 2000);
  assert.deepEqual(retried.retry?.statusCodes, [503]);
  assert.equal(retried.retry?.perTryTimeoutMs, 1000);
  assert.equal((await timing('VirtualService', 'timeout: 0s')).timeoutMs, null);
});

test('retries: Istio has two by default, attempts: 0 has none', async () => {
  assert.equal((await timing('HTTPRoute', '')).retry?.attempts, 2);
  assert.equal((await timing('HTTPRoute', '', false)).retry, null);
  assert.equal((await timing('VirtualService', 'retries: {attempts: 0}')).retry, null);
  assert.equal((await timing('HTTPRoute', '')).retry?.backoffMs, 25);
  assert.equal((await timing('HTTPRoute', 'retry: {backoff: 1s}')).retry?.backoffMs, 1000);
  assert.equal((await timing('VirtualService', 'retries: {attempts: 1, backoff: 0s}')).retry?.backoffMs, 25);
  const own = await timing('VirtualService', 'retries: {attempts: 5}');
  assert.deepEqual(own.retry?.conditions.slice(0, 2), ['connect-failure', 'refused-stream']);
});

test('before Istio 1.24 a 503 is retried too, unless a policy says on what', async () => {
  const codes = async (rule: string, version?: string) =>
    (await timing('VirtualService', rule, true, version)).retry?.statusCodes;
  assert.deepEqual(await codes('', '1.23.6'), [503]);
  assert.deepEqual(await codes('retries: {attempts: 1}', '1.23'), [503]);
  assert.deepEqual(await codes('retries: {attempts: 1, retryOn: "reset,502"}', '1.23'), [502]);
  for (const version of [undefined, '1.24', '1.99']) assert.deepEqual(await codes('', version), []);
});
