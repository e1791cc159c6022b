import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '../../src/errors.js';
import { withoutDocument } from '../../src/instrument/endpoint-filters.js';
import { type Instrumented, instrument } from '../../src/instrument/instrument.js';
import { type Undone, undo } from '../../src/instrument/undo.js';
import type { SourceText } from '../../src/plan/manifests/sources.js';
import { caseText } from '../support/cases.js';
import { assertLinear, LONG } from '../support/linear-time.js';
import { readManifestTexts } from '../support/manifests.js';

const sources = (...texts: string[]): SourceText[] =>
  texts.map((text, i) => ({ name: i === 0 ? 'route.yaml' : `more-${i}.yaml`, text, named: true }));
const instrumented = (...texts: string[]): Instrumented =>
  instrument(sources(...texts), { endpoints: true, force: false });
const undone = (...texts: string[]): Undone => undo(sources(...texts));
const headersOnly = (text: string): string =>
  instrument(sources(text), { endpoints: false, force: false }).text;

/** An HTTPRoute with these lines below `backendRefs:`, from line 8 on. */
function route(refs: string, { namespace = 'istio-test', parents = '[{name: gateway}]' } = {}): string {
  return `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: route${namespace === '' ? '' : `, namespace: ${namespace}`}}
spec:
  parentRefs: ${parents}
  rules:
  - backendRefs:
${refs}`;
}

function virtualService(gateways: string, text = '[{destination: {host: backend}}]'): string {
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: route, namespace: istio-test}
spec:
  hosts: [a.example]
  gateways: ${gateways}
  http:
  - route: ${text}
`;
}

function refuses(text: string, message: RegExp, act: (text: string) => unknown = headersOnly): void {
  assert.throws(
    () => act(text),
    (error) => {
      assert.ok(error instanceof UserError, (error as Error).stack);
      assert.match(error.message, message);
      return true;
    },
  );
}

test('a backend with filters: the header goes into the ResponseHeaderModifier that is there', () => {
  const before = route(`    - name: a
      filters:
      - type: ExtensionRef # mine
        extensionRef: {group: example.com, kind: Filter, name: f}
      - type: ResponseHeaderModifier
        responseHeaderModifier:
          add:
          - name: x-a
            value: b # last
          # about nothing
    - name: b
      port: 80
`);
  const after = headersOnly(before);
  assert.equal(
    after,
    route(`    - name: a
      filters:
      - type: ExtensionRef # mine
        extensionRef: {group: example.com, kind: Filter, name: f}
      - type: ResponseHeaderModifier
        responseHeaderModifier:
          add:
          - name: x-a
            value: b # last
          set:
          - name: x-weighbridge-version
            value: a
          # about nothing
    - name: b
      port: 80
      filters:
      - type: ResponseHeaderModifier
        responseHeaderModifier:
          set:
          - name: x-weighbridge-version
            value: b
`),
  );
  assert.equal(undone(after).text, before);
});

test('names are those of reports, for backends that are called the same and for other kinds than Service', async () => {
  const text = route(`    - {name: a, namespace: one, port: 80}
    - {name: a, namespace: two, port: 80}
    - {name: on, kind: InferencePool, group: inference.networking.k8s.io}
`);
  const { routes } = await readManifestTexts(headersOnly(text));
  const values = routes[0]?.rules[0]?.backends.map(({ responseHeaders }) => responseHeaders?.set[0]?.[1]);
  assert.deepEqual(values, ['one/a', 'two/a', 'on']);
});

test('a header that is there stays, whatever its case; one that says something else is named', () => {
  const text = route(`    - name: a
      filters:
      - {type: ResponseHeaderModifier, responseHeaderModifier: {set: [{name: X-Weighbridge-Version, value: old}]}}
