import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Flags } from '../../../src/cli/options/flags.js';
import { UserError } from '../../../src/errors.js';
import { packageRoot } from '../../../src/io/package-root.js';
import { DEFAULT_JUDGE } from '../../../src/plan/judge.js';
import { planFromFlags as planOf } from '../../support/flags.js';

const URL = 'http://127.0.0.1:8080';
const sample = (name: string) => join(packageRoot(), 'samples', name);
const route = sample('httproute-90-10.yaml');
const routeText = readFileSync(route, 'utf8');
const kubectl = readFileSync(sample('kubectl-get.yaml'), 'utf8');

const folder = mkdtempSync(join(tmpdir(), 'weighbridge-plan-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function refused(url: string | undefined, flags: Flags, message: RegExp, stdin = ''): Promise<void> {
  await assert.rejects(planOf(url, flags, stdin), (error: unknown) => {
    assert.ok(error instanceof UserError, String(error));
    assert.match(error.message, message);
    assert.equal(error.exitCode, 2);
    return true;
  });
}

test('a URL alone: its defaults', async () => {
  const plan = await planOf('http://203.0.113.7/a?b=1');
  assert.equal(plan.target.url, 'http://203.0.113.7/a?b=1');
  assert.deepEqual(plan.target.connectTo, [{ kind: 'tcp', host: '203.0.113.7', port: 80 }]);
  assert.equal(plan.target.host, '203.0.113.7');
  assert.equal(plan.target.sni, null);
  assert.equal(plan.target.path, '/a?b=1');
  assert.equal(plan.target.method, 'GET');
  assert.deepEqual(plan.judge, DEFAULT_JUDGE);
  assert.equal(plan.load.connections, 50);
  assert.equal(plan.load.durationMs, 10_000);
  assert.equal(plan.load.timeoutMs, 10_000);
  assert.equal(plan.load.requests, null);
  assert.equal(plan.load.mode, 'closed');
});

test('kubectl get -o yaml on standard input gives target, Host, weights and policies', async () => {
  const plan = await planOf(undefined, { manifest: '-' }, kubectl);
  assert.equal(plan.target.url, 'http://203.0.113.7/');
  assert.deepEqual(plan.target.connectTo, [{ kind: 'tcp', host: '203.0.113.7', port: 80 }]);
  assert.equal(plan.target.host, 'test.devopscube.com');
  assert.deepEqual(
    plan.judge.expected?.map(({ name, share }) => [name, share]),
    [
      ['backend-v1', 0.9],
      ['backend-v2', 0.1],
    ],
  );
  assert.equal(plan.policies.length, 2);
  const codes = plan.notes.map(({ code }) => code);
  assert.ok(codes.includes('derived-address') && codes.includes('derived-host'), codes.join());
});

test('a route and a URL: the URL says where, the route which Host', async () => {
  const plan = await planOf('http://127.0.0.1:8080', { manifest: route });
  assert.deepEqual(plan.target.connectTo, [{ kind: 'tcp', host: '127.0.0.1', port: 8080 }]);
  assert.equal(plan.target.host, 'test.devopscube.com');
  assert.equal(plan.target.url, 'http://127.0.0.1:8080/');
});

test('-f and --expect: --expect names the versions and their weights, the manifests the rest', async () => {
  const plan = await planOf(undefined, { manifest: '-', expect: 'v1=50,v2=50' }, kubectl);
  assert.deepEqual(
    plan.judge.expected?.map(({ name, share }) => [name, share]),
    [
      ['v1', 0.5],
      ['v2', 0.5],
    ],
  );
  assert.equal(plan.target.host, 'test.devopscube.com');
});

test('several -f are put together', async () => {
  const plan = await planOf(URL, { manifest: [route, sample('destinationrules.yaml')] });
  assert.equal(plan.policies.length, 2);
});

test('Host, SNI and headers', async () => {
  const plan = await planOf('https://203.0.113.7:8443', {
    host: 'a.example.com:8443',
    header: ['x-a: 1', 'X-B:2'],
    data: 'body',
  });
  assert.equal(plan.target.host, 'a.example.com:8443');
  assert.equal(plan.target.sni, 'a.example.com');
  assert.equal(plan.target.method, 'POST');
  assert.deepEqual(plan.target.headers.slice(0, 2), [
    ['x-a', '1'],
    ['X-B', '2'],
  ]);
  const given = await planOf('https://203.0.113.7', { host: 'a.example.com', sni: 'b.example.com' });
  assert.equal(given.target.sni, 'b.example.com');
  const fromHeader = await planOf('https://203.0.113.7', { header: 'Host: c.example.com' });
  assert.equal(fromHeader.target.host, 'c.example.com');
  assert.equal(fromHeader.target.sni, 'c.example.com');
});

test('--connect-to, --resolve and --unix-socket say where connections go', async () => {
  const to = async (flags: Flags) => (await planOf('http://a.example.com:81', flags)).target.connectTo;
  const tcp = (host: string, port: number) => ({ kind: 'tcp', host, port });
  assert.deepEqual(await to({ 'connect-to': '::127.0.0.1:8080' }), [tcp('127.0.0.1', 8080)]);
  assert.deepEqual(await to({ 'connect-to': ['::127.0.0.1:8080', '::127.0.0.2:'] }), [
    tcp('127.0.0.1', 8080),
    tcp('127.0.0.2', 81),
  ]);
  assert.deepEqual(await to({ resolve: 'a.example.com:81:[::1]' }), [tcp('::1', 81)]);
  assert.deepEqual(await to({ resolve: 'a.example.com:81:[::1],127.0.0.1' }), [
    tcp('::1', 81),
    tcp('127.0.0.1', 81),
  ]);
  assert.deepEqual(await to({ resolve: 'a.example.com:82:[::1]' }), [tcp('a.example.com', 81)]);
  assert.deepEqual(await to({ 'unix-socket': '/run/gw.sock' }), [{ kind: 'unix', path: '/run/gw.sock' }]);
});

test('-d @FILE reads bytes as they are', async () => {
  const path = file('body.bin', 'line\n"quoted"\n');
  const plan = await planOf(URL, { data: `@${path}`, method: 'PUT' });
  assert.equal(Buffer.from(plan.target.body as Uint8Array).toString(), 'line\n"quoted"\n');
  assert.equal(plan.target.method, 'PUT');
});

test('secret names: those of --secret, in small letters', async () => {
  const plan = await planOf(URL, { secret: ['X-Tenant', 'x-other'] });
  assert.deepEqual(plan.secretHeaders, ['x-tenant', 'x-other']);
});

test('tolerances are points or parts of the share, for all versions and for one; confidence is in percent', async () => {
  const of = async (tolerance: string | string[]) =>
    (await planOf(URL, { expect: 'v1=9,v2=1', tolerance, confidence: '99' })).judge;
  assert.equal((await of('0.5')).confidence, 0.99);
  assert.deepEqual((await of('0.5')).tolerance, { all: { fraction: 0.005, of: 'requests' }, versions: [] });
  assert.deepEqual((await of(['20%', 'v2=1'])).tolerance, {
    all: { fraction: 0.2, of: 'share' },
    versions: [{ version: 'v2', tolerance: { fraction: 0.01, of: 'requests' } }],
  });
  await assert.rejects(of('v3=1'), /^UserError: --tolerance: 'v3' is not an expected version/);
  await assert.rejects(of('2,3'), /^UserError: --tolerance: the value for all versions is given twice/);
});

const onURL: readonly (readonly [name: string, flags: Flags, message: RegExp])[] = [
  ['a rate in words', { rate: 'abc' }, /^--rate: 'abc' is not a number/],
  ['a rate of 0', { rate: '0' }, /^--rate: 0 is out of range/],
  ['a tolerance in words', { tolerance: 'abc' }, /^--tolerance: 'abc' is not a number/],
  ['a tolerance of 0', { tolerance: '0' }, /^--tolerance: 0 is out of range: above 0, at most 100\.$/],
  [
    'a tolerance above 100',
    { tolerance: '101' },
    /^--tolerance: 101 is out of range: above 0, at most 100\.$/,
  ],
  ['a confidence of 100', { confidence: '100' }, /^--confidence: 100 is out of range/],
  ['a scalar twice', { connections: ['5', '6'] }, /^--connections was given 2 times; give it once/],
  [
    'a duration without a unit of time',
    { duration: '5 parsecs' },
    /^--duration: '5 parsecs' is not a duration/,
  ],
  ['a negative duration', { duration: '-5s' }, /^--duration: '-5s' is not a duration/],
  ['a run of no time', { duration: '0s' }, /^--duration: must be longer than 0/],
  ['a time-out of 0', { timeout: '0' }, /^--timeout: must be longer than 0/],
  ['no requests', { requests: '0' }, /^--requests: 0 is out of range/],
  ['a fraction of a request', { requests: '1.5' }, /^--requests: '1.5' is not a whole number/],
  ['a bad warm-up', { warmup: 'long' }, /^--warmup: 'long' is not a duration/],
  ['a bad ramp', { ramp: 'x' }, /^--ramp: 'x'/],
  [
    'more threads than connections',
    { threads: '9', connections: '3' },
    /^--threads: 9 threads cannot share 3/,
  ],
  ['arrival without a rate', { arrival: 'poisson' }, /^--arrival belongs to an open loop: give --rate/],
  ['an unknown arrival', { arrival: 'often', rate: '5' }, /^--arrival: 'often' is neither/],
  ['in flight without a rate', { 'max-in-flight': '5' }, /^--max-in-flight belongs to an open loop/],
  [
    'both names of what is in flight',
    { rate: '5', 'max-in-flight': '5', connections: '5' },
    /^--connections and --max-in-flight contradict/,
  ],
  [
    'two limits of requests per connection',
    { 'no-keepalive': true, 'requests-per-connection': '3' },
    /^--no-keepalive and --requests-per-connection contradict/,
  ],
  ['streams over HTTP/1.1', { streams: '2' }, /^--streams are requests at once .* give --http2 too/],
  [
    'more requests at once than there may be',
    { http2: true, streams: '500', connections: '50' },
    /^--streams: 500 on each of 50 connections/,
  ],
  [
    'more threads than connections, whatever the streams',
    { http2: true, threads: '3', connections: '2', streams: '9' },
    /^--threads: 3 threads cannot share 2 connections/,
  ],
  [
    'fewer requests per connection than at once',
    { http2: true, streams: '4', 'requests-per-connection': '3' },
    /^--streams and --requests-per-connection contradict/,
  ],
  [
    'streams on connections for one request',
    { http2: true, streams: '2', 'no-keepalive': true },
    /^--streams and --no-keepalive contradict/,
  ],
  [
    'a socket and another address',
    { 'unix-socket': '/x', 'connect-to': '::a:1' },
    /^--unix-socket and --connect-to contradict/,
  ],
  ['TLS options on plain HTTP', { insecure: true }, /^--insecure is about TLS, but .* is plain HTTP/],
  ['SNI on plain HTTP', { sni: 'a.example.com' }, /^--sni is about TLS/],
  ['a negative weight', { expect: 'v1=-90,v2=10' }, /^--expect: the weight in 'v1=-90' is not a number/],
  ['a weight that is no number', { expect: 'v1=NaN,v2=10' }, /^--expect: the weight in 'v1=NaN'/],
  ['weights of nothing', { expect: 'v1=0,v2=0' }, /^--expect: all weights are 0/],
  ['a version without a weight', { expect: 'v1' }, /^--expect: 'v1' has no weight/],
  ['a regex that is none', { 'version-from': 'body:/(/' }, /^--version-from .*missing closing \)/],
  ['a regex without a group', { 'version-from': 'body:/v1/' }, /^--version-from .*needs a group/],
  ['a pointer that is none', { 'version-from': 'json:version' }, /^--version-from .*begins with \//],
  ['a pointer with a bad escape', { 'endpoint-from': 'json:/a~2' }, /^--endpoint-from .*~0/],
  ['an unknown place of the version', { 'version-from': 'haeder:x' }, /^--version-from/],
  [
    'a header without a colon',
    { header: 'foo' },
    /^-H: a text of 3 characters is not a header. Write it as 'Name: value'/,
  ],
  ['a header with a line break', { header: 'a: b\r\nc: d' }, /^-H: the value of a has characters/],
  ['a header that is ours', { header: 'Content-Length: 5' }, /^-H: Content-Length is written by weighbridge/],
  ['a method with a space', { method: 'GET /' }, /^-m: 'GET \/' is not a method/],
  ['an empty Host', { host: '' }, /^--host: '' cannot be sent/],
  ['a Host with a wildcard', { host: '*.example.com' }, /^--host: .* is a wildcard/],
  ['a body file that is missing', { data: '@/no/such/file' }, /^--data: \/no\/such\/file cannot be read/],
  ['a body file without an end', { data: '@/dev/zero' }, /^--data: \/dev\/zero is larger than 64 MiB\.$/],
  ['a bad --connect-to', { 'connect-to': 'a:b' }, /^--connect-to: 'a:b' is not HOST1:PORT1:HOST2:PORT2/],
  ['a bad --resolve', { resolve: 'a:80:b' }, /^--resolve: 'a:80:b' is not HOST:PORT:ADDRESS/],
  ['a body limit of 0', { 'body-limit': '0' }, /^--body-limit: 0 is out of range/],
  ['--rule without manifests', { rule: '1' }, /^--rule chooses among manifests/],
  ['--map without versions', { map: 'a=b' }, /^--map says what stands for an expected version/],
  [
    '--map of an unknown version',
    { expect: 'v1=1', map: 'v3=blue' },
    /^--map: 'v3' is not an expected version/,
  ],
  ['a missing manifest', { manifest: 'no-such.yaml' }, /^no-such\.yaml: no such file or folder/],
  ['standard input twice', { manifest: ['-', '-'] }, /^-f - is given twice/],
  ['an empty standard input', { manifest: '-' }, /^standard input: there is no manifest in it/],
  ['a route without this host', { manifest: route, host: 'a.b' }, /^No route is for the host a\.b/],
  ['a rule that is not there', { manifest: route, rule: '7' }, /^--rule: there is no rule '7'/],
];

for (const [name, flags, message] of onURL) {
  test(`refused: ${name}`, () => refused(URL, flags, message));
}

test('refused: URLs that cannot be sent to', async () => {
  await refused('ftp://a.example.com', {}, /^'ftp:\/\/a\.example\.com' is not a URL .*scheme is 'ftp'/);
  await refused('http://a b', {}, /is not a URL .*spaces/);
  await refused('http://127.0.0.1:99999', {}, /is not a URL .*cannot be read/);
  await refused('', {}, /is not a URL .*empty/);
  await refused('http://me:hunter2@a.example.com', {}, /user name or password/);
  await refused(undefined, {}, /^Nothing to send requests to\. Give a URL, or manifests/);
});

test('refused: a manifest in the place of the URL, as `-f *.yaml` gives it', async () => {
  await refused(
    route,
    { manifest: sample('gateway.yaml') },
    /is a file, not a URL\. Give each manifest its own -f/,
  );
});

test('refused: TLS files that are none', async () => {
  await refused('https://a.example.com', { cacert: route }, /^--cacert: .* is not a PEM file/);
  await refused('https://a.example.com', { key: '/no/such' }, /^--key: \/no\/such cannot be read \(ENOENT\)/);
  const pem = file('a.pem', '-----BEGIN CERTIFICATE-----\n');
  await refused('https://a.example.com', { cert: pem }, /^--cert and --key belong together/);
  await refused(
    'https://a.example.com',
    { cacert: pem, insecure: true },
    /^--insecure and --cacert contradict/,
  );
});

test('refused: manifests that say something impossible, with file, document, line and field', async () => {
  const configMapText = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';
  const broken = file('broken.yaml', `${configMapText}---\nkind: [B\nspec: :\n`);
  await refused(URL, { manifest: broken }, /broken\.yaml: document 2, line \d+: YAML error: /);
  const configMap = file('config-map.yaml', configMapText);
  await refused(
    URL,
    { manifest: configMap },
    /contain no HTTPRoute.*\n.*config-map\.yaml.*ConfigMap a skipped/,
  );
  const weights = (text: string) => file('weights.yaml', routeText.replace('weight: 90', `weight: ${text}`));
  for (const text of ['-90', '.nan', '1000001', '"90"']) {
    await refused(
      URL,
      { manifest: weights(text) },
      /weights\.yaml: document 1, line 20: HTTPRoute istio-test\/backend-route: spec\.rules\[0\]\.backendRefs\[0\]\.weight: .* is not a whole number/,
    );
  }
  const nothing = file('nothing.yaml', routeText.replaceAll(/weight: \d+/g, 'weight: 0'));
  await refused(URL, { manifest: nothing }, /gives every backend the weight 0/);
});

test('refused: manifests without an address and no URL, naming what to give', async () => {
  await refused(undefined, { manifest: [route, sample('gateway.yaml')] }, /address.*URL/is);
});

test("several addresses in the Gateway's status: all of them, unless a URL is given", async () => {
  const several = kubectl.replace(
    /^( +)- type: IPAddress\n +value: 203\.0\.113\.7$/m,
    '$&\n$1- value: 203.0.113.8',
  );
  assert.notEqual(several, kubectl);
  const tcp = (host: string) => ({ kind: 'tcp', host, port: 80 });
  const { target } = await planOf(undefined, { manifest: '-' }, several);
  assert.equal(target.url, 'http://203.0.113.7/');
  assert.deepEqual(target.connectTo, [tcp('203.0.113.7'), tcp('203.0.113.8')]);
  assert.deepEqual((await planOf('http://203.0.113.9', { manifest: '-' }, several)).target.connectTo, [
    tcp('203.0.113.9'),
  ]);
});

test('--http2: the protocol, and a word about headers that it does not have', async () => {
  assert.equal((await planOf(URL)).target.protocol, 'http/1.1');
  const plan = await planOf(URL, { http2: true, streams: '3' });
  assert.deepEqual([plan.target.protocol, plan.load.streams, plan.notes], ['h2', 3, []]);
  const matched = routeText.replace(
    /^( +)- path:$/m,
    '$1- headers:\n$1    - name: Proxy-Connection\n$1      value: close\n$1  path:',
  );
  assert.notEqual(matched, routeText);
  const left = await planOf(URL, { http2: true, manifest: file('http2.yaml', matched) });
  assert.match(left.notes.find(({ code }) => code === 'http2-headers')?.text ?? '', /: proxy-connection\.$/);
});

test('limits of errors: for all, for one version, off; as lists and repeated', async () => {
  const of = async (flags: Flags) => (await planOf(URL, { expect: 'v1=9,v2=1', ...flags })).judge;
  const v2 = { version: 'v2', limit: 0.005 };
  assert.deepEqual((await of({})).maxErrorRate, null);
  assert.deepEqual((await of({ 'max-error-rate': '2%' })).maxErrorRate, { all: 0.02, versions: [] });
  assert.deepEqual((await of({ 'max-error-rate': 'v2=0.5%' })).maxErrorRate, { all: 0.01, versions: [v2] });
  assert.deepEqual((await of({ 'max-error-rate': ['off, v2=0.5'] })).maxErrorRate, {
    all: null,
    versions: [v2],
  });
  assert.deepEqual((await of({ 'max-error-rate': ['2%', 'v1=off'] })).maxErrorRate, {
    all: 0.02,
    versions: [{ version: 'v1', limit: null }],
  });
  const { only, errorStatuses, maxErrorIncrease } = await of({
    only: 'errors,split',
    'error-status': '4xx,503',
    'max-error-increase': '0.5%',
  });
  assert.deepEqual([only, errorStatuses, maxErrorIncrease], [['split', 'errors'], ['4xx', '503'], 0.005]);
});

const wrongLimits: [flags: Flags, message: RegExp][] = [
  [{ 'max-error-rate': '0' }, /^--max-error-rate: 0 is out of range/],
  [{ 'max-error-rate': '100%' }, /^--max-error-rate: 1 is out of range: above 0 and below 1/],
  [{ 'max-error-rate': '101%' }, /^--max-error-rate: 101 is out of range/],
  [{ 'max-error-rate': 'NaN' }, /^--max-error-rate: 'NaN' is not a number/],
  [{ 'max-error-rate': '-1' }, /^--max-error-rate: '-1' is not a number/],
  [{ 'max-error-rate': 'v3=1%' }, /^--max-error-rate: 'v3' is not an expected version; these are: v1, v2\.$/],
  [{ 'max-error-rate': '=1%' }, /^--max-error-rate: '=1%' names no version/],
  [{ 'max-error-rate': '1%,2%' }, /^--max-error-rate: the value for all versions is given twice/],
  [{ 'max-error-rate': ['v2=1%', 'v2=2%'] }, /^--max-error-rate: 'v2' is given twice/],
  [{ 'max-error-rate': '1%,' }, /^--max-error-rate: an item of the list is empty/],
  [{ 'max-error-increase': '0' }, /^--max-error-increase: 0 is out of range/],
  [{ 'max-error-increase': '100' }, /^--max-error-increase: 1 is out of range/],
  [{ 'error-status': '6' }, /^--error-status: '6' is not a status/],
  [{ 'error-status': '0xx' }, /^--error-status: '0xx' is not a status/],
  [{ only: 'speed' }, /^--only: 'speed' is not a kind of check; these are: split, errors, /],
];

for (const [flags, message] of wrongLimits) {
  test(`refused: ${JSON.stringify(flags)}`, async () => {
    await assert.rejects(planOf(URL, { expect: 'v1=9,v2=1', ...flags }), (error: unknown) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, message);
      return true;
    });
  });
}

