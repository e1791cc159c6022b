/** Cases in which the lab's own pods or clusters matter, for the embedded gateway and a real Envoy alike. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type LabOptions, startLab } from '../../src/lab/lab.js';
import { run } from '../../src/run.js';
import { caseText } from './cases.js';
import { assertShare, planOf, startEnvoyLab } from './envoy-lab.js';
import { readManifestTexts } from './manifests.js';

const LOAD = { requests: '300', connections: '4', threads: '1' };

const SUBSETS = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: api, namespace: sandbox}
spec: {host: api, subsets: [{name: v1, labels: {version: v1}}]}
`;

export function labCases(
  envoy: NonNullable<LabOptions['envoy']> | null,
  isSkipped: (t: TestContext) => boolean,
): void {
  test('argo-rollout-services: each Service of the split has its own pods, and the lab says so', async (t) => {
    if (isSkipped(t)) return;
    const text = caseText('argo-rollout-services');
    const lab = await startEnvoyLab(t, [text], { envoy });
    assert.match(
      lab.defaults.join('\n'),
      /Services web-stable and web-canary select the same ones.*each has its own/,
    );
    const result = await run(await planOf(lab.urls.http, [text], LOAD));
    assert.deepEqual(
      result.versions.map(({ version, expectedShare }) => [version, expectedShare]),
      [
        ['web-stable', 0.8],
        ['web-canary', 0.2],
      ],
    );
    for (const { requests, expectedShare } of result.versions) assertShare(requests, 300, expectedShare ?? 0);
  });

  test('a subset that no DestinationRule has: its share is answered with 503, as the run says', async (t) => {
    if (isSkipped(t)) return;
    const text = `${caseText('vs-rule-name-space')}---\n${SUBSETS}`;
    const lab = await startLab({ manifests: await readManifestTexts(text), seed: 1, envoy });
    t.after(() => lab.close());
    assert.match(
      lab.notes.join('\n'),
      /no DestinationRule has the subset v2 of api\.sandbox\.svc\.cluster\.local: its share/,
    );
    const result = await run(await planOf(lab.urls.http, [text], LOAD));
    const refused = result.unattributed.kinds['backend-ref-invalid'] ?? 0;
    assertShare(refused, 300, 0.1);
    assert.equal(result.requests.attributed, 300 - refused);
    assert.notEqual(result.verdict, 'pass');
    const [said] = result.notes.filter(({ code }) => code === 'missing-subset');
    assert.match(
      said?.text ?? '',
      /rule 2: no DestinationRule that applies .* the subset v2: .* 10 % .* 503/,
    );
  });
}
