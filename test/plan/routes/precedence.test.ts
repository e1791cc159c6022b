import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ISTIO_ORDER, type MatchOrder } from '../../../src/plan/gateways/match-order.js';
import { GATEWAYS } from '../../../src/plan/gateways/table.js';
import type { PathMatch, Route, RouteMatch } from '../../../src/plan/manifests/model.js';
import { GATEWAY_API_ROUTE } from '../../../src/plan/manifests/readers/gateway-api.js';
import { compareMatches, orderedEntries } from '../../../src/plan/routes/precedence.js';
import { placeForTests } from '../../support/manifests.js';

function match(path: PathMatch | null, more: Partial<RouteMatch> = {}): RouteMatch {
  return { path, method: null, headers: [], queryParams: [], other: [], ...more };
}

const compare = (a: RouteMatch | null, b: RouteMatch | null, order: MatchOrder = ISTIO_ORDER) =>
  compareMatches(a, b, order)?.order ?? 0;

const ORDERS = GATEWAYS.flatMap(({ name, order }) => (order === null ? [] : [[name, order.value] as const]));

test('the order of the Gateway API, and regular expressions last as in Istio', () => {
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
  assert.deepEqual(
    [...ordered].reverse().sort((a, b) => compare(a, b)),
    ordered,
  );
  assert.equal(compare(null, match({ type: 'PathPrefix', value: '/' })), 0);
});

const value = fc.record({
  name: fc.constant('x'),
  type: fc.constantFrom('Exact' as const, 'RegularExpression' as const),
  value: fc.constant('1'),
});
const path = fc.record({
  type: fc.constantFrom('Exact', 'PathPrefix', 'TextPrefix', 'RegularExpression'),
  value: fc.constantFrom('/', '/a', '/a/', '/ab', '/abc', '/abd'),
}) as fc.Arbitrary<PathMatch>;
const anyMatch = fc.option(
  fc.record({
    path: fc.option(path),
    method: fc.option(fc.constant('GET')),
    headers: fc.array(value, { maxLength: 2 }),
    queryParams: fc.array(value, { maxLength: 2 }),
    other: fc.constant([]),
  }),
);

test('each order is an order: antisymmetric and transitive', () => {
  for (const [name, order] of ORDERS) {
    fc.assert(
      fc.property(anyMatch, anyMatch, anyMatch, (a, b, c) => {
        assert.equal(Math.sign(compare(a, b, order)) + Math.sign(compare(b, a, order)), 0, name);
        if (compare(a, b, order) <= 0 && compare(b, c, order) <= 0)
          assert.ok(compare(a, c, order) <= 0, name);
      }),
      { seed: 14, numRuns: 500 },
    );
  }
});

test('the order of rules does not depend on the order in which routes are read', () => {
  const routes = fc.uniqueArray(fc.array(anyMatch, { minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 6,
  });
  for (const [name, order] of ORDERS) {
    fc.assert(
      fc.property(routes, fc.infiniteStream(fc.nat()), (matches, keys) => {
        const made = matches.map((rules, index) => route(`r${index}`, rules));
        const shuffled = made
          .map((one) => ({ one, key: keys.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ one }) => one);
        const place = { ...placeForTests(80), order };
        assert.deepEqual(orderedEntries(shuffled, place), orderedEntries(made, place), name);
      }),
      { seed: 15, numRuns: 200 },
    );
  }
});

/** An HTTPRoute with a rule per match. */
function route(name: string, matches: readonly (RouteMatch | null)[]): Route {
  const source = { file: 'f', document: 1, line: 1 };
  const rules = matches.map((one, index) => ({
    index,
    name: null,
    line: 1,
    matches: one === null ? [] : [one],
    backends: [],
    requestHeaders: null,
    responseHeaders: null,
    mirrors: [],
    timeouts: { requestMs: null, backendRequestMs: null },
    retries: null,
    fault: null,
    answersItself: null,
  }));
  const ref = { kind: 'HTTPRoute', apiVersion: 'v1', name, namespace: 'n', source, createdAt: null };
  return { ref, dialect: GATEWAY_API_ROUTE, hostnames: [], parents: [], rules };
}
