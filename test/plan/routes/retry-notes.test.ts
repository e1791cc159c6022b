/** What a run says of retries: whether they may go to another version. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caseText } from '../../support/cases.js';
import { planFromFlags } from '../../support/flags.js';

const CASE = caseText('retries');

async function said(text: string): Promise<string | undefined> {
  const { notes } = await planFromFlags('http://127.0.0.1:1', { manifest: '-' }, text);
  return notes.find(({ code }) => code === 'retries')?.text;
}

const ofClass = (name: string, text = CASE) => text.replace('ClassName: istio', `ClassName: ${name}`);
const withoutRetry = CASE.replace(/retry: .*\n\s+/, '');

test('of an Istio gateway: the version that fails keeps its share', async () => {
  assert.equal(
    await said(CASE),
    'HTTPRoute shop/web, rule 1: failed requests are retried. Istio keeps a retry in the version that was drawn (2026-08-22, 86c9f01; to another one where an EnvoyFilter sets refresh_cluster_on_retry, which Envoy has since 1.39): a version that fails keeps its share.',
  );
  assert.equal(await said(withoutRetry), undefined, 'its default retries change no share');
});

test('of others: it loses share, or nobody knows', async () => {
  assert.match(
    (await said(ofClass('eg'))) ?? '',
    /retried\. Envoy Gateway may send a retry to another version \(2026-08-21, d32f282; to the same .*\): a version that fails loses share to the others, and its errors are hidden\.$/,
  );
  assert.equal(await said(ofClass('eg', withoutRetry)), undefined, 'it has none by default');
  assert.match(
    (await said(ofClass('mine'))) ?? '',
    /failed requests are retried\. It is not known where this gateway sends retries/,
  );
  assert.equal(await said(ofClass('mine', withoutRetry)), undefined);
  assert.match(
    (await said(ofClass('kong', withoutRetry))) ?? '',
    /: Kong retries without being asked to \(5\)\. It is not known where this gateway sends retries/,
  );
});

test('nothing to say with one version, or without attempts', async () => {
  assert.equal(await said(CASE.replace(/- \{ name: web-v2.*\n/, '')), undefined);
  assert.equal(await said(CASE.replace('weight: 20', 'weight: 0')), undefined);
  assert.equal(await said(CASE.replace('attempts: 2', 'attempts: 0')), undefined);
});

test('a VirtualService is served by Istio', async () => {
  const text = (retries: string) => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: v, namespace: shop }
spec:
  hosts: [a.example.com]
  gateways: [gw]
  http:
    - retries: ${retries}
      route:
        - { destination: { host: web, subset: v1 }, weight: 80 }
        - { destination: { host: web, subset: v2 }, weight: 20 }
`;
  assert.match(
    (await said(text('{ attempts: 3, backoff: 0.1s }'))) ?? '',
    /Istio keeps a retry in the version/,
  );
  assert.equal(await said(text('{ attempts: 0 }')), undefined);
  await assert.rejects(said(text('{ attempts: 1, backoff: 5 }')), /retries.backoff: 5 is not a duration/);
  await assert.rejects(said(CASE.replace('1ms', '1.5s')), /retry.backoff: "1.5s" is not a duration/);
});
