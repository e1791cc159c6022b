/** Cases of test/fixtures/cases: the embedded gateway does what a run goes by. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startLab } from '../../src/lab/lab.js';
import { ejectionsIn, tlsCases } from '../support/case-lab.js';
import { caseText } from '../support/cases.js';
import { labCases } from '../support/lab-cases.js';
import { readManifestTexts } from '../support/manifests.js';
import { redirectCases } from '../support/redirect-cases.js';
import { askMany } from './client.js';

for (const name of ['dr-foreign-namespace', 'dr-export-to', 'dr-duplicate-policies']) {
  test(`${name}: no outlier detection applies`, async (t) => {
    assert.equal(await ejectionsIn(t, caseText(name), 500), 0);
  });
}

test('dr-export-to: with the gateway in the namespace of the rule it applies', async (t) => {
  const beside = caseText('dr-export-to').replaceAll('namespace: edge', 'namespace: shop');
  assert.equal(await ejectionsIn(t, beside, 500), 1);
});

for (const [status, ejections] of [
  [500, 0],
  [503, 1],
] as const) {
  test(`dr-error-codes: ${status} ejects ${ejections} times`, async (t) => {
    assert.equal(await ejectionsIn(t, caseText('dr-error-codes'), status), ejections);
  });
}

test('gamma-mesh-and-gateway: the route of the mesh is left out', async (t) => {
  const manifests = await readManifestTexts(caseText('gamma-mesh-and-gateway'));
  const lab = await startLab({ manifests, seed: 1 });
  t.after(() => lab.close());
  assert.match(lab.notes.join('\n'), /HTTPRoute shop\/a-mesh names no gateway.*left out/);
  const answers = await askMany(lab.urls.http ?? '', 200, 4);
  const ofV1 = answers.filter(({ body }) => body.includes('v1')).length;
  assert.ok(ofV1 > 150, `v1 answered ${ofV1} of 200`);
});

redirectCases(null, () => false);
tlsCases(null, () => false);
labCases(null, () => false);
