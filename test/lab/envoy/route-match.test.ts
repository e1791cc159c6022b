import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareMatches, envoyMatch } from '../../../src/lab/envoy/route-match.js';
import type { PathMatch, RouteMatch } from '../../../src/plan/manifests/model.js';

function match(path: PathMatch | null, more: Partial<RouteMatch> = {}): RouteMatch {
  return { path, method: null, headers: [], queryParams: [], other: [], ...more };
}

test('paths, methods, headers and query parameters in the words of Envoy', () => {
  const CASE = { case_sensitive: true };
  assert.deepEqual(envoyMatch(null), { prefix: '/', ...CASE });
  assert.deepEqual(envoyMatch(match({ type: 'PathPrefix', value: '/' })), { prefix: '/', ...CASE });
  assert.deepEqual(envoyMatch(match({ type: 'PathPrefix', value: '/api/' })), {
    path_separated_prefix: '/api',
    ...CASE,
  });
  assert.deepEqual(envoyMatch(match({ type: 'TextPrefix', value: '/off' })), { prefix: '/off', ...CASE });
  assert.deepEqual(envoyMatch(match({ type: 'RegularExpression', value: '/r[0-9]+' })), {
    safe_regex: { regex: '/r[0-9]+' },
    ...CASE,
  });
  assert.deepEqual(
    envoyMatch(
      match(
        { type: 'Exact', value: '/x' },
        {
          method: 'POST',
          headers: [
            { name: 'a', type: 'TextPrefix', value: 'b' },
            { name: 'c', type: 'Present', value: '' },
          ],
          queryParams: [{ name: 'q', type: 'RegularExpression', value: '[0-9]' }],
        },
      ),
    ),
    {
      path: '/x',
      ...CASE,
      headers: [
        { name: ':method', string_match: { exact: 'POST' } },
        { name: 'a', string_match: { prefix: 'b' } },
        { name: 'c', present_match: true },
      ],
      query_parameters: [{ name: 'q', string_match: { safe_regex: { regex: '[0-9]' } } }],
    },
  );
});

test('the order of the Gateway API', () => {
  const header = { name: 'h', type: 'Exact', value: '1' } as const;
  const ordered = [
    match({ type: 'Exact', value: '/a' }),
    match({ type: 'PathPrefix', value: '/long/path' }),
    match({ type: 'PathPrefix', value: '/a' }, { method: 'GET' }),
    match({ type: 'PathPrefix', value: '/b' }, { headers: [header, header] }),
    match({ type: 'PathPrefix', value: '/c' }, { headers: [header] }),
    match({ type: 'PathPrefix', value: '/d' }, { queryParams: [header] }),
    match({ type: 'PathPrefix', value: '/e' }),
    null,
    match({ type: 'RegularExpression', value: '/very/long/regular/expression' }),
  ];
  assert.deepEqual([...ordered].reverse().sort(compareMatches), ordered);
  assert.equal(compareMatches(null, match({ type: 'PathPrefix', value: '/' })), 0);
});

test('the order is an order: antisymmetric and transitive', () => {
  const value = fc.record({
    name: fc.constant('x'),
    type: fc.constant('Exact' as const),
    value: fc.constant('1'),
  });
  const path = fc.record({
    type: fc.constantFrom('Exact', 'PathPrefix', 'TextPrefix', 'RegularExpression'),
    value: fc.constantFrom('/', '/a', '/ab', '/abc'),
  }) as fc.Arbitrary<PathMatch>;
  const any = fc.option(
    fc.record({
      path: fc.option(path),
      method: fc.option(fc.constant('GET')),
      headers: fc.array(value, { maxLength: 2 }),
      queryParams: fc.array(value, { maxLength: 2 }),
      other: fc.constant([]),
    }),
  );
  fc.assert(
    fc.property(any, any, any, (a, b, c) => {
      assert.equal(Math.sign(compareMatches(a, b)) + Math.sign(compareMatches(b, a)), 0);
      if (compareMatches(a, b) <= 0 && compareMatches(b, c) <= 0) assert.ok(compareMatches(a, c) <= 0);
    }),
    { seed: 14, numRuns: 500 },
  );
});
