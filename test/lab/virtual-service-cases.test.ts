/** Each kind of VirtualService: what a run expects is what the lab's gateway serves. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../../src/run.js';
import { caseText } from '../support/cases.js';
import { assertAccounted, assertShare, planOf, startEnvoyLab } from '../support/envoy-lab.js';
import { servedText, VIRTUAL_SERVICE_CASES } from '../support/virtual-service-cases.js';

for (const { name, path = '', flags = {}, weights } of VIRTUAL_SERVICE_CASES) {
  test(`${name} ${Object.values(weights).join('/')}: the plan expects what the lab serves`, async (t) => {
    const lab = await startEnvoyLab(t, [servedText(name)], { envoy: null });
    const all = { requests: '300', connections: '4', threads: '1', ...flags };
    const plan = await planOf(`${lab.urls.http}${path}`, [caseText(name)], all);
    assert.deepEqual(
      Object.fromEntries((plan.judge.expected ?? []).map((each) => [each.name, each.weight])),
      weights,
    );
    const result = await run(plan);
    assertAccounted(result);
    assert.equal(result.requests.attributed, 300);
    for (const { version, requests } of result.versions) {
      assertShare(requests, 300, (weights[version] as number) / 100);
    }
  });
}
