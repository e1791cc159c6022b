import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { describeLabelSource, parseLabelSource } from '../../../src/plan/labels/label-source.js';
import { type SurveyRow, surveyReply } from '../../../src/probes/identifier/survey.js';
import { rawHeaders } from '../../support/raw-headers.js';
import { APP_SAMPLES, HTTPS_ECHO_BODY, STREAM_BODY, WHOAMI_BODY } from './samples.js';

interface Reply {
  headers?: readonly Buffer[];
  body?: string;
  status?: number;
  cut?: boolean;
  fromGateway?: boolean;
}

function survey(reply: Reply, { candidates = [] as string[], sent = [] as string[] } = {}) {
  const { headers = [], body = '', status = 200, cut = false, fromGateway = false } = reply;
  return surveyReply(
    { status, headers, body: Buffer.from(body), cut, fromGateway },
    candidates,
    new Set(sent),
  );
}

/** `source version/endpoint`, with a star before what is chosen and a mark after what is warned of. */
function shown({ rows }: { rows: readonly SurveyRow[] }): string[] {
  return rows.map(
    ({ source, version, endpoint, chosen, warning }) =>
      `${chosen ? '*' : ''}${describeLabelSource(source)} ${version ?? '-'}/${endpoint ?? '-'}${warning === null ? '' : ' !'}`,
  );
}

test("each app's answer: its preset is chosen and comes first", () => {
  for (const { preset, headers, body, version, endpoint } of APP_SAMPLES) {
    const found = survey({ headers, body }, { candidates: ['v1', 'v2'] });
    assert.equal(shown(found)[0], `*${preset} ${version}/${endpoint ?? '-'}`);
    assert.equal(found.rows.filter(({ chosen }) => chosen).length, 1);
    assert.deepEqual(found.detected?.version, { from: 'preset', preset });
  }
});

test('headers that are named like a version or an endpoint, and those of protocols not', () => {
  const headers = rawHeaders(
    ['X-Weighbridge-Version', 'v1'],
    ['x-weighbridge-endpoint', 'v1-0'],
    ['X-App-Version', '1.0.0'],
    ['X-Pod', 'web-0'],
    ['x-aspnet-version', '4'],
    ['server', 'envoy'],
    ['content-type', 'text/plain'],
    ['etag', '"1"'],
    ['x-release', ''],
  );
  assert.deepEqual(shown(survey({ headers })), [
    '*header:x-weighbridge-version v1/-',
    '*header:x-weighbridge-endpoint -/v1-0',
    'header:x-app-version 1.0.0/- !',
    'header:x-pod -/web-0',
  ]);
});

test('values of JSON, the topmost first, without what was sent back', () => {
  const body = JSON.stringify({
    app: { 'a/b': 'v1', build: 7, on: true, none: null, deep: { pod: 'web-0' } },
    host: 'test.devopscube.com',
    Headers: { version: 'v9' },
    list: ['one', { two: 'x' }],
    long: 'x'.repeat(101),
    lines: 'a\nb',
    nested: '{"version":"v9"}',
    rule: '----',
    ü: 'not to be typed',
  });
  assert.deepEqual(shown(survey({ body }, { sent: ['test.devopscube.com', 'v9'] })), [
    'json:/host -/test.devopscube.com !',
    'json:/app/a~1b v1/-',
    'json:/app/build 7/-',
    'json:/list/0 one/-',
    'json:/app/deep/pod -/web-0',
    'json:/list/1/two x/-',
  ]);
});

test('lines, as regular expressions that read what is shown', () => {
  const body =
    'App v2 (x): 1.0, yes\r\nHostname: web-0\r\nHostname: other\r\ncolor=blue\nnothing\nx: {"a":1}\nEmpty: \n';
  assert.deepEqual(shown(survey({ body })).slice(1), [
    'body:/^Hostname: ([^\\s,;]+)/m -/web-0',
    'body:/^color=([^\\s,;]+)/m blue/-',
  ]);
  assert.ok(
    shown(survey({ body: WHOAMI_BODY }, { sent: ['weighbridge'] })).includes(
      'body:/^User-Agent: ([^\\s,;]+)/m weighbridge/- !',
    ),
  );
});

test('a page, a stream and JSON that is not whole have no lines', () => {
  for (const body of ['<p>\nVersion: v1\n', `${STREAM_BODY}Version: v1\n`, '{"a":\nVersion: v1\n']) {
    const rows = survey({ body, cut: true }).rows.filter(({ source }) => source.from !== 'preset');
    assert.deepEqual(rows, [], body);
  }
});

test('a preset that reads something in another app’s answer is shown with a warning', () => {
  const rows = shown(survey({ body: HTTPS_ECHO_BODY }));
  assert.ok(rows.includes('whoami test.devopscube.com/test.devopscube.com !'), rows.join('\n'));
});

test('http-echo is shown for a short line only', () => {
  assert.deepEqual(shown(survey({ body: 'hello from v1\n' })), ['http-echo hello from v1/-']);
  assert.deepEqual(shown(survey({ body: 'hello\nfrom v1\n' })), []);
  assert.deepEqual(shown(survey({ body: '<p>hello from v1</p>'.repeat(9) })), []);
});

test('of a reply that the gateway made, only headers; of an error, nothing that is chosen', () => {
  const headers = rawHeaders(['x-version', 'v1']);
  const gateway = survey({ headers, body: 'Version: v1\n', status: 503, fromGateway: true });
  assert.deepEqual(shown(gateway), ['header:x-version v1/-']);
  const error = survey({ body: WHOAMI_BODY, status: 500 });
  assert.equal(error.detected, null);
  assert.equal(shown(error)[0], 'whoami blue/whoami-blue-6d5f4b9c7-k8s2p');
});

test('property: whatever comes, few rows, each of which can be given back as a flag and reads the same', () => {
  const key = fc.string({ unit: 'binary', maxLength: 8 });
  const body = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.object({ key, maxDepth: 3 }).map((json) => JSON.stringify(json)),
    fc
      .array(fc.tuple(key, fc.constantFrom(': ', '=', ':'), key))
      .map((lines) => lines.map((line) => line.join('')).join('\n')),
  );
  fc.assert(
    fc.property(
      body,
      fc.array(fc.tuple(fc.constantFrom('x-version', 'version', 'x-pod'), key)),
      (text, pairs) => {
        const { rows } = survey({ body: text, headers: rawHeaders(...pairs) });
        for (const { source, version, endpoint } of rows) {
          assert.ok(version !== null || endpoint !== null);
          assert.deepEqual(parseLabelSource(describeLabelSource(source), '--version-from'), source);
          assert.match(describeLabelSource(source), /^[ -~]{1,200}$/);
        }
      },
    ),
    { seed: 15, numRuns: 500 },
  );
});

test('large and deep bodies give a bounded number of rows', () => {
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, `v${i}`]));
  assert.equal(survey({ body: JSON.stringify(many) }).rows.length, 40);
  assert.deepEqual(survey({ body: `${'['.repeat(5000)}1${']'.repeat(5000)}` }).rows, []);
  const lines = Array.from({ length: 10_000 }, (_, i) => `k${i}: v${i}`).join('\n');
  assert.equal(survey({ body: lines }).rows.length, 20);
  const headers = rawHeaders(
    ...Array.from({ length: 1000 }, (_, i): [string, string] => [`x-${i}-version`, 'v1']),
  );
  assert.equal(survey({ headers }).rows.length, 20);
  assert.deepEqual(survey({ body: `${'a '.repeat(30_000)}: x\n` }).rows, []);
});
