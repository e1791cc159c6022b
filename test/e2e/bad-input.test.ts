import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertNoStack, assertSaid, refusal, weighbridge } from '../support/cli.js';
import { httpServer, IMPOSSIBLE_NAME, unusedPort } from '../support/servers.js';
import { sample, sampleLab } from './sample-lab.js';

test('bad input ends with 2 and one clear line, and nothing is sent', async (t) => {
  const server = await httpServer(t, (_request, response) => response.end('v1'));
  const url = `http://${server.at}`;
  const route = sample('httproute-90-10.yaml');
  const cases: readonly (readonly [words: string[], message: RegExp, input?: string])[] = [
    [['run'], /Nothing to send requests to\. Give a URL/],
    [['run', url, '--rate', 'abc'], /--rate: 'abc' is not a number/],
    [['run', '--tolerance', 'abc', url], /--tolerance: 'abc' is not a number/],
    [['run', url, '-c', '5', '-c', '6'], /--connections was given 2 times/],
    [['run', url, '-z10parsecs'], /--duration: '10parsecs' is not a duration/],
    [['run', url, '--no-keepalive', '--requests-per-connection', '2'], /contradict each other/],
    [['run', url, '--expect', 'v1=-1,v2=2'], /--expect: the weight in 'v1=-1'/],
    [['run', url, '-f', 'no-such.yaml'], /no-such\.yaml: no such file or folder/],
    [['run', url, '-f', '-'], /standard input: document 1, line 1: YAML error/, '{'],
    [['run', url, '-f', route, '--host', 'a.b'], /No route is for the host a\.b/],
    [['run', url, '-f', route, sample('gateway.yaml')], /'.*gateway\.yaml' is an extra argument/],
    [['run', url, '--', 'http://127.0.0.1:9'], /Only one URL is allowed, not 2/],
    [['run', `${url}/{{uid}}`], /The path has '{{uid}}', which is no value\. .* See --no-values/],
    [['run', url, '--cookies', 'all'], /--cookies: 'all' is neither off nor connection/],
    [['run', url, '--driver', 'curl'], /--driver: 'curl' is none of auto, wire, undici/],
    [['run', url, '--json', '-', '--csv', '-'], /would both write to standard output/],
    [['run', url, '--csv-dir', '-'], /--csv-dir: give a folder/],
    [['run', url, '--csv-dir', route], /--csv-dir: .*\.yaml is not a folder\. Nothing was sent/],
    [
      ['run', url, '--json', '/no/such/folder/a.json'],
      /--json: .* cannot be written \(ENOENT\)\. Nothing was sent/,
    ],
  ];
  for (const [words, message, input] of cases) {
    const end = input === undefined ? await refusal(t, words) : await weighbridge(t, words, { input });
    assertSaid(end, 2, message);
  }
  assert.equal(server.seen.total, 0);
});

test('a gateway that cannot be reached ends with 4 and says why', async (t) => {
  const port = await unusedPort();
  assertSaid(await weighbridge(t, ['run', `http://127.0.0.1:${port}`]), 4, /refuses connections/);
  const named = await weighbridge(t, ['run', `http://${IMPOSSIBLE_NAME}`]);
  assertSaid(named, 4, new RegExp(IMPOSSIBLE_NAME));
  const socket = ['run', 'http://a.example.com', '--unix-socket', '/no/such.sock'];
  assertSaid(await weighbridge(t, socket), 4, /socket \/no\/such\.sock cannot be reached/);
});

test('a gateway that answers HTTP, but not what was asked, ends with 2, without HTTP with 4; both say what to do', async (t) => {
  const lab = await sampleLab(t, 'gateway-tls.yaml');
  const { http, https } = lab.urls as { http: string; https: string };
  const lines: readonly (readonly [words: string[], message: RegExp, status?: number])[] = [
    [[http, '--host', 'other.example.com'], /answered 404 for Host 'other\.example\.com'/, 2],
    [[https, '--host', 'test.devopscube.com'], /certificate.*(-k|--cacert)/s],
    [[https, '--host', 'test.devopscube.com', '--sni', 'wrong.example.com', '-k'], /SNI|server name|--sni/],
    [[https.replace('https:', 'http:'), '--host', 'test.devopscube.com'], /TLS|https/],
    [[http.replace('http:', 'https:'), '--host', 'test.devopscube.com'], /does not speak TLS.*http:\/\//s],
  ];
  for (const [words, message, status = 4] of lines) {
    const end = await weighbridge(t, ['run', ...words]);
    assert.equal(end.status, status, end.stderr);
    assert.equal(end.stdout, '');
    assert.match(end.stderr, message);
    assertNoStack(end.stderr);
  }
});
