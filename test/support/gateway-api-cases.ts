/** Cases of test/fixtures/cases with routes of the Gateway API, for the embedded gateway and a real Envoy alike. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { instrument } from '../../src/instrument/instrument.js';
import { type Lab, type LabOptions, startLab } from '../../src/lab/lab.js';
import { type Answer, askMany, until } from '../lab/client.js';
import { caseText } from './cases.js';
import { runOfDraws } from './draws.js';
import { planOf } from './envoy-lab.js';
import { readManifestTexts } from './manifests.js';

/** Null: the embedded gateway. */
type Gateway = NonNullable<LabOptions['envoy']> | null;

const GRANT = `---
apiVersion: gateway.networking.k8s.io/v1
kind: ReferenceGrant
metadata: { name: g, namespace: canary }
spec:
  from: [{ group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: shop }]
  to: [{ group: "", kind: Service }]
`;

export function gatewayApiCases(envoy: Gateway, isSkipped: (t: TestContext) => boolean): void {
  const start = async (t: TestContext, text: string, faults: readonly string[] = []): Promise<Lab> => {
    const lab = await startLab({ manifests: await readManifestTexts(text), seed: 1, envoy, faults });
    t.after(() => lab.close());
    return lab;
  };

  test('reference-grant: without the grant the share of its backend is answered with 500', async (t) => {
    if (isSkipped(t)) return;
    const text = caseText('reference-grant');
    const lab = await start(t, text);
    const notes = lab.notes.join('\n');
    const statuses = tally(await askMany(lab.urls.http ?? '', 400, 4));
    const refused = statuses[500] ?? 0;
    // 40 % of 400, and five standard deviations.
    assert.ok(refused > 110 && refused < 210, `500 for ${refused} of 400`);
    assert.equal(statuses[200], 400 - refused);
    assert.match(
      notes,
      /rule 1: no ReferenceGrant of namespace canary among the manifests lets HTTPRoutes of namespace shop use Service web-v2: its share is answered with an empty 500/,
    );
    assert.doesNotMatch(notes, /no Service for/);
    const granted = await start(t, text + GRANT);
    assert.deepEqual(tally(await askMany(granted.urls.http ?? '', 40, 4)), { 200: 40 });
    assert.doesNotMatch(granted.notes.join('\n'), /ReferenceGrant/);
  });

  test('reference-grant: a run does not pass what is answered with 500, and says why', async (t) => {
    if (isSkipped(t)) return;
    const text = caseText('reference-grant');
    const lab = await start(t, text);
    const result = await runOfDraws(await planOf(lab.urls.http, [text], LOAD));
    assert.notEqual(result.verdict, 'pass');
    assert.equal(result.notes[0]?.code, 'reference-grant');
    const granted = await start(t, text + GRANT);
    const good = await runOfDraws(await planOf(granted.urls.http, [text + GRANT], LOAD));
    assert.equal(good.verdict, 'pass');
  });

  test('retries: a version that fails keeps its share, and each of its answers was tried three times', async (t) => {
    if (isSkipped(t)) return;
    const text = caseText('retries');
    const lab = await start(t, text, ['web-v2:status=503']);
    const result = await runOfDraws(await planOf(lab.urls.http, [text], LOAD));
    assert.equal(result.split?.verdict, 'pass');
    assert.equal(result.verdict, 'fail', 'every answer of web-v2 is an error');
    const [v1, v2] = result.versions;
    assert.deepEqual([v1?.statuses, v2?.statuses], [{ 200: v1?.requests }, { 503: v2?.requests }]);
    assert.ok(result.notes.some(({ code }) => code === 'retries'));
    const before = lab.counts().versions;
    const failed = tally(await askMany(lab.urls.http ?? '', 200, 4))[503] ?? 0;
    const after = lab.counts().versions;
    assert.equal((after['web-v2'] ?? 0) - (before['web-v2'] ?? 0), 3 * failed);
    assert.equal((after['web-v1'] ?? 0) - (before['web-v1'] ?? 0), 200 - failed);
  });

  test('mirror-percent: that share of the requests is copied, and the answers to copies are dropped', async (t) => {
    if (isSkipped(t)) return;
    const virtual = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: web, namespace: shop }
spec:
  hosts: ["*"]
  gateways: [edge]
  http:
    - mirror: { host: web-v3 }
      mirrorPercentage: { value: 10 }
      route: [{ destination: { host: web-v1 } }]
`;
    for (const text of [caseText('mirror-percent'), virtual]) {
      const lab = await start(t, text);
      const answers = await askMany(lab.urls.http ?? '', 600, 4);
      assert.deepEqual(tally(answers), { 200: 600 });
      assert.ok(answers.every(({ body }) => !body.includes('v3')));
      const copies = () => {
        const arrived = Object.entries(lab.counts().pods).filter(([pod]) => pod.startsWith('v3-'));
        return arrived.reduce((sum, [, count]) => sum + count, 0);
      };
      // Copies may arrive after the answers. 10 % of 600, and five standard deviations.
      await until(() => copies() > 22, 'copies arrive');
      assert.ok(copies() < 98, `${copies()} copies of 600 requests`);
    }
    const foreign = caseText('mirror-percent').replace('name: web-v3,', 'name: web-v3, namespace: canary,');
    const { notes } = await start(t, foreign);
    assert.match(notes.join('\n'), /lets HTTPRoutes of namespace shop use Service web-v3: it gets no copies/);
  });

  test('session-persistence: the lab sets no cookie and follows the weights, and says so', async (t) => {
    if (isSkipped(t)) return;
    const text = caseText('session-persistence');
    const shapes = [
      [text, 'HTTPRoute shop/web, rule 1: session persistence by the cookie sid is left out'],
      [
        text.replace(/sessionPersistence: .*/, 'sessionPersistence: { type: Header, header: { name: x-s } }'),
        'rule 1: session persistence by the header x-s is left out',
      ],
      [
        `${text.replace(/sessionPersistence: .*/, 'name: none')}---
apiVersion: gateway.networking.x-k8s.io/v1alpha1
kind: XBackendTrafficPolicy
metadata: { name: p, namespace: shop }
spec:
  targetRefs: [{ group: "", kind: Service, name: web-v2 }]
  sessionPersistence: { sessionName: s }
`,
        'XBackendTrafficPolicy shop/p: session persistence by the cookie s is left out',
      ],
    ] as const;
    for (const [given, said] of shapes) {
      const lab = await start(t, given);
      assert.ok(lab.notes.some((note) => note.includes(said)));
      const answers = await askMany(lab.urls.http ?? '', 40, 4, { headers: { cookie: 'sid=x', 'x-s': 'y' } });
      assert.deepEqual(tally(answers), { 200: 40 });
      assert.ok(answers.every(({ headers }) => headers['set-cookie'] === undefined));
    }
    const lab = await start(t, text);
    const result = await runOfDraws(await planOf(lab.urls.http, [text], SPLIT));
    assert.equal(result.verdict, 'pass');
  });

  test('backend-tls-policy: the backends of the lab speak plain HTTP, which is said', async (t) => {
    if (isSkipped(t)) return;
    const text = caseText('backend-tls-policy');
    const lab = await start(t, text);
    assert.ok(
      lab.notes.includes(
        "BackendTLSPolicy shop/tls asks for TLS to web-v2: the lab's backends speak plain HTTP, so it is left out",
      ),
    );
    const result = await runOfDraws(await planOf(lab.urls.http, [text], SPLIT));
    assert.equal(result.verdict, 'pass');
    assert.doesNotMatch(JSON.stringify(result.notes), /BackendTLSPolicy/);
    const other = await start(t, text.replace('kind: Service, name: web-v2', 'kind: Service, name: other'));
    assert.doesNotMatch(other.notes.join(), /BackendTLSPolicy/);
  });

  test('dup-backend-filters: instrument tells the two backendRefs apart, and a run judges each', async (t) => {
    if (isSkipped(t)) return;
    const source = { name: 'manifest.yaml', text: caseText('dup-backend-filters'), named: true };
    const { text } = instrument([source], { endpoints: false, force: false });
    const lab = await start(t, text);
    const result = await runOfDraws(await planOf(lab.urls.http, [text], LOAD));
    assert.deepEqual(
      result.versions.map(({ version, expectedShare }) => [version, expectedShare]),
      [
        ['web#1', 0.25],
        ['web#2', 0.75],
      ],
    );
    assert.equal(result.verdict, 'pass');
    assert.ok(result.versions.every(({ requests }) => requests > 200));
    assert.ok(result.notes.every(({ code }) => code !== 'repeated-backend'));
  });
}

/** Enough requests for a tolerance of ten points. */
const LOAD = { requests: '1500', connections: '4', threads: '1', tolerance: '10' };
/** The version of least weight gets too few of 1,500 requests to say something about its errors. */
const SPLIT = { ...LOAD, only: 'split' };

function tally(answers: readonly Answer[]): Readonly<Record<number, number>> {
  const statuses: Record<number, number> = {};
  for (const { status } of answers) statuses[status] = (statuses[status] ?? 0) + 1;
  return statuses;
}
