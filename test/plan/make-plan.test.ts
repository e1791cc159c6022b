/** Planning as a library user does: defaults, and errors that name the library's options. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { OptionError, UserError } from '../../src/errors.js';
import { DEFAULT_JUDGE } from '../../src/plan/judge.js';
import { makePlan } from '../../src/plan/make-plan.js';
import type { Plan } from '../../src/plan/plan.js';
import type { PlanOptions } from '../../src/plan/plan-options.js';
import { readManifestTexts } from '../support/manifests.js';

const URL = 'http://127.0.0.1:8080';
const ROUTE = 'samples/httproute-90-10.yaml';
/** A flag of the command line, which a library user does not know. */
const FLAG = /(^|[\s('"])--?[a-zA-Z]/;

test('a URL alone: everything else has a default', async () => {
  const { target, load, identify, detect, judge } = await makePlan({ url: URL });
  assert.equal(target.method, 'GET');
  assert.deepEqual([load.connections, load.durationMs, load.timeoutMs], [50, 10_000, 10_000]);
  assert.deepEqual(identify.version, { from: 'none' });
  assert.deepEqual(detect, { version: true, endpoint: true });
  assert.deepEqual(judge, DEFAULT_JUDGE);
});

test('manifests, a host and a number of requests', async () => {
  const made = await makePlan({
    url: URL,
    manifests: [ROUTE],
    load: { requests: 20_000 },
    expect: new Map([
      ['2', 90],
      ['1', 10],
    ]),
    map: { 2: ['green', 'lime'] },
    versionFrom: 'header:x-version',
    headers: { 'x-env': 'canary', 'x-empty': '' },
    body: 'text',
    ejection: { after: 3, baseMs: 2000 },
  });
  assert.deepEqual([made.load.requests, made.load.durationMs], [20_000, null]);
  assert.deepEqual(
    made.judge.expected?.map(({ name, weight, mapped }) => [name, weight, mapped]),
    [
      ['2', 90, ['green', 'lime']],
      ['1', 10, []],
    ],
  );
  assert.equal(made.target.host, 'test.devopscube.com');
  assert.deepEqual(made.target.headers.slice(0, 2), [
    ['x-env', 'canary'],
    ['x-empty', ''],
  ]);
  assert.deepEqual(made.target.body, Buffer.from('text'));
  assert.equal(made.target.method, 'POST');
  assert.deepEqual(made.detect, { version: false, endpoint: true });
  assert.equal(made.ejection[0]?.source, 'ejection.after 3, ejection.baseMs 2000');
});

const WRONG: readonly (readonly [options: PlanOptions, message: RegExp, names: readonly string[]])[] = [
  [{}, /^Nothing to send requests to\. Give a URL, or manifests .* with manifests\.$/, ['manifests']],
  [
    { load: { streams: 2 } },
    /^load\.streams are requests at once .*: give http2 too\.$/,
    ['load.streams', 'http2'],
  ],
  [
    { http2: true, load: { streams: 2, keepalive: false } },
    /^load\.streams and load\.keepalive contradict each other/,
    ['load.streams', 'load.keepalive'],
  ],
  [{ load: { requests: 1.5 } }, /^load\.requests: 1\.5 is not a whole number\.$/, ['load.requests']],
  [
    { load: { connections: 0 } },
    /^load\.connections: 0 is out of range: 1 to 20000\.$/,
    ['load.connections'],
  ],
  [{ load: { durationMs: 0 } }, /^load\.durationMs: 0 is out of range: above 0/, ['load.durationMs']],
  [{ load: { rampMs: Number.NaN } }, /^load\.rampMs: NaN is out of range/, ['load.rampMs']],
  [{ load: { warmup: { requests: -1 } } }, /^load\.warmup: -1 is out of range/, ['load.warmup']],
  [
    { load: { seed: 4 } },
    /^load\.seed is for values such as {{uuid}}, and for an open loop: give load\.ratePerSecond too/,
    ['load.seed', 'load.ratePerSecond'],
  ],
  [
    { url: `${URL}/{{uuid}}`, values: false, load: { seed: 4 } },
    /^load\.seed is for values/,
    ['load.seed', 'load.ratePerSecond'],
  ],
  [
    { load: { cookies: 'all' as 'off' } },
    /^load\.cookies: 'all' is neither off nor connection/,
    ['load.cookies'],
  ],
  [
    { load: { driver: 'curl' as 'wire' } },
    /^load\.driver: 'curl' is none of auto, wire, undici/,
    ['load.driver'],
  ],
  [
    { http2: true, load: { driver: 'wire' } },
    /load\.driver and http2 contradict each other: wire sends HTTP\/1\.1 only/,
    ['load.driver', 'http2'],
  ],
  [
    { headers: { 'X-Id': 'a {{s3cret}}' } },
    /^headers: the value of X-Id has something(?!.*s3cret)/,
    ['headers', 'values'],
  ],
  [
    { body: '{{ uid }}' },
    /^body has '{{ uid }}', which is no value\. Values are {{uuid}}, /,
    ['body', 'values'],
  ],
  [{ body: 'a{{b' }, /^body has '{{' without '}}' behind it/, ['body', 'values']],
  [{ url: `${URL}/?a={{rand 9 1}}` }, /^The path has {{rand …}} without two whole numbers/, ['values']],
  [
    { host: '{{seq}}.example' },
    /^host: '{{seq}}\.example' has double braces, but the Host is the same/,
    ['host'],
  ],
  [{ tolerance: 2 }, /^tolerance: 2 is out of range: above 0, at most 1\.$/, ['tolerance']],
  [{ confidence: 95 }, /^confidence: 95 is out of range: 0\.5 to 0\.9999\.$/, ['confidence']],
  [{ bodyLimitBytes: 5 }, /^bodyLimitBytes: 5 is out of range/, ['bodyLimitBytes']],
  [{ expect: { v1: -1 } }, /^expect: the weight in 'v1=-1' is not a number from 0/, ['expect']],
  [{ expect: { v1: Number.NaN } }, /^expect: the weight in 'v1=NaN' is not a number/, ['expect']],
  [{ expect: { v1: 0 } }, /^expect: all weights are 0/, ['expect']],
  [{ expect: { v1: 1 }, map: { v2: 'x' } }, /^map: 'v2' is not an expected version/, ['map']],
  [{ map: { v2: 'x' } }, /^map says .*: give expect or manifests too/, ['map', 'expect', 'manifests']],
  [{ rule: 1 }, /^rule chooses among manifests: give them with manifests\.$/, ['rule', 'manifests']],
  [{ versionFrom: 'nowhere' }, /^versionFrom "nowhere": expected header:NAME/, ['versionFrom']],
  [
    { versionFrom: { from: 'body', pattern: '(a)\\1', flags: '' } },
    /^versionFrom "body:\/\(a\)\\1\/": is not a usable regular expression \(RE2\): RE2 has no back-references/,
    ['versionFrom'],
  ],
  [{ headers: { 'a b': 'c' } }, /^headers: 'a …' is not a header/, ['headers']],
  [{ headers: { a: 'b\r\nc: d' } }, /^headers: the value of a has characters/, ['headers']],
  [{ tls: { verify: false, ca: 'PEM' } }, /^tls\.verify and tls\.ca contradict/, ['tls.verify', 'tls.ca']],
  [{ tls: { cert: 'PEM' } }, /^tls\.cert and tls\.key belong together/, ['tls.cert', 'tls.key']],
  [{ sni: 'a.example' }, /^sni is about TLS/, ['sni']],
  [
    { unixSocket: '/x', resolve: ['a:80:127.0.0.1'] },
    /^unixSocket and resolve contradict/,
    ['unixSocket', 'resolve'],
  ],
  [{ ejection: { baseMs: 0.5 } }, /^ejection\.baseMs: 0\.5 is out of range/, ['ejection.baseMs']],
  [
    { ejection: { maxPercent: 101 } },
    /^ejection\.maxPercent: 101 is out of range: 0 to 100/,
    ['ejection.maxPercent'],
  ],
];
for (const [options, message, names] of WRONG) {
  test(`refused: ${JSON.stringify(options)}`, async () => {
    const error = await makePlan(names[0] === 'manifests' ? options : { url: URL, ...options }).catch(
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof OptionError, String(error));
    assert.match(error.message, message);
    assert.deepEqual([...new Set(error.options)], names);
    assert.equal(error.exitCode, 2);
    assert.doesNotMatch(error.message, FLAG);
  });
}

const GATEWAY = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw}
spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}
`;
const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {}\n';

/** @param rules in YAML's flow style */
function route(name: string, hosts: string, rules: string, parent = 'gw'): string {
  return `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: ${name}}