test('a limit for a version where none is expected is refused', async () => {
  await assert.rejects(
    planOf(URL, { 'max-error-rate': 'v2=1%' }),
    /'v2' is not an expected version; none is/,
  );
});

test('limits of latency: for all, for one version, ratios', async () => {
  const flags = {
    expect: 'v1=9,v2=1',
    'max-latency': ['p99=250ms,v2:p99=1s', 'p99.9=2s'],
    'max-latency-ratio': 'p50=1.2',
  };
  const { maxLatency, maxLatencyRatio } = (await planOf(URL, flags)).judge;
  assert.deepEqual(maxLatency, [
    { version: null, percentile: 99, ms: 250 },
    { version: 'v2', percentile: 99, ms: 1000 },
    { version: null, percentile: 99.9, ms: 2000 },
  ]);
  assert.deepEqual(maxLatencyRatio, [{ percentile: 50, ratio: 1.2 }]);
});

const wrongLatencies: [flags: Flags, message: RegExp][] = [
  [{ 'max-latency': '250ms' }, /^--max-latency: '250ms' is no limit\. Write it as p99=250ms/],
  [{ 'max-latency': 'p100=1s' }, /^--max-latency: p100 is no percentile between 0 and 100/],
  [{ 'max-latency': 'p99.95=1s' }, /^--max-latency: p99\.95 is no percentile .* one decimal/],
  [{ 'max-latency': 'p0=1s' }, /^--max-latency: p0 is no percentile/],
  [{ 'max-latency': 'p99=0s' }, /^--max-latency: must be longer than 0/],
  [{ 'max-latency': 'p99=fast' }, /^--max-latency: 'fast' is not a duration/],
  [{ 'max-latency': 'v3:p99=1s' }, /^--max-latency: 'v3' is not an expected version; these are: v1, v2\.$/],
  [{ 'max-latency': 'p99=1s,p99=2s' }, /^--max-latency: p99 of all is given twice/],
  [{ 'max-latency-ratio': 'p99=0' }, /^--max-latency-ratio: 0 is out of range/],
  [{ 'max-latency-ratio': 'p99' }, /^--max-latency-ratio: 'p99' is no limit/],
  [{ 'max-latency-ratio': 'p99=1.2,p99=1.3' }, /^--max-latency-ratio: p99 is given twice/],
];

for (const [flags, message] of wrongLatencies) {
  test(`refused: ${JSON.stringify(flags)}`, async () => {
    await assert.rejects(planOf(URL, { expect: 'v1=9,v2=1', ...flags }), { constructor: UserError, message });
  });
}
