/** Listeners and hostnames of the Gateway API: a real Envoy serves what a run expects, and what the embedded gateway serves. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../../src/run.js';
import { ask } from '../lab/client.js';
import { caseText } from '../support/cases.js';
import { envoyForTests } from '../support/envoy.js';
import { assertShare, planOf, startEnvoyLab } from '../support/envoy-lab.js';
import { ISOLATED, ISOLATION, LISTENER_CASES } from '../support/listener-cases.js';

for (const { name, path = '', flags = {}, weights } of LISTENER_CASES) {
  test(`${name} ${Object.values(weights).join('/')}`, async (t) => {
    if (envoyForTests(t) === undefined) return;
    const lab = await startEnvoyLab(t, [caseText(name)]);
    const all = { requests: '300', connections: '4', threads: '1', ...flags };
    const result = await run(await planOf(`${lab.urls.http}${path}`, [caseText(name)], all));
    assert.equal(result.requests.attributed, 300);
    for (const { version, requests } of result.versions) {
      assertShare(requests, 300, (weights[version] as number) / 100);
    }
  });
}

test('a listener leaves hosts to those with a narrower hostname', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const lab = await startEnvoyLab(t, [ISOLATION]);
  for (const [host, backend] of ISOLATED) {
    const { status, body } = await ask(lab.urls.http ?? '', { host });
    assert.equal(backend === null ? status : body, backend === null ? 404 : `hello from ${backend}\n`, host);
  }
});
