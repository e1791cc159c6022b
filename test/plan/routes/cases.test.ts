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
