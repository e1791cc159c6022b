/** Policies besides DestinationRules, in a real Envoy. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../../src/run.js';
import { caseText } from '../support/cases.js';
import { envoyForTests } from '../support/envoy.js';
import { planOf, startEnvoyLab, versionOf } from '../support/envoy-lab.js';

test('retry budgets are in the configuration that Envoy has taken', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const lab = await startEnvoyLab(t, [caseText('xbackend-retry-budget')]);
  const dump = await (await fetch(`${lab.adminUrl}/config_dump?mask=static_clusters`)).text();
  assert.match(dump, /"budget_percent": \{\s+"value": 25\s+\}/);
  assert.match(dump, /"min_retry_concurrency": 10/);
});

const EG = caseText('eg-backend-traffic-policy');
/** Of three and two endpoints: two out at once. */
const PODS = 5;

test('Envoy Gateway: all versions in one cluster: shares rotate, and the maximum is one of all endpoints', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const lab = await startEnvoyLab(t, [EG], { tellEndpoint: true });
  const url = lab.listeners[0]?.url ?? null;
  const quiet = await run(await planOf(url, [EG], { requests: '1000', connections: '1' }));
  assert.ok(Math.abs(versionOf(quiet, 'web-v2').requests - 100) <= 2, 'every tenth request');
  const plan = await planOf(url, [EG], {
    duration: '8s',
    rate: '400',
    'endpoint-from': 'header:x-pod',
  });
  let set = false;
  const failing = await run(plan, {
    onProgress: () => {
      // The first answers are in: the load runs.
      if (!set) lab.setFault('*:status=503');
      set = true;
    },
  });
  assert.deepEqual(plan.ejection[0]?.endpoints, PODS);
  const checks = failing.ejections?.rules.flatMap(({ checks: all }) => all) ?? [];
  assert.ok(checks.length > 0, 'there was something to judge');
  assert.deepEqual(
    checks.filter(({ verdict }) => verdict === 'fail'),
    [],
  );
  const most = checks
    .filter(({ name }) => name === 'max-ejection-percent')
    .map(({ figure, bound }) => [figure, bound]);
  assert.ok(most.length > 0);
  for (const [figure, bound] of most) assert.deepEqual([figure, bound], [2, [null, 2]]);
});
