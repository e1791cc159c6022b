import assert from 'node:assert/strict';
import { test } from 'node:test';
import { policyLines } from '../../../src/plan/policy/policy-in-words.js';

test('a line for each block that has values, by its path', () => {
  const policy = {
    loadBalancer: { simple: 'ROUND_ROBIN' },
    connectionPool: { tcp: { maxConnections: 100 }, http: { http2MaxRequests: 100, maxRetries: 0 } },
    outlierDetection: { consecutive5xxErrors: 5, interval: '30s' },
    portLevelSettings: [{ port: { number: 80 } }, { port: { number: 8080 }, tls: {} }],
    codes: [502, 503],
    merge: true,
  };
  assert.deepEqual(policyLines(policy), [
    'merge true',
    'loadBalancer: simple ROUND_ROBIN',
    'connectionPool.tcp: maxConnections 100',
    'connectionPool.http: http2MaxRequests 100, maxRetries 0',
    'outlierDetection: consecutive5xxErrors 5, interval 30s',
    'portLevelSettings[0].port: number 80',
    'portLevelSettings[1].port: number 8080',
    'portLevelSettings[1].tls: empty',
    'codes: 502, 503',
  ]);
});

test('a policy without fields, and values that are easily overlooked', () => {
  for (const nothing of [undefined, null, {}]) assert.deepEqual(policyLines(nothing), ['without fields']);
  assert.deepEqual(policyLines({ a: '', b: null, c: [], d: undefined }), ["a '', b null", 'c: none']);
});

test('a long or hostile policy stays short and has no control characters', () => {
  const long = Object.fromEntries(Array.from({ length: 99 }, (_, i) => [`block${i}`, { size: i }]));
  const lines = policyLines(long);
  assert.equal(lines.length, 41);
  assert.equal(lines.at(-1), '… and 59 more');
  const [hostile = ''] = policyLines({ '\u001b[31m': `x\n- y${'z'.repeat(5000)}` });
  assert.doesNotMatch(hostile, /[\u0000-\u001f]/);
  assert.ok(hostile.length < 300);
});
