/** Cases with VirtualServices: a real Envoy serves what a run expects, and so does the embedded gateway. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../../src/run.js';
import { ask } from '../lab/client.js';
import { caseText } from '../support/cases.js';
import { envoyForTests } from '../support/envoy.js';
import { assertShare, planOf, startEnvoyLab } from '../support/envoy-lab.js';
import { servedText, VIRTUAL_SERVICE_CASES } from '../support/virtual-service-cases.js';
import { HOST, manifestsOf } from '../support/virtual-services.js';

for (const { name, path = '', flags = {}, weights } of VIRTUAL_SERVICE_CASES) {
  test(`${name} ${Object.values(weights).join('/')}`, async (t) => {
    if (envoyForTests(t) === undefined) return;
    const lab = await startEnvoyLab(t, [servedText(name)]);
    const all = { requests: '300', connections: '4', threads: '1', ...flags };
    const result = await run(await planOf(`${lab.urls.http}${path}`, [caseText(name)], all));
    assert.equal(result.requests.attributed, 300);
    for (const { version, requests } of result.versions) {
      assertShare(requests, 300, (weights[version] as number) / 100);
    }
  });
}

const CONDITIONS = [
  { uri: { exact: '/Case' }, ignoreUriCase: true },
  { uri: { prefix: '/PRE' }, ignoreUriCase: true },
  { uri: { regex: '/R' }, ignoreUriCase: true },
  { headers: { 'x-exact': { exact: 'a' } } },
  { headers: { 'x-prefix': { prefix: 'a' } } },
  { headers: { 'x-regex': { regex: '[ab]+' } } },
  { headers: { 'x-any': {} } },
  { headers: { 'x-star': { regex: '*' } } },
  { headers: { ':path': { prefix: '/path?q' } } },
  { method: { regex: 'PUT|PATCH' } },
  { authority: { exact: `${HOST}:81` } },
  { scheme: { exact: 'https' } },
  { queryParams: { q: { exact: '1' } } },
  { queryParams: { any: {} } },
  { withoutHeaders: { 'x-user': { prefix: 'a' }, 'x-gone': {} }, uri: { prefix: '/without' } },
  { withoutHeaders: { 'x-user': { regex: '.*' } }, uri: { prefix: '/never' } },
  { withoutHeaders: { 'x-user': { exact: '' } }, uri: { prefix: '/full' } },
];
const SENT: readonly { path?: string; host?: string; method?: string; headers?: Record<string, string> }[] = [
  { path: '/CASE' },
  { path: '/cASE/x' },
  { path: '/prefix' },
  { path: '/R' },
  { path: '/r' },
  { headers: { 'x-exact': 'a' } },
  { headers: { 'x-exact': 'ab' } },
  { headers: { 'x-prefix': 'ab' } },
  { headers: { 'x-regex': 'abba' } },
  { headers: { 'x-regex': 'abc' } },
  { headers: { 'x-any': '' } },
  { headers: { 'x-star': 'x' } },
  { path: '/path?q=2' },
  { method: 'PATCH' },
  { host: `${HOST}:81` },
  { path: '/x?q=1' },
  { path: '/x?q=2&any=' },
  { path: '/without' },
  { path: '/without', headers: { 'x-user': 'b' } },
  { path: '/without', headers: { 'x-user': 'ab' } },
  { path: '/without', headers: { 'x-gone': '' } },
  { path: '/never' },
  { path: '/never', headers: { 'x-user': 'b' } },
  { path: '/full' },
  { path: '/full', headers: { 'x-user': 'b' } },
];

test('each condition: the embedded gateway and Envoy answer by the same rule', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const rules = CONDITIONS.map((match, i) => ({ name: `rule-${i}`, match: [match] }));
  const manifests = manifestsOf([{ name: 'vs', age: 0, rules: [...rules, { name: 'rest' }] }], {
    pods: false,
  });
  const [embedded, envoy] = await Promise.all([
    startEnvoyLab(t, manifests, { envoy: null }),
    startEnvoyLab(t, manifests),
  ]);
  const answers = async (url: string | null, sent: (typeof SENT)[number]) =>
    (await ask(url ?? '', { host: HOST, ...sent })).body.trim();
  const seen = new Set<string>();
  for (const sent of SENT) {
    const ours = await answers(embedded.urls.http, sent);
    assert.equal(ours, await answers(envoy.urls.http, sent), JSON.stringify(sent));
    seen.add(ours);
  }
  // All but `scheme` https and the one that is never met.
  assert.ok(seen.size >= CONDITIONS.length - 2, [...seen].join());
});
