/** Cases of test/fixtures/cases in a lab: whether the gateway ejects a pod that fails. */
import type { TestContext } from 'node:test';
import { adminClient } from '../../src/lab/envoy/admin-client.js';
import { type LabOptions, startLab } from '../../src/lab/lab.js';
import { askMany } from '../lab/client.js';
import { readManifestTexts } from './manifests.js';

/**
 * Ejections of web-v2's pods after v2-0 answered many requests with this status.
 *
 * @param text manifests of the lab
 */
export async function ejectionsIn(
  t: TestContext,
  text: string,
  status: number,
  envoy: LabOptions['envoy'] = null,
): Promise<number> {
  const manifests = await readManifestTexts(text);
  const lab = await startLab({ manifests, seed: 1, envoy, faults: [`v2-0:status=${status}`] });
  t.after(() => lab.close());
  await askMany(lab.urls.http ?? '', 80, 4, { host: 'www.example.com' });
  if (lab.adminUrl === null)
    return lab.counts().ejections.filter(({ action }) => action === 'ejected').length;
  const stats = await adminClient(lab.adminUrl).stats();
  const name =
    'cluster.outbound|80||web-v2.shop.svc.cluster.local;.outlier_detection.ejections_enforced_total';
  return stats[name] ?? 0;
}
