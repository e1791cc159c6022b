import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PathMatch, RouteMatch } from '../../../src/plan/manifests/model.js';
import { compareMatches } from '../../../src/plan/routes/precedence.js';

function match(path: PathMatch | null, more: Partial<RouteMatch> = {}): RouteMatch {
  return { path, method: null, headers: [], queryParams: [], other: [], ...more };
}

const compare = (a: RouteMatch | null, b: RouteMatch | null) => compareMatches(a, b)?.order ?? 0;

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
  assert.deepEqual([...ordered].reverse().sort(compare), ordered);
  assert.equal(compare(null, match({ type: 'PathPrefix', value: '/' })), 0);
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
      assert.equal(Math.sign(compare(a, b)) + Math.sign(compare(b, a)), 0);
      if (compare(a, b) <= 0 && compare(b, c) <= 0) assert.ok(compare(a, c) <= 0);
    }),
    { seed: 14, numRuns: 500 },
  );
});
