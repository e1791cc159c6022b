import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '../../../src/errors.js';
import { readManifestTexts } from '../../support/manifests.js';

const configMap = (mesh: string, name = 'istio') => `apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}, namespace: istio-system}
data:
  meshNetworks: 'networks: {}'
  mesh: |
${mesh.replace(/^(?=.)/gm, '    ')}
`;
const MESH = `accessLogFile: /dev/stdout
rootNamespace: mesh-root
defaultDestinationRuleExportTo: ['.']
defaultTrafficPolicy:
  outlierDetection:
    consecutive5xxErrors: 3
`;
const operator = (spec: string, metadata = '') => `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
${metadata}
spec: ${spec}
`;

test('the mesh config of a ConfigMap', async () => {
  const set = await readManifestTexts(configMap(MESH));
  assert.deepEqual(set.skipped, []);
  const [config] = set.meshConfigs ?? [];
  assert.equal(config?.rootNamespace, 'mesh-root');
  assert.deepEqual(config?.destinationRuleExportTo, ['.']);
  assert.deepEqual(config?.defaultTrafficPolicy?.plainMap(), {
    outlierDetection: { consecutive5xxErrors: 3 },
  });
});

test('the mesh config of an IstioOperator, with and without a name', async () => {
  for (const metadata of ['', 'metadata: {name: mine, namespace: istio-system}']) {
    const set = await readManifestTexts(operator('{meshConfig: {rootNamespace: mesh-root}}', metadata));
    assert.deepEqual(
      set.meshConfigs?.map(({ rootNamespace, defaultTrafficPolicy }) => [
        rootNamespace,
        defaultTrafficPolicy,
      ]),
      [['mesh-root', null]],
    );
  }
});

test('others are skipped: another ConfigMap, one without a name or a mesh config, an IstioOperator without one', async () => {
  const set = await readManifestTexts(
    configMap(MESH, 'app'),
    'apiVersion: v1\nkind: ConfigMap\ndata: {mesh: "rootNamespace: a"}',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio-ca-root-cert}\ndata: {root-cert.pem: x}',
    operator('{profile: minimal}'),
    configMap('# nothing\n', 'istio-empty'),
  );
  assert.deepEqual(set.meshConfigs, []);
  assert.equal(set.skipped.length, 4);
  for (const line of set.skipped)
    assert.match(line, /(ConfigMap|IstioOperator) .* skipped: this kind is not read$/);
});

test('errors in it name their line in the file', async () => {
  for (const [from, to, message] of [
    ['mesh-root', '{}', /document 1, line 8: ConfigMap istio-system\/istio: data\.mesh: rootNamespace: /],
    ["['.']", "'.'", /document 1, line 9: .*data\.mesh: defaultDestinationRuleExportTo: "\." is not a list/],
    ["['.']", "['.'", /document 1, line \d+: YAML error/],
  ] as const) {
    await assert.rejects(
      readManifestTexts(configMap(MESH.replace(from, to))),
      (error: Error) => error instanceof UserError && message.test(error.message),
      `${message}`,
    );
  }
});
