import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSource } from '../../src/instrument/parsed-source.js';
import { backendsIn } from '../../src/instrument/route-backends.js';

test('a route whose backends cannot change headers has nothing to instrument', () => {
  const text = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r}
spec: {rules: [{backendRefs: [{name: a}]}]}
`;
  const [resource] = parseSource({ name: 'r', text, named: true }).resources;
  const [route] = resource?.set.routes ?? [];
  assert.ok(resource && route);
  assert.equal(backendsIn(text, resource.raw, route, () => true).length, 1);
  const without = { ...route, dialect: { ...route.dialect, backendsAt: null } };
  assert.deepEqual(
    backendsIn(text, resource.raw, without, () => true),
    [],
  );
});
