/** The case regex-precedence-eg: `run`, the embedded gateway and a real Envoy go by the order of the Gateway's class. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../../src/run.js';
import { caseText } from '../support/cases.js';
import { envoyForTests } from '../support/envoy.js';
import { planOf, startEnvoyLab } from '../support/envoy-lab.js';

/** The case with one backend in each rule, so that each response tells its rule. */
function manifests(className: string): string {
  return caseText('regex-precedence-eg')
    .replace('gatewayClassName: eg', `gatewayClassName: ${className}`)
    .replace(/- .*web-v1.*50.*\n.*50.*/, '- {name: prefix, port: 80}')
    .replace(/- .*web-v1.*90.*\n.*10.*/, '- {name: regex, port: 80}');
}

for (const [className, rule] of [
  ['istio', 'prefix'],
  ['eg', 'regex'],
] as const) {
  for (const gateway of ['embedded gateway', 'Envoy'] as const) {
    test(`GatewayClass ${className}: the ${rule} answers, in the ${gateway} and as run expects`, async (t) => {
      if (gateway === 'Envoy' && envoyForTests(t) === undefined) return;
      const texts = [manifests(className)];
      const lab = await startEnvoyLab(t, texts, { envoy: gateway === 'Envoy' ? { path: null } : null });
      const flags = { host: 'www.example.com', requests: '60', connections: '2' };
      const result = await run(await planOf(`${lab.urls.http}/coffee/latte`, texts, flags));
      assert.deepEqual(
        result.versions.map(({ version, expectedShare, requests }) => [version, expectedShare, requests]),
        [[rule, 1, 60]],
      );
    });
  }
}
