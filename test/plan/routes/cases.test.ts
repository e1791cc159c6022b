/** Cases of test/fixtures/cases: what a run expects of routes of the Gateway API. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Flags } from '../../../src/cli/options/flags.js';
import { caseText } from '../../support/cases.js';
import { planFromFlags } from '../../support/flags.js';

const URL_GIVEN = 'http://127.0.0.1:1';

/** The expected weights by version. */
async function weights(text: string, flags: Flags = {}, url = URL_GIVEN) {
  const { judge } = await planFromFlags(url, { manifest: '-', ...flags }, text);
  return Object.fromEntries((judge.expected ?? []).map(({ name, weight }) => [name, weight]));
}

test('a route whose only parents are Services is for the mesh, not for the gateway', async () => {
  const text = caseText('gamma-mesh-and-gateway');
  assert.deepEqual(await weights(text), { 'echo-v1': 90, 'echo-v2': 10 });
  const both = text.replace('- { group', '- { name: edge }\n    - { group');
  assert.deepEqual(await weights(both), { 'echo-v1': 50, 'echo-v2': 50 }, 'the older name of two routes');
  const [mesh = ''] = text.split('---');
  assert.deepEqual(await weights(mesh), { 'echo-v1': 50, 'echo-v2': 50 }, 'the only route is used');
});

/** What the notes say of a status, the first note first. */
async function statusSaid(text: string): Promise<readonly string[]> {
  const { notes } = await planFromFlags(URL_GIVEN, { manifest: '-' }, text);
  const found = notes.filter(({ code }) => code === 'status-not-accepted');
  assert.deepEqual(notes.slice(0, found.length), found, 'they come first');
  return found.map((note) => note.text);
}

