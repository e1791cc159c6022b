import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { UserError } from '../../../src/errors.js';
import { readManifests } from '../../../src/plan/manifests/index.js';
import { readManifestTexts } from '../../support/manifests.js';

const noStdin = () => Promise.reject(new Error('standard input was read'));

async function problem(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => assert.fail('no error'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof UserError, String(error));
  assert.equal(error.exitCode, 2);
  return error.message;
}

const route = (spec: string, kind = 'HTTPRoute', apiVersion = 'gateway.networking.k8s.io/v1') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: r, namespace: n}\nspec: ${spec}\n`;
const virtual = (spec: string) => route(spec, 'VirtualService', 'networking.istio.io/v1');

test('a field error names file, document, line, resource and field', async () => {
  const text = `# a comment
apiVersion: v1
kind: ConfigMap
metadata: {name: x}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: backend-route
  namespace: istio-test
spec:
  rules:
    - backendRefs:
        - name: backend-v1
        - name: backend-v2
          weight: -5
`;
  assert.equal(
    await problem(readManifestTexts(text)),
    'standard input: document 2, line 16: HTTPRoute istio-test/backend-route: spec.rules[0].backendRefs[1].weight: -5 is not a whole number from 0 to 1000000',
  );
});

const WEIGHTS: readonly [string, RegExp][] = [
  ['-1', /weight: -1 is not a whole number from 0 to 1000000$/],
  ['1000001', /weight: 1000001 is not/],
  ['.nan', /weight: NaN is not/],
  ['.inf', /weight: Infinity is not/],
  ['0.5', /weight: 0\.5 is not/],
  ['"10"', /weight: "10" is not/],
  ['true', /weight: true is not/],
  ['[1]', /weight: a list is not/],
  ['{a: 1}', /weight: a map is not/],
];
for (const [weight, expected] of WEIGHTS) {
  test(`weight ${weight} is refused`, async () => {
    const text = route(`{rules: [{backendRefs: [{name: a, weight: ${weight}}]}]}`);
    assert.match(await problem(readManifestTexts(text)), expected);
  });
}

const FIELDS: readonly [name: string, text: string, expected: RegExp][] = [
  [
    'backendRef without name',
    route('{rules: [{backendRefs: [{port: 80}]}]}'),
    /backendRefs\[0\]\.name: is missing/,
  ],
  ['port out of range', route('{rules: [{backendRefs: [{name: a, port: 70000}]}]}'), /port: 70000 is not/],
  ['rules that are no list', route('{rules: {a: 1}}'), /spec\.rules: a map is not a list/],
  ['spec that is no map', route('[1]'), /spec: a list is not a map/],
  ['duplicate keys', route('{rules: [], rules: []}'), /line 4: HTTPRoute n\/r: spec\.rules: is given twice/],
  ['hostname', route('{hostnames: ["a b"]}'), /spec\.hostnames\[0\]: is not a hostname/],
  [
    'path type',
    route('{rules: [{matches: [{path: {type: Glob}}]}]}'),
    /"Glob" is not one of PathPrefix, Exact,/,
  ],
  ['path without slash', route('{rules: [{matches: [{path: {value: api}}]}]}'), /does not begin with \//],
  [
    'path with a line break',
    route('{rules: [{matches: [{path: {value: "/a\\r\\nb"}}]}]}'),
    /path may not have/,
  ],
  [
    'regular expression',
    route('{rules: [{matches: [{path: {type: RegularExpression, value: "/a("}}]}]}'),
    /line 4: HTTPRoute n\/r: .*path\.value: is not a usable regular expression \(RE2\): missing closing \): \/a\($/,
  ],
  [
    'look-ahead',
    route('{rules: [{matches: [{path: {type: RegularExpression, value: "/(?!a)b"}}]}]}'),
    /path\.value: is not a usable regular expression \(RE2\): RE2 has no look-ahead/,
  ],
  [
    'back-reference',
    virtual('{http: [{match: [{headers: {x-a: {regex: "(a)\\\\1"}}}]}]}'),
    /line 4: .*headers\.x-a\.regex: is not a usable .* RE2 has no back-references/,
  ],
  [
    'two expressions of a gRPC method that make one that is too large',
    route(
      '{rules: [{matches: [{method: {type: RegularExpression, service: "a{600}", method: "b{600}"}}]}]}',
      'GRPCRoute',
    ),
    /line 4: .*matches\[0\]\.method: is not a usable .*too large/,
  ],
  [
    'header value with a line break',
    route('{rules: [{matches: [{headers: [{name: a, value: "x\\ny"}]}]}]}'),
    /header may not have/,
  ],
  [
    'header name',
    route('{rules: [{matches: [{headers: [{name: "a b", value: x}]}]}]}'),
    /not the name of a header/,
  ],
  ['method', route('{rules: [{matches: [{method: "GET /"}]}]}'), /not a request method/],
  ['timeout', route('{rules: [{timeouts: {request: 10}}]}'), /timeouts\.request: 10 is not text/],
  ['duration', route('{rules: [{timeouts: {request: soon}}]}'), /is not a duration/],
  ['unknown alias', route('{rules: *nothing}'), /the alias \*nothing has no anchor/],
  ['no name', 'apiVersion: v1\nkind: Service\nmetadata: {}\n', /metadata\.name: is missing/],
  ['no kind', 'apiVersion: v1\n', /line 1: kind: is missing/],
  ['no map', '- 1\n', /is not a Kubernetes resource/],
  ['text', 'hello\n', /is not a Kubernetes resource/],
  ['YAML error', 'a: 1\nb: [1\nc: 2\n', /^standard input: document 1, line \d: YAML error: /],
  ['nothing', '', /^standard input: there is no manifest in it \(it is empty\)$/],
  ['only comments', '# nothing\n---\n', /there is no manifest in it/],
  [
    'an empty list',
    'apiVersion: v1\nkind: List\nitems: []\n',
    /the list has no items; did kubectl find nothing/,
  ],
  ['deep nesting', '['.repeat(20_000), /YAML error: nested too deeply/],
  [
    'destination without host',
    virtual('{http: [{route: [{destination: {subset: v1}}]}]}'),
    /route\[0\]\.destination\.host: is missing/,
  ],
  [
    'two ways to match',
    virtual('{http: [{match: [{uri: {exact: /, prefix: /}}]}]}'),
    /uri: has more than one of exact, prefix and regex/,
  ],
  [
    'percentage',
    virtual('{http: [{fault: {abort: {httpStatus: 503, percentage: {value: 120}}}}]}'),
    /percentage\.value: 120 is not a number from 0 to 100/,
  ],
  [
    'listener without port',
    route('{listeners: [{name: http, protocol: HTTP}]}', 'Gateway'),
    /listeners\[0\]\.port: is missing/,
  ],
  [
    'address',
    `${route('{listeners: []}', 'Gateway')}status: {addresses: [{value: "a b"}]}\n`,
    /status\.addresses\[0\]\.value: is neither an IP address nor a hostname/,
  ],
];
for (const [name, text, expected] of FIELDS) {
  test(`refused: ${name}`, async () => {
    assert.match(await problem(readManifestTexts(text)), expected);
  });
}

test('escape sequences of a manifest never reach a message', async () => {
  const messages = [
    await problem(readManifestTexts(route('{hostnames: ["\\e[31mred", 5]}'))),
    await problem(readManifestTexts(route('{rules: [{matches: [{path: {type: "\\e]0;title\\a"}}]}]}'))),
    (await readManifestTexts('apiVersion: "v\\e[2J"\nkind: "K\\e[2J"\nmetadata: {name: "n\\u202e"}'))
      .skipped[0],
  ];
  for (const message of messages)
    assert.doesNotMatch(message as string, /[\u0000-\u001f\u007f-\u009f\u202e]/);
});

test('aliases of aliases are given up, not followed for ever', async () => {
  const levels = Array.from({ length: 9 }, (_, i) => {
    const list = i === 0 ? '{name: x}' : Array.from({ length: 10 }, () => `*a${i - 1}`).join(', ');
    return `  a${i}: &a${i} [${list}]`;
  });
  const bomb = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: d}
spec:
${levels.join('\n')}
  host: h
  trafficPolicy: {x: *a8}
`;
  assert.match(await problem(readManifestTexts(bomb)), /more than 1000000 values to read; are there aliases/);
});

