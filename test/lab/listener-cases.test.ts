/** Listeners and hostnames of the Gateway API: what a run expects is what the embedded gateway serves. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../../src/run.js';
import { caseText } from '../support/cases.js';
import { assertAccounted, assertShare, planOf, startEnvoyLab } from '../support/envoy-lab.js';
import { ISOLATED, ISOLATION, LISTENER_CASES } from '../support/listener-cases.js';
import { ask } from './client.js';

for (const { name, path = '', flags = {}, weights } of LISTENER_CASES) {
  test(`${name} ${Object.values(weights).join('/')}: the plan expects what the lab serves`, async (t) => {
    const lab = await startEnvoyLab(t, [caseText(name)], { envoy: null });
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

test('a listener leaves hosts to those with a narrower hostname', async (t) => {
  const lab = await startEnvoyLab(t, [ISOLATION], { envoy: null });
  for (const [host, backend] of ISOLATED) {
    const { status, body } = await ask(lab.urls.http ?? '', { host });
    assert.equal(backend === null ? status : body, backend === null ? 404 : `hello from ${backend}\n`, host);
  }
});