spec: {parentRefs: [{name: ${parent}}], hostnames: [${hosts}], rules: [${rules}]}
`;
}

const matching = (match: string) => `{matches: [{${match}}], backendRefs: [{name: b, port: 80}]}`;
const SPLIT = '{backendRefs: [{name: b, port: 80}]}';
const RAND_RULES = [
  matching('path: {value: /1}'),
  matching('path: {value: /2}'),
  matching('path: {value: /3}, queryParams: [{name: q, value: w}]'),
].join(', ');
const TWO_PATHS = [matching('path: {value: /a}'), matching('path: {value: /b}')].join(', ');
const ONE = route('one', 'a.example', SPLIT);
const A_REGEX = '{type: RegularExpression, name: x-user, value: "a+"}';

/** What is wrong in manifests, or in how options choose among them, and the options that the error names. */
const WRONG_MANIFESTS: readonly (readonly [
  what: string,
  texts: readonly string[],
  options: PlanOptions,
  names: readonly string[],
])[] = [
  ['no route', [SERVICE], { url: URL }, ['manifests']],
  ['a rule that does not exist', [ONE], { url: URL, rule: 'x' }, ['rule']],
  ['a host without a route', [ONE], { url: URL, host: 'b.example' }, ['host']],
  ['several hosts', [ONE, route('two', 'b.example', SPLIT)], { url: URL }, ['host']],
  ['a path without a rule', [route('r', 'a.example', TWO_PATHS)], { url: `${URL}/c` }, ['rule']],
  ['rules for different paths', [route('r', 'a.example', TWO_PATHS)], { url: URL }, ['headers', 'rule']],
  ['rules on different gateways', [ONE, route('two', 'a.example', SPLIT, 'other')], { url: URL }, ['rule']],
  ['a route without its Gateway', [ONE], {}, ['manifests']],
  ['a Gateway without an address', [ONE, GATEWAY], {}, []],
  ['a wildcard', [route('r', '"*.example"', SPLIT)], { url: URL }, ['host']],
  [
    'a regular expression as path',
    [route('r', 'a.example', matching('path: {type: RegularExpression, value: "/a+"}'))],
    { url: URL },
    [],
  ],
  [
    'a regular expression as header',
    [route('r', 'a.example', matching(`headers: [${A_REGEX}]`))],
    { url: URL },
    ['headers'],
  ],
  [
    'a rule without backends',
    [route('r', 'a.example', '{backendRefs: []}')],
    { url: URL },
    ['rule', 'expect'],
  ],
  [
    'weights of 0',
    [route('r', 'a.example', '{backendRefs: [{name: b, port: 80, weight: 0}]}')],
    { url: URL },
    ['rule', 'expect'],
  ],
];
for (const [what, texts, options, names] of WRONG_MANIFESTS) {
  test(`refused with manifests: ${what}`, async () => {
    const manifests = await readManifestTexts(...texts);
    const error = await makePlan({ ...options, manifests }).catch((reason: unknown) => reason);
    assert.ok(error instanceof UserError, String(error));
    assert.deepEqual(error instanceof OptionError ? [...new Set(error.options)] : [], names, error.message);
    assert.doesNotMatch(error.message.replace(/kubectl [^)]*/g, ''), FLAG);
  });
}

test('files that cannot be read: the option, or the file', async () => {
  for (const manifests of [[''], ['-', '-'], ['/no/such/file.yaml'], ['src/io']]) {
    const error = await makePlan({ url: URL, manifests }).catch((reason: unknown) => reason);
    assert.ok(error instanceof UserError, String(error));
    assert.doesNotMatch(error.message, FLAG);
  }
});

test('of notes without end a thousand are kept, and one says so', async () => {
  const others = Array.from(
    { length: 1500 },
    (_, i) => `{apiVersion: v1, kind: ConfigMap, metadata: {name: c${i}}}`,
  );
  const manifests = await readManifestTexts([readFileSync(ROUTE, 'utf8'), ...others].join('\n---\n'));
  const { notes } = await makePlan({ url: URL, manifests });
  assert.equal(notes.length, 1001);
  assert.equal(notes.at(-1)?.code, 'notes-bounded');
  assert.match(notes.at(-1)?.text ?? '', /^5\d\d notes more on the manifests are left out\.$/);
});

test('names that no label can be equal to are refused', async () => {
  const long = 'v'.repeat(257);
  await assert.rejects(
    makePlan({ url: URL, expect: { [long]: 1 } }),
    /^OptionError: expect: 'v+…' has more than 256/,
  );
  await assert.rejects(
    makePlan({ url: URL, expect: { v1: 1 }, map: { v1: long } }),
    /map: 'v+…' has more than 256/,
  );
});

test('values are found in path, headers and body; without them, double braces are text', async () => {
  const none = await makePlan({ url: `${URL}/a?b={c}`, headers: { 'x-a': '{' }, body: '{"a":{"b":1}}' });
  assert.equal(none.target.values, false);
  for (const options of [
    { url: `${URL}/{{uuid}}` },
    { url: URL, headers: { 'x-id': 'a{{ seq }}b' } },
    { url: URL, body: Uint8Array.of(0xff, ...Buffer.from('{"n":{{rand -3 3}}}')) },
  ]) {
    assert.equal((await makePlan({ ...options, load: { seed: 4 } })).target.values, true);
    assert.equal((await makePlan({ ...options, values: false })).target.values, false);
  }
});

test('a rule is chosen by the first request; a note says if the next ones are answered by another', async () => {
  const plan = async (path: string, headers: Record<string, string> = {}) => {
    const manifests = await readManifestTexts(`${GATEWAY}---${route('r', 'a.example', RAND_RULES)}`);
    return makePlan({
      url: `${URL}${path}`,
      host: 'a.example',
      manifests,
      headers,
      load: { seed: 1, threads: 1 },
    });
  };
  const noteOf = ({ notes }: Plan) => notes.find(({ code }) => code === 'values-choose-rule')?.text;
  const varying = await plan('/{{rand 1 2}}/x');
  assert.match(
    noteOf(varying) ?? '',
    /^Which rule takes a request depends on its values: .* was selected by the first request, and of the next 19 another takes \d+\.$/,
  );
  assert.equal(varying.target.path, '/{{rand 1 2}}/x');
  const kept = await plan('/1/{{uuid}}?a={{seq}}', { 'x-id': '{{uuid}}' });
  assert.equal(noteOf(kept), undefined);
  assert.equal(kept.target.path, '/1/{{uuid}}?a={{seq}}');
  // The rule asks for a query parameter, which is added to the path with its values.
  const added = await plan('/3/{{seq}}');
  assert.equal(added.target.path, '/3/{{seq}}?q=w');
  assert.equal(added.target.url, `${URL}/3/{{seq}}?q=w`);
});