test('an alias to itself and a merge of itself are errors', async () => {
  const rule = (policy: string) =>
    `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: d}\nspec: {host: h, trafficPolicy: ${policy}}\n`;
  assert.match(await problem(readManifestTexts(rule('&a {x: *a}'))), /nested more than 50 deep/);
  assert.match(await problem(readManifestTexts(rule('&a {<<: *a}'))), /merges more than 50 deep/);
});

test('sources: folders, missing files, empty folders, large files, standard input twice', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'weighbridge-manifests-'));
  t.after(() => rm(folder, { recursive: true }));
  const good = join(folder, 'good');
  await mkdir(join(good, 'sub.yaml'), { recursive: true });
  await mkdir(join(folder, 'empty'));
  await writeFile(join(good, 'b.yml'), route('{hostnames: [b]}').replace('name: r', 'name: b'));
  await writeFile(join(good, 'a.json'), JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap' }));
  await writeFile(join(good, 'c.yaml'), '# nothing yet\n');
  await writeFile(join(good, 'notes.txt'), 'a: [');
  await writeFile(join(folder, 'large.yaml'), 'a'.repeat(8 * 1024 * 1024 + 1));
  const many = join(folder, 'many');
  await mkdir(many);
  for (const name of 'abcde') await writeFile(join(many, `${name}.yaml`), '#'.repeat(7 * 1024 * 1024));
  await writeFile(join(folder, 'wide.yaml'), `\ufeff${route('{hostnames: [w]}')}`, 'utf16le');
  const text = route('{hostnames: [stdin]}');
  const set = await readManifests([good, '-', join(folder, 'wide.yaml')], async () =>
    text.replace('name: r', 'name: s'),
  );
  assert.deepEqual(
    set.routes.map(({ hostnames }) => hostnames[0]),
    ['b', 'stdin', 'w'],
  );
  assert.match(
    set.skipped.join(),
    /a\.json: document 1, line 1: ConfigMap \? skipped: this kind is not read/,
  );

  const missing = join(folder, 'missing.yaml');
  assert.equal(await problem(readManifests([missing], noStdin)), `${missing}: no such file or folder`);
  assert.match(await problem(readManifests([join(folder, 'empty')], noStdin)), /the folder holds no \.yaml/);
  assert.match(await problem(readManifests([join(folder, 'large.yaml')], noStdin)), /8\.0 MiB are too much/);
  assert.match(
    await problem(readManifests([many], noStdin)),
    /e\.yaml: with it the manifests are more than 32 MiB/,
  );
  // A device without an end.
  assert.match(await problem(readManifests(['/dev/zero'], noStdin)), /^\/dev\/zero: 8\.0 MiB are too much/);
  assert.match(await problem(readManifests([''], noStdin)), /^manifests: the file name is empty/);
  assert.match(await problem(readManifests(['a\0b'], noStdin)), /not a file name/);
  assert.match(await problem(readManifests(['-', '-'], noStdin)), /^manifests - is given twice/);
});
