import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headerLevels } from '../../../src/lab/mesh/header-levels.js';
import type { RouteRule } from '../../../src/plan/manifests/model.js';
import { readManifestTexts } from '../../support/manifests.js';

test('the modifiers of the only backend with traffic move to the route, behind those of the rule', async () => {
  const set = await readManifestTexts(`apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: n}
spec:
  rules:
    - filters: [{type: ResponseHeaderModifier, responseHeaderModifier: {remove: [of-rule]}}]
      backendRefs:
        - name: a
          filters: [{type: ResponseHeaderModifier, responseHeaderModifier: {remove: [of-backend]}}]
        - {name: b, weight: 0}
`);
  const rule = set.routes[0]?.rules[0] as RouteRule;
  const [backend = null] = rule.backends;
  const removed = (single: boolean) => {
    const { backend: first, route } = headerLevels(rule, backend, 'responseHeaders', single);
    return [first, route].map((level) => level.flatMap((modifier) => modifier?.remove ?? []));
  };
  assert.deepEqual(removed(true), [[], ['of-rule', 'of-backend']]);
  assert.deepEqual(removed(false), [['of-backend'], ['of-rule']]);
});
