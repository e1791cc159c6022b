/** Cases of test/fixtures/cases: which DestinationRules a run goes by. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caseText } from '../../support/cases.js';
import { planFromFlags } from '../../support/flags.js';

async function planOf(text: string) {
  const { policies, ejection, notes } = await planFromFlags('http://127.0.0.1:1', { manifest: '-' }, text);
  const texts = (code: string) => notes.filter((note) => note.code === code).map((note) => note.text);
  return {
    policies: policies.map(({ source }) => source.split(' ')[1]),
    rules: ejection.map(({ source }) => source.split(' ')[1]),
    unused: texts('destination-rule-unused'),
    doubts: texts('destination-rule-client'),
  };
}

const FOREIGN = `DestinationRule team-a/web-v2 (standard input, line 20) does not apply to web-v2.shop.svc.cluster.local: the gateway runs in edge and looks for rules only in edge, shop, istio-system.`;

test('a DestinationRule of a namespace where the gateway does not look is not judged by', async () => {
  assert.deepEqual(await planOf(caseText('dr-foreign-namespace')), {
    policies: [],
    rules: [],
    unused: [FOREIGN],
    doubts: [],
  });
});

test('nor is one that is exported to its own namespace only, unless the gateway runs there', async () => {
  const text = caseText('dr-export-to');
  const { policies, rules, unused } = await planOf(text);
  assert.deepEqual([policies, rules], [[], []]);
  assert.match(unused.join(), /shop\/web-v2 .* does not apply .*: its exportTo does not reach .* edge\.$/);
  const beside = await planOf(text.replaceAll('namespace: edge', 'namespace: shop'));
  assert.deepEqual(beside, { policies: ['shop/web-v2'], rules: ['shop/web-v2'], unused: [], doubts: [] });
});

test('of two trafficPolicies for one host the older one holds whole, in the report as in the judgement', async () => {
  const { policies, rules, unused } = await planOf(caseText('dr-duplicate-policies'));
  assert.deepEqual([policies, rules], [['shop/web-v2-subsets'], []]);
  assert.match(unused.join(), /^The trafficPolicy of DestinationRule shop\/web-v2-outlier .* does not apply/);
  const younger = caseText('dr-duplicate-policies').replace('2024-01-01', '2024-03-01');
  const other = await planOf(younger);
  assert.deepEqual([other.policies, other.rules], [['shop/web-v2-outlier'], ['shop/web-v2-outlier']]);
});

test('outlierDetectionHttpErrorCodes: only these statuses are errors of the rule', async () => {
  const { ejection, notes } = await planFromFlags(
    'http://127.0.0.1:1',
    { manifest: '-' },
    caseText('dr-error-codes'),
  );
  assert.deepEqual(
    ejection.map(({ version, errorCodes, consecutive5xx }) => [version, errorCodes, consecutive5xx]),
    [['web-v2', [503], 3]],
  );
  assert.match(notes.map(({ text }) => text).join('\n'), /the only errors are 503/);
});

test('outlierDetectionHttpErrorCodes before Istio 1.32: every 5xx counts, and a note says so', async () => {
  const of = async (istio: string) => {
    const flags = { manifest: '-', istio };
    const { ejection, notes } = await planFromFlags('http://127.0.0.1:1', flags, caseText('dr-error-codes'));
    return { codes: ejection[0]?.errorCodes, said: notes.map(({ text }) => text).join('\n') };
  };
  const old = await of('1.31');
  assert.equal(old.codes, null);
  assert.match(old.said, /outlierDetectionHttpErrorCodes is not known to Istio 1\.31: every 5xx counts/);
  assert.doesNotMatch(old.said, /the only errors are/);
  const recent = await of('1.32');
  assert.deepEqual(recent.codes, [503]);
  assert.match(recent.said, /the only errors are 503 \(outlierDetectionHttpErrorCodes\)\.$/m);
  assert.doesNotMatch(recent.said, /older versions/);
});

test('defaultTrafficPolicy of the mesh config holds since Istio 1.31', async () => {
  const mesh = `apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data:
  mesh: |
    defaultTrafficPolicy: { outlierDetection: { consecutive5xxErrors: 4 } }
---
`;
  const of = (istio: string) =>
    planFromFlags('http://127.0.0.1:1', { manifest: '-', istio }, mesh + caseText('xbackend-retry-budget'));
  const fives = async (istio: string) => (await of(istio)).ejection.map((rule) => rule.consecutive5xx);
  assert.deepEqual(await fives('1.31'), [4, 7]);
  assert.deepEqual(await fives('1.30'), [7]);
  const said = (await of('1.30')).notes.map(({ text }) => text).join('\n');
  assert.match(said, /defaultTrafficPolicy of .* is not known to Istio 1\.30, and does not apply\./);
});
