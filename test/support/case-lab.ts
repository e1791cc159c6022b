/** Cases of test/fixtures/cases in a lab, with the embedded gateway or a real Envoy. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { adminClient } from '../../src/lab/envoy/admin-client.js';
import { type Lab, type LabOptions, startLab } from '../../src/lab/lab.js';
import { run } from '../../src/run.js';
import { ask, askMany } from '../lab/client.js';
import { caseText } from './cases.js';
import { pemFile, planOf } from './envoy-lab.js';
import { readManifestTexts } from './manifests.js';

/**
 * Ejections of web-v2's pods after v2-0 answered many requests with this status.
 *
 * @param text manifests of the lab
 * @param istio the version of Istio
 */
export async function ejectionsIn(
  t: TestContext,
  text: string,
  status: number,
  envoy: LabOptions['envoy'] = null,
  istio?: string,
): Promise<number> {
  const manifests = await readManifestTexts(text);
  const lab = await startLab({
    manifests,
    seed: 1,
    envoy,
    faults: [`v2-0:status=${status}`],
    ...(istio === undefined ? {} : { istio }),
  });
  t.after(() => lab.close());
  await askMany(lab.urls.http ?? '', 80, 4, { host: 'www.example.com' });
  if (lab.adminUrl === null)
    return lab.counts().ejections.filter(({ action }) => action === 'ejected').length;
  const stats = await adminClient(lab.adminUrl).stats();
  const name =
    'cluster.outbound|80||web-v2.shop.svc.cluster.local;.outlier_detection.ejections_enforced_total';
  return stats[name] ?? 0;
}

/** Null: the embedded gateway. */
type Gateway = NonNullable<LabOptions['envoy']> | null;

/** A lab of the case. */
export async function caseLab(t: TestContext, name: string, envoy: Gateway): Promise<Lab> {
  const lab = await startLab({ manifests: await readManifestTexts(caseText(name)), seed: 1, envoy });
  t.after(() => lab.close());
  return lab;
}

/** gw-https-redirect and gw-passthrough: a lab serves nothing there that the gateway would not serve. */
export function tlsCases(envoy: Gateway, isSkipped: (t: TestContext) => boolean): void {
  test('gw-https-redirect: 301 for every path without TLS, the backends with it', async (t) => {
    if (isSkipped(t)) return;
    const lab = await caseLab(t, 'gw-https-redirect', envoy);
    const { status, headers, body } = await ask(lab.urls.http ?? '', { ...SHOP, path: '/x?y=1' });
    assert.deepEqual(
      [status, headers.location, headers.server, body],
      [301, 'https://www.example.com/x?y=1', 'istio-envoy', ''],
    );
    assert.equal((await ask(lab.urls.http ?? '', { host: 'other.example.com' })).status, 404);
    const flags = { requests: '20', connections: '2', threads: '1', cacert: pemFile(t, lab.caPem) };
    const result = await run(await planOf(lab.urls.https, [caseText('gw-https-redirect')], flags));
    assert.equal(result.requests.attributed, 20);
  });

  test('gw-passthrough: the port that passes TLS on is left out, with a note', async (t) => {
    if (isSkipped(t)) return;
    const lab = await caseLab(t, 'gw-passthrough', envoy);
    assert.equal(lab.urls.https, null);
    assert.match(lab.notes.join('\n'), /Gateway shop\/gw listener https: left out: it passes TLS on/);
    assert.equal((await ask(lab.urls.http ?? '', SHOP)).status, 200);
  });
}

const SHOP = { host: 'www.example.com' };
