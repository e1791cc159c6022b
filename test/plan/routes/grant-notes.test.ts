/** A backend in another namespace: whether a ReferenceGrant lets the route use it, and what a run says without one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UserError } from '../../../src/errors.js';
import { caseText } from '../../support/cases.js';
import { planFromFlags } from '../../support/flags.js';
import { readManifestTexts } from '../../support/manifests.js';

const CASE = caseText('reference-grant');

interface Granted {
  readonly version?: string;
  readonly namespace?: string;
  readonly from?: string;
  readonly to?: string;
}

/** The case's grant with a part of it changed. */
const grant = ({ version = 'v1', namespace = 'canary', from, to }: Granted = {}) => `---
apiVersion: gateway.networking.k8s.io/${version}
kind: ReferenceGrant
metadata: { name: g, namespace: ${namespace} }
spec:
  from: [${from ?? '{ group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: shop }'}]
  to: [${to ?? '{ group: "", kind: Service }'}]
`;

async function said(text: string): Promise<readonly string[]> {
  const { notes, judge } = await planFromFlags('http://127.0.0.1:1', { manifest: '-' }, text);
  assert.deepEqual(
    judge.expected?.map(({ name, weight }) => [name, weight]),
    [
      ['web-v1', 60],
      ['web-v2', 40],
    ],
  );
  return notes.filter(({ code }) => code === 'reference-grant').map((note) => note.text);
}

test('without a grant the note says which one, and what the gateway answers', async () => {
  const begin =
    'HTTPRoute shop/web, rule 1: no ReferenceGrant of namespace canary among the manifests lets HTTPRoutes of namespace shop use Service web-v2.';
  const end = 'Shares are judged as if it were there.';
  const istio = `Without it Istio answers 500 for the share of this backend (1.31-dev, Envoy 1.40). ${end}`;
  assert.deepEqual(await said(CASE), [
    `${begin} The manifests have nothing of that namespace, so the cluster may have the grant all the same (kubectl get referencegrant -A -o yaml). ${istio}`,
  ]);
  const service =
    '---\napiVersion: v1\nkind: Service\nmetadata: { name: web-v2, namespace: canary }\nspec: { ports: [{ port: 80 }] }\n';
  assert.deepEqual(await said(CASE + service), [
    `${begin} The manifests have other resources of that namespace, so the grant is probably missing in the cluster too. ${istio}`,
  ]);
  const other = grant({ to: '{ group: "", kind: Service, name: web-v3 }' });
  assert.deepEqual(await said(CASE + other + service), [
    `${begin} The manifests have 1 ReferenceGrant of that namespace, for other uses. ${istio}`,
  ]);
  const [kong] = await said(CASE.replace('gatewayClassName: istio', 'gatewayClassName: kong'));
  assert.ok(
    kong?.includes('Without it Kong leaves the backend out, and its share goes to the others (2026-08-18'),
  );
  const [unknown] = await said(CASE.replace('gatewayClassName: istio', 'gatewayClassName: own'));
  assert.ok(
    unknown?.includes('Without it gateways answer 500 for the share of this backend, or leave it out'),
  );
});

const ALLOW: readonly Granted[] = [
  {},
  { version: 'v1beta1' },
  { to: '{ group: "", kind: Service, name: web-v2 }' },
  { to: '{ group: "", kind: Secret }, { group: "", kind: Service }' },
  {
    from: '{ group: a.b, kind: X, namespace: shop }, { group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: shop }',
  },
];
for (const given of ALLOW) {
  test(`a grant allows it: ${JSON.stringify(given)}`, async () => {
    assert.deepEqual(await said(CASE + grant(given)), []);
  });
}

const DENY: readonly Granted[] = [
  { namespace: 'shop' },
  { to: '{ group: "", kind: Service, name: web-v1 }' },
  { to: '{ group: "", kind: Secret }' },
  { to: '{ group: a.b, kind: Service }' },
  { from: '{ group: gateway.networking.k8s.io, kind: GRPCRoute, namespace: shop }' },
  { from: '{ group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: other }' },
  { from: '{ group: "", kind: HTTPRoute, namespace: shop }' },
  { from: '', to: '' },
];
for (const given of DENY) {
  test(`a grant does not allow it: ${JSON.stringify(given)}`, async () => {
    assert.equal((await said(CASE + grant(given))).length, 1);
  });
}

test('a grant that lacks a field or has one of another type is an error that names it', async () => {
  const wrong = (given: Granted, pattern: RegExp) =>
    assert.rejects(
      said(CASE + grant(given)),
      (error) => error instanceof UserError && pattern.test(error.message),
    );
  await wrong(
    { from: '{ group: g, kind: HTTPRoute }' },
    /line 2\d: ReferenceGrant canary\/g: spec.from\[0\].namespace: is missing/,
  );
  await wrong({ to: '{ group: "", kind: 5 }' }, /spec.to\[0\].kind: 5 is not text/);
  await wrong({ to: 'Service' }, /spec.to\[0\]: "Service" is not a map/);
});

test('the grants of a namespace say nothing of a route whose backends are all its own', async () => {
  assert.deepEqual(await said(CASE.replace('namespace: canary, ', '') + grant({ to: '' })), []);
});

test('mirrors need a grant too, VirtualServices and routes of the mesh need none', async () => {
  const marked = async (text: string) => {
    const { routes } = await readManifestTexts(text);
    return routes.flatMap(({ rules }) =>
      rules.flatMap(({ backends, mirrors }) => [...backends, ...mirrors].map(({ granted }) => granted)),
    );
  };
  const mirror = CASE.replace(
    '- backendRefs:',
    '- filters: [{ type: RequestMirror, requestMirror: { backendRef: { name: m, namespace: canary, port: 80 } } }]\n      backendRefs:',
  );
  assert.deepEqual(await marked(mirror), [undefined, false, false]);
  assert.deepEqual(await marked(mirror + grant()), [undefined, undefined, undefined]);
  const mesh = CASE.replace('[{ name: edge }]', '[{ group: "", kind: Service, name: web }]');
  assert.deepEqual(await marked(mesh), [undefined, undefined]);
  const virtual = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: v, namespace: shop }
spec:
  hosts: [a.example.com]
  http: [{ route: [{ destination: { host: web.canary.svc.cluster.local } }] }]
`;
  assert.deepEqual(await marked(virtual), [undefined]);
});

test('grants of any shape are read, or refused with a UserError', async () => {
  const value = fc.constantFrom('canary', 'shop', 'HTTPRoute', 'Service', '""', '5', '{}', '[]', 'null');
  const entry = fc
    .dictionary(fc.constantFrom('group', 'kind', 'name', 'namespace'), value, { maxKeys: 4 })
    .map(
      (map) =>
        `{ ${Object.entries(map)
          .map(([key, text]) => `${key}: ${text}`)
          .join(', ')} }`,
    );
  const list = fc.array(fc.oneof(entry, value), { maxLength: 3 }).map((items) => items.join(', '));
  const property = fc.asyncProperty(list, list, async (from, to) => {
    try {
      await readManifestTexts(CASE, grant({ from, to }).slice(4));
    } catch (error) {
      assert.ok(error instanceof UserError);
    }
  });
  await fc.assert(property, { seed: 22, numRuns: 200 });
});
