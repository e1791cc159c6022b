import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LIMIT_FLAGS, parseLimits } from '../../../src/cli/options/limits.js';
import { UserError } from '../../../src/errors.js';

test('--limit, once and for versions, whose names may have colons', () => {
  const { limits } = parseLimits({ limit: ['connections=100, pending=50,requests=7', 'a:b:pending=0'] });
  assert.deepEqual(limits, [
    { version: null, maxConnections: 100, maxPendingRequests: 50, maxRequests: 7 },
    { version: 'a:b', maxPendingRequests: 0 },
  ]);
});

test('errors about the options of the plan name the flags', () => {
  const sets = Object.values(LIMIT_FLAGS).map((flag) => flag.sets);
  assert.deepEqual(sets, ['limits', 'limitsScope', 'backendProtocol', 'gatewayReplicas']);
});

test('the other flags, and none', () => {
  const none = { limits: undefined, limitsScope: undefined, backendProtocol: undefined };
  assert.deepEqual(parseLimits({}), { ...none, gatewayReplicas: undefined });
  const given = { 'limits-scope': 'route', 'backend-protocol': 'http2', 'gateway-replicas': '3' };
  assert.deepEqual(parseLimits(given), {
    limits: undefined,
    limitsScope: 'route',
    backendProtocol: 'h2',
    gatewayReplicas: 3,
  });
});

for (const [flags, message] of [
  [{ limit: '' }, /--limit: '': '' is no limit\. Write it as/],
  [{ limit: 'connections' }, /'connections' is no limit/],
  [{ limit: 'conn=1' }, /'conn=1' is no limit/],
  [{ limit: 'connections=1=2' }, /is no limit/],
  [{ limit: ':connections=1' }, /no version before the colon/],
  [{ limit: 'pending=1,pending=2' }, /pending is given twice/],
  [{ limit: 'requests=many' }, /^--limit: requests: .*many/],
  [{ limit: 'requests=4294967296' }, /^--limit: requests: .*4294967295/],
  [{ 'limits-scope': 'all' }, /--limits-scope: 'all' is neither version nor route/],
  [{ 'backend-protocol': 'h3' }, /--backend-protocol: 'h3' is neither http1 nor http2/],
  [{ 'gateway-replicas': '0' }, /--gateway-replicas: .*1 to/],
] as const) {
  test(`refused: ${JSON.stringify(flags)}`, () => {
    assert.throws(
      () => parseLimits(flags),
      (error) => {
        assert.ok(error instanceof UserError);
        assert.match(error.message, message);
        return true;
      },
    );
  });
}
