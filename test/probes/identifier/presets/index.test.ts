import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PresetName } from '../../../../src/plan/plan.js';
import { compileIdentifier } from '../../../../src/probes/identifier/identifier.js';
import { assertLinear, LONG } from '../../../support/linear-time.js';
import { rawHeaders } from '../../../support/raw-headers.js';
import { GATEWAY_API_ECHO_BODY, ISTIO_ECHO_BODY, identifyPlan, PODINFO_BODY } from '../fixtures.js';

const HTTP_ECHO_HEADERS = rawHeaders(
  ['X-App-Name', 'http-echo'],
  ['X-App-Version', '1.0.0'],
  ['Content-Type', 'text/plain; charset=utf-8'],
);

function read(
  preset: PresetName,
  body: string,
  candidates: string[] = [],
  kind: 'answer' | 'doubtful' | 'cut' = 'answer',
) {
  const source = { from: 'preset', preset } as const;
  const identifier = compileIdentifier(identifyPlan({ version: source, endpoint: source, candidates }));
  assert.equal(identifier.needsBody, true);
  return identifier.read(HTTP_ECHO_HEADERS, Buffer.from(body), kind);
}

test('http-echo: the candidate in the text, else the text, never x-app-version', () => {
  const candidates = ['backend-v1', 'v1', 'backend-v2', 'v2'];
  const version = (body: string, words = candidates) => read('http-echo', body, words).version;
  assert.equal(version('hello from backend v1\n'), 'v1');
  assert.equal(version('hello from backend-v2'), 'backend-v2');
  assert.equal(version('Hello from V1'), 'V1');
  assert.equal(version('hello from backend v10\n'), 'hello from backend v10');
  assert.equal(version('  v1 before v2\n'), 'v1 before v2');
  assert.equal(version(' hello \r\n', []), 'hello');
  assert.equal(version('the stable one', ['the stable one']), 'the stable one');
  assert.equal(version(' \n'), null);
  assert.equal(version(''), null);
  assert.equal(version('x'.repeat(1000))?.length, 256);
  assert.equal(read('http-echo', 'hello from backend v1', candidates).endpoint, null);
});

test('http-echo: of an error page only a candidate is a label', () => {
  const version = (body: string) => read('http-echo', body, ['v1', 'v2'], 'doubtful').version;
  assert.equal(version('v1 is broken'), 'v1');
  assert.equal(version('Internal Server Error'), null);
  assert.equal(version('v1 and v2'), null);
});

test('http-echo: of a body that is not whole the last word may be half of one', () => {
  const version = (body: string) => read('http-echo', body, ['v1', 'v12'], 'cut').version;
  assert.equal(version('hello from v1'), null);
  assert.equal(version('hello from v1\n'), 'v1');
  assert.equal(version('v12 says hel'), 'v12');
});

test('a long text without what is looked for takes linear time', () => {
  const searches: readonly (readonly [PresetName, text: (length: number) => string])[] = [
    ['http-echo', (length) => `${'a'.repeat(length)} `],
    ['istio-helloworld', (length) => 'Hello version: \u2028'.repeat(length / 16)],
    ['istio-helloworld', (length) => `Hello version: v1, instance: ${'x'.repeat(length)}`],
    ['bookinfo', (length) => 'Reviews served by:'.repeat(length / 18)],
    ['nginx-hello', (length) => 'Server&nbsp;name:</span><span>'.repeat(length / 30)],
    ['openai', (length) => `data: ${' '.repeat(length)}`],
    ['openai', (length) => `{"object"${' '.repeat(length)}`],
  ];
  for (const [preset, text] of searches) {
    for (const kind of ['doubtful', 'cut'] as const) {
      assertLinear((body) => read(preset, body, ['v1'], kind), text, LONG);
    }
  }
});

test('the same body is judged by what it is worth, whichever came first', () => {
  const source = { from: 'preset', preset: 'http-echo' } as const;
  const identifier = compileIdentifier(identifyPlan({ version: source }));
  for (let i = 0; i < 2; i++) {
    assert.equal(identifier.read([], Buffer.from('oops'), 'answer').version, 'oops');
    assert.equal(identifier.read([], Buffer.from('oops'), 'doubtful').version, null);
    assert.equal(identifier.read([], Buffer.from('oops'), 'gateway').version, null);
  }
});

test('podinfo: version and hostname of the JSON, nothing in HTML', () => {
  assert.deepEqual(read('podinfo', PODINFO_BODY), {
    version: '6.7.0',
    endpoint: 'podinfo-canary-5d4f8c7b9-x2x4z',
  });
  assert.deepEqual(read('podinfo', '<!DOCTYPE html><p>"version": "6.7.0"</p>'), {
    version: null,
    endpoint: null,
  });
  assert.deepEqual(read('podinfo', '{"version": 6, "hostname": ["a"]}'), { version: null, endpoint: null });
  assert.deepEqual(read('podinfo', PODINFO_BODY.slice(0, 60)), { version: null, endpoint: null });
  assert.deepEqual(read('podinfo', 'null'), { version: null, endpoint: null });
});

test('istio-echo: lines by their start, not the headers that we sent', () => {
  assert.deepEqual(read('istio-echo', ISTIO_ECHO_BODY), {
    version: 'v1',
    endpoint: 'echo-v1-5d4f8c7b9-x2x4z',
  });
  const sent =
    'RequestHeader=X-Trap:ServiceVersion=v9\r\nRequestHeader=Hostname:evil\r\nServiceVersion=v2\r\nHostname=h\r\nServiceVersion=v3\r\n';
  assert.deepEqual(read('istio-echo', sent), { version: 'v2', endpoint: 'h' });
  // The last line may have been cut off.
  assert.deepEqual(read('istio-echo', 'ServiceVersion=v1\nHostname=echo-v'), {
    version: 'v1',
    endpoint: null,
  });
  assert.deepEqual(read('istio-echo', 'ServiceVersion=\nRequestHeader=Hostname=x'), {
    version: null,
    endpoint: null,
  });
});

test('gateway-api-echo: the pod, and its workload as version; a header named pod is not the pod', () => {
  assert.deepEqual(read('gateway-api-echo', GATEWAY_API_ECHO_BODY), {
    version: 'infra-backend-v1',
    endpoint: 'infra-backend-v1-7d9f8b6c5d-x2x4z',
  });
  assert.deepEqual(read('gateway-api-echo', '{"headers":{"pod":"evil","Pod":["evil"]},"pod":"web-0"}'), {
    version: 'web',
    endpoint: 'web-0',
  });
  assert.deepEqual(read('gateway-api-echo', '{"headers":{"pod":"evil"}}'), { version: null, endpoint: null });
});
