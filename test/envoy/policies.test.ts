/** Policies besides DestinationRules, in a real Envoy. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caseText } from '../support/cases.js';
import { envoyForTests } from '../support/envoy.js';
import { startEnvoyLab } from '../support/envoy-lab.js';

test('retry budgets are in the configuration that Envoy has taken', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const lab = await startEnvoyLab(t, [caseText('xbackend-retry-budget')]);
  const dump = await (await fetch(`${lab.adminUrl}/config_dump?mask=static_clusters`)).text();
  assert.match(dump, /"budget_percent": \{\s+"value": 25\s+\}/);
  assert.match(dump, /"min_retry_concurrency": 10/);
});