test('a route that its status does not accept is judged with that said first', async () => {
  const text = caseText('status-not-accepted');
  assert.deepEqual(await weights(text), { 'web-v1': 50, 'web-v2': 50 });
  assert.deepEqual(await statusSaid(text), [
    "Gateway shop/edge may not serve HTTPRoute shop/web as it is written: the route's status has: Accepted is False (NotAllowedByListeners), ResolvedRefs is False (BackendNotFound), it is about generation 5, and the manifest has 7. Shares are judged as if it did.",
  ]);
  const good = text.replaceAll('"False"', '"True"').replaceAll('Generation: 5', 'Generation: 7');
  assert.deepEqual(await statusSaid(good), []);
  assert.deepEqual(await statusSaid(good.slice(0, good.indexOf('status:\n'))), [], 'no status');
  const other = await statusSaid(good.replace('parentRef: { name: edge }', 'parentRef: { name: other }'));
  assert.match(other.join(), /the route's status does not mention this Gateway/);
});

test('so is one whose Gateway or listener is not programmed', async () => {
  const text = caseText('status-not-accepted').replace(/status:[\s\S]*/, '');
  const status = (gateway: string, listener: string) =>
    text.replace(
      'protocol: HTTP }\n',
      `protocol: HTTP }\nstatus:\n  conditions: [${gateway}]\n  listeners: [{name: http, conditions: [${listener}]}]\n`,
    );
  const good = '{type: Programmed, status: "True", observedGeneration: 1}';
  assert.deepEqual(await statusSaid(status(good, good)), []);
  const pending = '{type: Programmed, status: "Unknown", reason: Pending}';
  assert.match(
    (await statusSaid(status(pending, '{type: Conflicted, status: "True"}'))).join(),
    /the Gateway's status has: Programmed is Unknown \(Pending\); the status of listener http has: Conflicted is True\./,
  );
  await assert.rejects(
    statusSaid(status('{type: Programmed, status: true}', '')),
    /status.conditions\[0\].status: true is not text/,
  );
});

/** The texts of the notes with this code. */
async function noted(code: string, text: string, flags: Flags = {}): Promise<readonly string[]> {
  const { notes } = await planFromFlags(URL_GIVEN, { manifest: '-', ...flags }, text);
  return notes.filter((note) => note.code === code).map((note) => note.text);
}

test('a mirror is named with its percentage or fraction', async () => {
  const text = caseText('mirror-percent');
  assert.deepEqual(await weights(text), { 'web-v1': 90, 'web-v2': 10 });
  const said = (share: string) => [
    `HTTPRoute shop/web, rule 1 mirrors ${share} to web-v3: the copies reach that backend, and their answers are in no share.`,
  ];
  assert.deepEqual(await noted('rule-filter', text), said('10 % of requests'));
  const other = (field: string) => text.replace(', percent: 10', field);
  assert.deepEqual(await noted('rule-filter', other('')), said('all requests'));
  const third = other(', fraction: { numerator: 1, denominator: 3 }');
  assert.deepEqual(await noted('rule-filter', third), said('33.3 % of requests'));
  assert.deepEqual(await noted('rule-filter', other(', percent: 0')), said('no request'));
  const ofBackend = text.replace(
    'weight: 10 }',
    'weight: 10, filters: [{ type: RequestMirror, requestMirror: { backendRef: { name: web-v4 }, percent: 5 } }] }',
  );
  assert.match(
    (await noted('rule-filter', ofBackend)).join(),
    /backend web-v2 has the filter RequestMirror \(5 % of requests to web-v4\): the copies/,
  );
  await assert.rejects(noted('rule-filter', other(', percent: 101')), /percent: 101 is not a whole number/);
});

test('filters that change who answers are named', async () => {
  const filter = (type: string) =>
    caseText('mirror-percent').replace(/- type: RequestMirror\n.*\n/, `- ${type}\n`);
  for (const type of ['URLRewrite', 'CORS', 'ExternalAuth']) {
    assert.match(
      (await noted('rule-filter', filter(`type: ${type}`))).join(),
      new RegExp(`filter ${type}: `),
    );
  }
  const extension = filter('{ type: ExtensionRef, extensionRef: { group: a.b, kind: Wasm, name: w } }');
  assert.match(
    (await noted('rule-filter', extension)).join(),
    /filter ExtensionRef \(Wasm w\): it is not read/,
  );
  assert.deepEqual(await noted('rule-filter', filter('type: RequestHeaderModifier')), []);
  const redirect = filter('{ type: RequestRedirect, requestRedirect: { scheme: https } }');
  const expect = await noted('rule-filter', redirect, { expect: ['a=1'] });
  assert.match(expect.join(), /filter RequestRedirect: the gateway answers itself/);
  await assert.rejects(noted('rule-filter', redirect), /answered by the gateway itself \(RequestRedirect\)/);
});

test('session persistence in its three shapes', async () => {
  const text = caseText('session-persistence');
  const shape = (fields: string) => text.replace(/sessionPersistence: .*/, fields);
  assert.deepEqual(await weights(text), { 'web-v1': 90, 'web-v2': 10 });
  const token = async (given: string) =>
    /by (.*?):/.exec((await noted('session-persistence', given)).join())?.[1];
  assert.equal(await token(text), 'the cookie sid');
  assert.equal(
    await token(shape('sessionPersistence: { type: Header, header: { name: x-s } }')),
    'the header x-s',
  );
  assert.equal(await token(shape('sessionPersistence: { cookie: { name: c } }')), 'the cookie c');
  assert.equal(await token(shape('sessionPersistence: {}')), 'a cookie that the gateway names');
  assert.equal(await token(shape('name: none')), undefined);
  const policy = (kind: string, service: string) => `${shape('name: none')}---
apiVersion: ${kind}
metadata: { name: p, namespace: shop }
spec:
  targetRefs: [{ group: "", kind: Service, name: ${service} }]
  sessionPersistence: { sessionName: s }
`;
  const current = 'gateway.networking.x-k8s.io/v1alpha1\nkind: XBackendTrafficPolicy';
  assert.equal(await token(policy(current, 'web-v2')), 'the cookie s');
  assert.equal(await token(policy(current, 'other')), undefined);
  const older = 'gateway.networking.k8s.io/v1alpha2\nkind: BackendLBPolicy';
  assert.equal(await token(policy(older, 'web-v1')), 'the cookie s');
});

test('one backend twice: the weights add up, and what is not judged is said', async () => {
  const text = caseText('dup-backend-filters');
  assert.deepEqual(await weights(text), { web: 40 });
  assert.match(
    (await noted('repeated-backend', text)).join(),
    /more than one backend for web\. Their weights are added up/,
  );
  assert.deepEqual(await noted('repeated-backend', caseText('mirror-percent')), []);
});
