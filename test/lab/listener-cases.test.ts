/** Listeners and hostnames of the Gateway API: what a run expects is what the embedded gateway serves. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeLab } from '../../src/cli/actions/lab-text.js';
import { run } from '../../src/run.js';
import { caseText } from '../support/cases.js';
import { assertAccounted, assertShare, planOf, startEnvoyLab } from '../support/envoy-lab.js';
import { ISOLATED, ISOLATION, LISTENER_CASES } from '../support/listener-cases.js';
import { readManifestTexts } from '../support/manifests.js';
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

test('parent-listenerset: the lab says that the Gateway does not take it, and starts with its port', async (t) => {
  const lab = await startEnvoyLab(t, [caseText('parent-listenerset')], { envoy: null });
  assert.equal(lab.listeners[0]?.port, 8080);
  assert.match(
    lab.notes[0] ?? '',
    /^ListenerSet shop\/team: Gateway shop\/edge takes no ListenerSets .*A gateway would not serve it; the lab does$/,
  );
  const text = caseText('parent-listenerset').replace(
    'listeners:',
    'allowedListeners: {namespaces: {from: All}}\n  listeners:',
  );
  const allowed = await startEnvoyLab(t, [text], { envoy: null });
  assert.doesNotMatch(allowed.notes.join(), /ListenerSet/);
});

test('a route of a namespace that the listener does not take gets 404', async (t) => {
  const [gateway, route] = caseText('listener-hostname-decides').split('---\n');
  const foreign = route
    ?.replace('namespace: shop }', 'namespace: apps }')
    .replace('{ name: edge,', '{ name: edge, namespace: shop,');
  const lab = await startEnvoyLab(t, [`${gateway}---\n${foreign}`], { envoy: null });
  assert.equal((await ask(lab.urls.http ?? '', { host: 'shop.example.com' })).status, 404);
  assert.match(
    lab.notes.join('\n'),
    /HTTPRoute apps\/shop is served nowhere: Gateway shop\/edge: its listeners take no routes of namespace apps/,
  );
});

test('the lab suggests a Host that a listener has, if the route has none', async (t) => {
  const [gateway, route] = caseText('listener-hostname-decides').split('---\n');
  const text = `${gateway}---\n${route}`;
  const lab = await startEnvoyLab(t, [text], { envoy: null });
  const options = { files: ['shop.yaml'], caFile: null, envoy: false, tellEndpoint: false };
  assert.match(
    describeLab(lab, await readManifestTexts(text), options),
    /weighbridge run http:\S+ --host shop\.example\.com -f shop\.yaml\n/,
  );
});
