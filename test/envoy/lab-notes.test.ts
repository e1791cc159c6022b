import assert from 'node:assert/strict';
import { test } from 'node:test';
import { envoyForTests } from '../support/envoy.js';
import { sample, startEnvoyLab } from '../support/envoy-lab.js';

test('the lab says which Envoy it started', async (t) => {
  const path = envoyForTests(t);
  if (path === undefined) return;
  const lab = await startEnvoyLab(t, [sample('gateway'), sample('httproute-90-10')]);
  const [first = ''] = lab.notes;
  assert.match(first, /^The gateway is Envoy \d+\.\d+\.\d+: /);
  assert.ok(first.endsWith(path), first);
});