`);
  const result = instrument(sources(text), { endpoints: false, force: false });
  assert.equal(result.text, text);
  assert.equal(result.present, 0);
  assert.match(result.notes.join('\n'), /line 8: .*backendRefs\[0\]: its version header says "old", not "a"/);
  const back = undone(text);
  assert.equal(back.text, text, 'it was there before');
  assert.match(back.left.join('\n'), /line 8: .*backendRefs\[0\]: .* "old", not "a": left as it is/);
});

test('beside a header of another, in any style, those that are missing are put in and taken out', () => {
  const other = '{set: [{name: X-Weighbridge-Version, value: mine}]}';
  const filters = `filters: [{type: ResponseHeaderModifier, responseHeaderModifier: ${other}}]`;
  for (const text of [
    route(`      [{name: a, port: 80}, {name: b, ${filters}}]\n`),
    route(`    - name: a\n    - name: b\n      ${filters}\n`),
    virtualService(
      '[gateway]',
      '[{destination: {host: a}}, {destination: {host: b}, headers: {response: {set: {x-weighbridge-version: mine}}}}]',
    ),
  ]) {
    const { text: after, added } = instrumented(text);
    assert.deepEqual([...added.values()], [1]);
    assert.equal(undone(after).text, text);
  }
});

test('a comment before a document that is taken out may be long', () => {
  assertLinear(
    (text) => assert.equal(withoutDocument(text, text.length - 1, text.length), ''),
    (length) => `# ${'\r'.repeat(length)}x`,
    LONG,
  );
});

test('a text that was half instrumented gets the rest, and undo takes out all of it', () => {
  const bare = route('    - name: a\n    - name: b\n');
  const half = `${headersOnly(route('    - name: a\n'))}    - name: b\n`;
  const whole = headersOnly(half);
  assert.equal(whole, headersOnly(bare));
  assert.equal(undone(whole).text, bare);
});

test('what the text gives once for several places is refused, with file and line', () => {
  refuses(
    route('    - &a {name: a}\n    - *a\n'),
    /^route\.yaml: document 1, line 8: .*backendRefs\[0\]: is used in several places/,
  );
  refuses(
    route(
      '    - name: a\n      filters: &f\n      - {type: CORS, cors: {}}\n    - name: b\n      filters: *f\n',
    ),
    /line \d+: .*filters: is used in several places/,
  );
  refuses(
    `${route('    - <<: {filters: [{type: CORS, cors: {}}]}\n      name: a\n')}`,
    /line 8: .*filters: comes from a merge key/,
  );
  refuses(route('    - name: a\n      filters:\n'), /line 9: .*backendRefs\[0\]\.filters: has no value/);
  refuses(
    route('    - name: a\n      filters:\n      - type: ResponseHeaderModifier\n'),
    /responseHeaderModifier: is missing/,
  );
});

test('anchors that touch nothing which is changed are no hindrance', () => {
  const text = route('    - &a\n      name: a\n      port: &port 80\n    - {name: b, port: *port}\n');
  assert.equal(undone(headersOnly(text)).text, text);
  const merged = route('    - <<: &base {port: 80}\n      name: a\n');
  assert.equal(undone(headersOnly(merged)).text, merged);
});

test('a list that is full is refused before the API server does it', () => {
  const items = Array.from({ length: 16 }, (_, i) => `{name: x-${i}, value: a}`).join(', ');
  refuses(
    route(`    - name: a
      filters: [{type: ResponseHeaderModifier, responseHeaderModifier: {set: [${items}]}}]
`),
    /set: has 16 items already/,
  );
});

test('bad input: no route, no backends, YAML errors, bytes that are no text', () => {
  refuses(
    'apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}]}\n',
    /no HTTPRoute/,
  );
  refuses(route('').replace('- backendRefs:', '- name: nothing'), /no backends/);
  refuses(route('    - {name: a\n'), /^route\.yaml: document 1, line \d+: YAML error/);
  refuses(route('    - name: a # \ufffd\n'), /^route\.yaml is not valid UTF-8/);
  refuses('apiVersion: v1\nkind: Service\nmetadata: {name: a}\n', /no HTTPRoute/, undone);
});

test('endpoints: an EnvoyFilter for each gateway that routes name, in the namespace where its pods are', async () => {
  const several = instrumented(
    route('    - name: a\n', {
      parents: '[{name: one}, {name: two}, {name: far, namespace: edge}, {name: s, kind: Service}]',
    }),
    virtualService('[mesh, gateway, edge/other]'),
    `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: other, namespace: edge}
spec: {selector: {app: edge-gateway}, servers: []}
`,
  );
  assert.deepEqual(
    several.filters.map(({ namespace, name, labels }) => [namespace, name, ...Object.values(labels)]),
    [
      ['istio-test', 'weighbridge-endpoint', 'one'],
      ['istio-test', 'weighbridge-endpoint-two', 'two'],
      ['edge', 'weighbridge-endpoint', 'far'],
      ['istio-system', 'weighbridge-endpoint', 'ingressgateway'],
      ['istio-system', 'weighbridge-endpoint-other', 'edge-gateway'],
    ],
  );
  const set = await readManifestTexts(several.text);
  assert.deepEqual(set.skipped, []);
  assert.equal(set.endpointHeaders?.length, 5);
  const back = undone(several.text);
  assert.equal(back.filters, 5);
  assert.equal(back.deletions.length, 5);
  assert.equal((await readManifestTexts(back.text)).endpointHeaders?.length, 0);
});

