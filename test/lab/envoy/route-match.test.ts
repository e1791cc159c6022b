import assert from 'node:assert/strict';
import { test } from 'node:test';
import { envoyMatch } from '../../../src/lab/envoy/route-match.js';
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
