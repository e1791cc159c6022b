/** Cases of test/fixtures/cases: a real Envoy gets the DestinationRules that a run goes by. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ejectionsIn, tlsCases } from '../support/case-lab.js';
import { caseText } from '../support/cases.js';
import { envoyForTests } from '../support/envoy.js';
import { labCases } from '../support/lab-cases.js';
import { redirectCases } from '../support/redirect-cases.js';

const ENVOY = { path: null };

for (const name of ['dr-foreign-namespace', 'dr-export-to', 'dr-duplicate-policies']) {
  test(`${name}: no outlier detection applies`, async (t) => {
    if (envoyForTests(t) === undefined) return;
    assert.equal(await ejectionsIn(t, caseText(name), 500, ENVOY), 0);
  });
}

test('dr-export-to: with the gateway in the namespace of the rule it applies', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const beside = caseText('dr-export-to').replaceAll('namespace: edge', 'namespace: shop');
  assert.equal(await ejectionsIn(t, beside, 500, ENVOY), 1);
});

for (const [status, ejections] of [
  [500, 0],
  [503, 1],
] as const) {
  test(`dr-error-codes: ${status} ejects ${ejections} times`, async (t) => {
    if (envoyForTests(t) === undefined) return;
    assert.equal(await ejectionsIn(t, caseText('dr-error-codes'), status, ENVOY), ejections);
  });
}

redirectCases(ENVOY, (t) => envoyForTests(t) === undefined);
tlsCases(ENVOY, (t) => envoyForTests(t) === undefined);
labCases(ENVOY, (t) => envoyForTests(t) === undefined);