test('endpoints: the gateway of a ListenerSet is the one that it names', () => {
  const text = caseText('parent-listenerset');
  const { filters, notes } = instrumented(text);
  assert.deepEqual(
    filters.map(({ namespace, labels }) => [namespace, ...Object.values(labels)]),
    [['shop', 'edge']],
  );
  assert.doesNotMatch(notes.join('\n'), /ListenerSet|not among/);
  const [, , alone = ''] = text.split('---\n');
  const other = instrumented(alone);
  assert.deepEqual(other.filters, []);
  assert.match(other.notes.join('\n'), /ListenerSet shop\/team or its Gateway is not among the manifests/);
});

test('endpoints: none for the mesh and for gateways of others, and no namespace where no manifest names one', () => {
  const mesh = instrumented(virtualService('[mesh]'));
  assert.deepEqual(mesh.filters, []);
  assert.match(mesh.notes.join(), /name no gateway/);
  const gateway = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gateway, namespace: istio-test}
spec: {gatewayClassName: eg, listeners: []}
`;
  const others = instrumented(route('    - name: a\n'), gateway);
  assert.deepEqual(others.filters, []);
  assert.match(others.notes.join(), /Gateway istio-test\/gateway is of class "eg"/);
  const nowhere = instrumented(route('    - name: a\n', { namespace: '' }));
  assert.deepEqual(
    nowhere.filters.map(({ namespace }) => namespace),
    [null],
  );
  assert.doesNotMatch(nowhere.text, /namespace:/);
  assert.deepEqual(undone(nowhere.text).deletions, ['kubectl delete envoyfilter weighbridge-endpoint']);
});

test('an EnvoyFilter that differs in anything is another one: skipped with a word, and left alone', async () => {
  const { text } = instrumented(route('    - name: a\n'));
  for (const [from, to] of [
    ['operation: MERGE', 'operation: REPLACE'],
    ['context: GATEWAY', 'context: ANY'],
    ['%UPSTREAM_REMOTE_ADDRESS%', '%DOWNSTREAM_REMOTE_ADDRESS%'],
    ['name: weighbridge-endpoint', 'name: mine'],
    ['v1alpha3', 'v1beta1'],
    ['  configPatches:', '  priority: 1\n  configPatches:'],
    ['gateway.networking.k8s.io/gateway-name: gateway', '{}'],
  ] as const) {
    const other = text.replace(from, to);
    assert.notEqual(other, text);
    const set = await readManifestTexts(other);
    assert.equal(set.endpointHeaders?.length, 0, to);
    assert.match(set.skipped.join(), /EnvoyFilter .* skipped: (this kind|version v1beta1) is not read/);
    assert.equal(undone(other).filters, 0);
    assert.match(undone(other).text, /kind: EnvoyFilter/);
  }
});

test('an item of a list that is the EnvoyFilter stays: only kubectl delete ends it', () => {
  const { text } = instrumented(route('    - name: a\n'));
  const [first = '', second = ''] = text.split('---\n');
  const indented = (document: string) =>
    document
      .replace(/^(?!#)/gm, '  ')
      .replace(/^ {2}(?=apiVersion)/m, '- ')
      .trimEnd();
  const list = `apiVersion: v1\nkind: List\nitems:\n${indented(first)}\n${indented(second)}\n`;
  const { text: back, filters, deletions } = undone(list);
  assert.equal(filters, 0);
  assert.match(back, /EnvoyFilter/);
  assert.doesNotMatch(back, /x-weighbridge-version/);
  assert.deepEqual(deletions, ['kubectl delete envoyfilter -n istio-test weighbridge-endpoint']);
});

test('several texts become one stream, and come back as that', () => {
  const one = route('    - name: a\n').trimEnd();
  const two = `# two\n${route('    - name: b\n')}`;
  const { text } = instrumented(one, two);
  assert.equal(undone(text).text, `${one}\n---\n${two}`);
  const json = JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } });
  assert.equal(undone(instrumented(json, two).text).text, `---\n${json}\n---\n${two}`);
});
