import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type OutcomeName, outcomeOf } from '../../../src/blocks/outcome.js';
import { ORIGIN } from '../../../src/blocks/sample-block.js';
import { classifyReply, needsBodyForOrigin } from '../../../src/probes/response/origin.js';
import { rawHeaders } from '../../support/raw-headers.js';

const UNRELATED = [
  ['date', 'Tue, 24 Nov 2026 17:00:00 GMT'],
  ['content-type', 'text/plain'],
] as const;
const STAMP = ['X-Envoy-Upstream-Service-Time', '3'] as const;
const ENVOY = ['server', 'istio-envoy'] as const;
const CONNECT_ERROR = 'upstream connect error or disconnect/reset before headers.';

function name(
  status: number,
  body: string,
  { stamped = false, headers = [] as (readonly [string, string])[] } = {},
): OutcomeName | 'backend' {
  const reply = classifyReply(status, rawHeaders(...UNRELATED, ...headers), Buffer.from(body), stamped);
  const outcome = outcomeOf(reply.outcome).name;
  assert.equal(reply.origin, outcome === 'ok' ? ORIGIN.backend : ORIGIN.gateway);
  return outcome === 'ok' ? 'backend' : outcome;
}

test('texts and headers that only a gateway answers name the cause, stamped or not', () => {
  const cases: [number, string, OutcomeName, (readonly [string, string])[]?][] = [
    [503, `${CONNECT_ERROR} reset reason: overflow`, 'overflow', [['x-envoy-overloaded', 'true']]],
    [503, '', 'overflow', [['X-Envoy-Overloaded', 'true']]],
    [503, `${CONNECT_ERROR} reset reason: overflow`, 'overflow'],
    [503, 'no healthy upstream', 'no-healthy-upstream'],
    [503, `${CONNECT_ERROR} reset reason: connection failure`, 'connection-failure'],
    [503, `${CONNECT_ERROR} reset reason: local connection failure`, 'connection-failure'],
    [503, `${CONNECT_ERROR} reset reason: remote connection failure`, 'connection-failure'],
    [
      503,
      `${CONNECT_ERROR} retried and the latest reset reason: remote connection failure, transport failure reason: delayed connect error: 111`,
      'connection-failure',
    ],
    [503, `${CONNECT_ERROR} reset reason: connection timeout`, 'connection-timeout'],
    [503, `${CONNECT_ERROR} reset reason: connection termination`, 'connection-termination'],
    [503, `${CONNECT_ERROR} reset reason: remote reset`, 'connection-termination'],
    [502, `${CONNECT_ERROR} reset reason: protocol error`, 'protocol-error'],
    [503, CONNECT_ERROR, 'gateway-other'],
    [504, 'upstream request timeout', 'upstream-timeout'],
    [504, 'stream timeout', 'upstream-timeout'],
    [403, 'RBAC: access denied', 'access-denied'],
    [401, 'Jwt is missing', 'access-denied'],
    [401, "Jwks doesn't have key to match kid or alg from Jwt", 'access-denied'],
    [403, 'Audiences in Jwt are not allowed', 'access-denied'],
    [503, 'fault filter abort', 'fault-injected'],
    ...[400, 401, 403, 404, 429, 504, 555].map((status): [number, string, OutcomeName] => [
      status,
      'fault filter abort',
      'fault-injected',
    ]),
    [429, 'local_rate_limited', 'rate-limited'],
    [429, '', 'rate-limited', [['x-envoy-ratelimited', 'true']]],
    [426, 'Upgrade Required', 'gateway-other'],
    [503, 'no available server\n', 'no-healthy-upstream'],
    [
      503,
      '<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>\n',
      'no-healthy-upstream',
    ],
    [
      504,
      "<html><body><h1>504 Gateway Time-out</h1>\nThe server didn't respond in time.\n",
      'upstream-timeout',
    ],
    [
      502,
      '<html><body><h1>502 Bad Gateway</h1>\nThe server returned an invalid or incomplete response.\n',
      'connection-termination',
    ],
    [
      403,
      '<html><body><h1>403 Forbidden</h1>\nRequest forbidden by administrative rules.\n',
      'access-denied',
    ],
    [
      429,
      '<html><body><h1>429 Too Many Requests</h1>\nYou have sent too many requests in a given amount of time.\n',
      'rate-limited',
    ],
    [
      502,
      '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<hr><center>nginx</center>\r\n',
      'gateway-other',
    ],
    [504, '<html>\r\n<head></head>\r\n<body>\r\n<hr><center>nginx/1.27</center>\r\n', 'upstream-timeout'],
  ];
  for (const [status, body, wanted, headers = []] of cases) {
    assert.equal(name(status, body, { headers }), wanted, `${status} ${body}`);
    assert.equal(name(status, body, { headers, stamped: true }), wanted, `${status} ${body}, stamped`);
    // A sidecar's own reply comes through the gateway as an upstream's answer.
    assert.equal(name(status, body, { headers: [...headers, STAMP], stamped: true }), 'backend', body);
    assert.equal(name(status, body, { headers: [...headers, STAMP] }), 'backend', body);
  }
});

