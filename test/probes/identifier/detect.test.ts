import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeLabelSource } from '../../../src/plan/labels/label-source.js';
import { describeBody } from '../../../src/probes/identifier/describe-body.js';
import { detectIdentifier } from '../../../src/probes/identifier/detect.js';
import { rawHeaders } from '../../support/raw-headers.js';
import { GATEWAY_API_ECHO_BODY, ISTIO_ECHO_BODY, PODINFO_BODY } from './fixtures.js';

const CANDIDATES = ['backend-v1', 'v1', 'backend-v2', 'v2'];
const PLAIN = [['Content-Type', 'text/plain; charset=utf-8']] as [string, string][];
const JSON_TYPE = [['content-type', 'application/json']] as [string, string][];

function detect(headers: [string, string][], body: string, { status = 200, candidates = CANDIDATES } = {}) {
  const found = detectIdentifier(
    { status, headers: rawHeaders(...headers), body: Buffer.from(body) },
    candidates,
  );
  return found && [describeLabelSource(found.version), describeLabelSource(found.endpoint), found.why];
}

test('known apps are recognised, with the reason', () => {
  const cases: [[string, string][], string, string, string, RegExp][] = [
    [PLAIN, ISTIO_ECHO_BODY, 'istio-echo', 'istio-echo', /ServiceVersion=/],
    [JSON_TYPE, PODINFO_BODY, 'podinfo', 'podinfo', /version and hostname/],
    [JSON_TYPE, GATEWAY_API_ECHO_BODY, 'gateway-api-echo', 'gateway-api-echo', /namespace and pod/],
    [[...PLAIN, ['X-App-Name', 'http-echo']], 'anything', 'http-echo', 'none', /x-app-name is http-echo/],
    [PLAIN, 'hello from backend v1\n', 'http-echo', 'none', /short text with "v1" in it/],
    [[], 'hello from backend v2', 'http-echo', 'none', /"v2"/],
    [
      [['X-Weighbridge-Version', 'v1'], ...PLAIN],
      ISTIO_ECHO_BODY,
      'header:x-weighbridge-version',
      'none',
      /header x-weighbridge-version/,
    ],
    [
      [
        ['x-weighbridge-version', 'v1'],
        ['x-weighbridge-endpoint', 'v1-0'],
      ],
      '',
      'header:x-weighbridge-version',
      'header:x-weighbridge-endpoint',
      /header x-weighbridge-version/,
    ],
    // The EnvoyFilter alone: the version is still in the body.
    [
      [['x-weighbridge-endpoint', '10.0.0.7:5678'], ...PLAIN],
      'hello from backend v1\n',
      'http-echo',
      'header:x-weighbridge-endpoint',
      /short text with "v1"/,
    ],
    [
      [['x-weighbridge-endpoint', '10.0.0.7:9898'], ...JSON_TYPE],
      PODINFO_BODY,
      'podinfo',
      'header:x-weighbridge-endpoint',
      /version and hostname/,
    ],
  ];
  for (const [headers, body, version, endpoint, why] of cases) {
    const found = detect(headers, body);
    assert.deepEqual(found?.slice(0, 2), [version, endpoint], body);
    assert.match(found?.[2] ?? '', why);
  }
});

test('what fits nothing is not guessed at', () => {
  assert.equal(detect(PLAIN, 'hello from backend v3'), null);
  assert.equal(detect(PLAIN, 'hello from backend v1', { candidates: [] }), null);
  assert.equal(detect(PLAIN, ''), null);
  assert.equal(detect(PLAIN, `v1 ${'x'.repeat(300)}`), null);
  assert.equal(detect([['content-type', 'text/html']], '<p>v1</p>'), null);
  assert.equal(detect([...PLAIN, ['x-app-version', 'v1']], 'hello'), null);
  assert.equal(detect(JSON_TYPE, '{"version":"v1"}'), null);
  assert.equal(detect(JSON_TYPE, '{"headers":{"pod":"x","namespace":"y"}}'), null);
  assert.equal(detect([['x-weighbridge-version', '']], 'hello'), null);
});

test('errors and redirects are no sample', () => {
  for (const status of [301, 404, 503]) {
    assert.equal(detect([['x-weighbridge-version', 'v1']], 'hello from v1', { status }), null);
  }
});

test('a body is shown in few lines, without anything that steers a terminal', () => {
  const show = (text: string) =>
    describeBody(Buffer.from(text), (shown) => shown.replaceAll('hunter2', '(secret)'));
  assert.equal(show(''), '(empty)');
  assert.equal(show('hello\n'), 'hello');
  assert.equal(show('a\tb\r\n\r\nc'), 'a  b\nc');
  assert.equal(show('\u001b[31mred\u001b]0;title\u0007\u009b2J\u202egnp\u0000'), '[31mred]0;title2Jgnp');
  assert.equal(show('\u0000\u0001'), '(2 bytes, nothing printable)');
  assert.equal(show('1\n2\n3\n4\n5\n6\n7'), '1\n2\n3\n4\n5\n…');
  const long = show('x'.repeat(5000));
  assert.equal(long, `${'x'.repeat(99)}…\n…`);
  assert.equal(show(`${'x'.repeat(95)}hunter2`), `${'x'.repeat(95)}(sec…`, 'hidden before it is cut');
});
