/** What a lab answers as which version of Istio: the same tests for the embedded gateway and for a real Envoy. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type LabOptions, startLab } from '../../src/lab/lab.js';
import { checkGateway } from '../../src/probes/preflight/check-gateway.js';
import { ask } from '../lab/client.js';
import { ejectionsIn } from './case-lab.js';
import { caseText } from './cases.js';
import { planFromFlags } from './flags.js';
import { readManifestTexts } from './manifests.js';

const CASE = caseText('istio-versions');

/** @param skip whether the gateway is not there */
export function istioVersionCases(
  envoy: (LabOptions['envoy'] & object) | null,
  skip: (t: TestContext) => boolean,
): void {
  const start = async (t: TestContext, istio?: string, text = CASE) => {
    const manifests = await readManifestTexts(text);
    const lab = await startLab({ manifests, seed: 1, envoy, ...(istio === undefined ? {} : { istio }) });
    t.after(() => lab.close());
    return { lab, url: lab.urls.http ?? assert.fail('no listener') };
  };

  for (const [istio, status] of [
    [undefined, 404],
    ['1.29', 500],
    ['1.30.3', 404],
    ['1.31', 500],
  ] as const) {
    test(`a rule without backendRefs: ${status} with Istio ${istio ?? '1.30 of the manifests'}`, async (t) => {
      if (skip(t)) return;
      const { lab, url } = await start(t, istio);
      const none = await ask(url, { path: '/none' });
      assert.deepEqual([none.status, none.body], [status, '']);
      assert.equal((await ask(url, { path: '/zero' })).status, 500);
      assert.equal((await ask(url, { path: '/moved' })).status, 302);
      assert.equal((await ask(url)).status, 200);
      const said = lab.notes.filter((note) => /has no backends: .* answers 404/.test(note));
      assert.equal(said.length, status === 404 ? 1 : 0);
    });
  }

  for (const [istio, status, ejections] of [
    ['1.31', 500, 1],
    ['1.32', 500, 0],
  ] as const) {
    test(`outlierDetectionHttpErrorCodes: [503]: ${status} ejects ${ejections} times with Istio ${istio}`, async (t) => {
      if (skip(t)) return;
      assert.equal(await ejectionsIn(t, caseText('dr-error-codes'), status, envoy, istio), ejections);
    });
  }

  for (const [istio, sent] of [
    ['1.23', 3],
    ['1.24', 1],
  ] as const) {
    test(`default retries: a 503 is sent ${sent} times with Istio ${istio}, and run says which`, async (t) => {
      if (skip(t)) return;
      const { lab, url } = await start(t, istio);
      const plan = await planFromFlags(url, { istio });
      const { notes } = (await checkGateway(plan)).plan;
      const said = notes.find(({ code }) => code === 'default-retries')?.text ?? '';
      const is123 = istio === '1.23';
      assert.match(
        said,
        is123 ? /A 503 that a backend answers is retried too, as in Istio 1\.23;/ : /are not retried\.$/,
      );
      assert.equal(
        lab.notes.some((note) => /also made for a 503 of a backend, as in Istio 1\.23$/.test(note)),
        is123,
      );
      const total = () => Object.values(lab.counts().pods).reduce((sum, n) => sum + n, 0);
      lab.setFault('*:status=503');
      const before = total();
      assert.equal((await ask(url)).status, 503);
      assert.equal(total() - before, sent);
    });
  }
}