test('where backends are stamped, an answer without the stamp is the gateway’s', () => {
  const cases: [number, string, OutcomeName][] = [
    [404, '', 'route-not-found'],
    [500, '', 'backend-ref-invalid'],
    [503, '', 'backend-ref-invalid'],
    [503, 'custom page', 'gateway-other'],
    [500, 'custom page', 'gateway-other'],
    [404, 'custom page', 'route-not-found'],
    [403, '', 'access-denied'],
    [401, 'who are you', 'access-denied'],
    [429, '', 'rate-limited'],
    [504, '', 'upstream-timeout'],
    [400, '', 'gateway-other'],
    [408, 'request timeout', 'gateway-other'],
    [301, '', 'gateway-other'],
    [308, '', 'gateway-other'],
  ];
  for (const [status, body, wanted] of cases) {
    assert.equal(name(status, body, { stamped: true }), wanted, `${status} ${body}`);
    assert.equal(name(status, body, { stamped: true, headers: [STAMP] }), 'backend', `${status} ${body}`);
  }
});

test('where nothing is stamped, what is not known is the backend’s', () => {
  for (const status of [301, 308, 400, 401, 403, 404, 429, 500, 502, 503, 504]) {
    assert.equal(name(status, ''), 'backend', `${status} empty`);
    assert.equal(name(status, 'something broke'), 'backend', `${status} with a body`);
  }
  // Every Go server answers this, Traefik among them.
  assert.equal(name(404, '404 page not found\n'), 'backend');
  assert.equal(name(404, '<html><hr><center>nginx</center>'), 'backend');
  // Quoted by a backend, or with another status.
  assert.equal(name(500, `we got: ${CONNECT_ERROR} reset reason: overflow`), 'backend');
  assert.equal(name(500, 'no healthy upstream'), 'backend');
  assert.equal(name(503, '', { headers: [['x-envoy-overloaded', 'false']] }), 'backend');
});

test('empty errors of an Envoy that stamped nothing so far', () => {
  const headers = [ENVOY];
  assert.equal(name(404, '', { headers }), 'route-not-found');
  assert.equal(name(500, '', { headers }), 'backend-ref-invalid');
  assert.equal(name(503, '', { headers }), 'backend-ref-invalid');
  assert.equal(name(502, '', { headers }), 'backend');
  assert.equal(name(500, 'a page', { headers }), 'backend');
  assert.equal(name(404, '', { headers: [['server', 'nginx']] }), 'backend');
});

test('an answer to HEAD is not taken for an empty one', () => {
  const headers = [ENVOY, ['content-length', '19'] as const];
  assert.equal(name(503, '', { headers, stamped: true }), 'gateway-other');
  assert.equal(name(503, '', { headers }), 'backend');
  assert.equal(name(503, '', { headers: [ENVOY, ['content-length', '0']] }), 'backend-ref-invalid');
});

test('success is the backend’s without a look', () => {
  for (const stamped of [true, false]) {
    assert.equal(name(200, 'no healthy upstream', { stamped }), 'backend');
    assert.equal(name(204, '', { stamped }), 'backend');
  }
});

test('a text far into a body is not looked at', () => {
  assert.equal(name(503, `upstream connect error${' '.repeat(600)}reset reason: overflow`), 'gateway-other');
});

test('bodies are needed for errors only', () => {
  assert.deepEqual([200, 204, 301, 399].map(needsBodyForOrigin), [false, false, false, false]);
  assert.deepEqual([400, 404, 503].map(needsBodyForOrigin), [true, true, true]);
});
