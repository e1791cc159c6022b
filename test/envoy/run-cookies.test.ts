/** A real Envoy that keeps clients to an endpoint by a cookie: seen only by a client that sends its cookie back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoadPlan } from '../../src/plan/plan.js';
import { runEngine } from '../support/engine.js';
import { envoyForTests } from '../support/envoy.js';
import { sample, startEnvoyLab } from '../support/envoy-lab.js';
import { planFor } from '../support/plan.js';

/**
 * One Service over the pods of both versions, chosen by a hash of the cookie `sid`, which the route sets as an app would. A
 * cookie that Envoy generates itself (with `ttl`) does not show the difference: it follows from the addresses of the
 * connection, so that connections keep to an endpoint even if they never send it back.
 */
const STICKY = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: sticky, namespace: istio-test}
spec:
  parentRefs: [{name: istio-gateway}]
  hostnames: [test.devopscube.com]
  rules:
    - backendRefs: [{name: backend, port: 80}]
      filters:
        - type: ResponseHeaderModifier
          responseHeaderModifier: {add: [{name: Set-Cookie, value: sid=%DOWNSTREAM_REMOTE_PORT%; Path=/}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: sticky, namespace: istio-test}
spec:
  host: backend
  trafficPolicy: {loadBalancer: {consistentHash: {httpCookie: {name: sid}}}}
`;

test('with --cookies connection each connection keeps to a version, without it none does', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const lab = await startEnvoyLab(t, [sample('deployments'), STICKY]);
  const url = lab.listeners[0]?.url ?? assert.fail('no listener');
  for (const http2 of [false, true]) {
    const versionsByConnection = async (cookies: LoadPlan['cookies']) => {
      const plan = planFor(url, {
        flags: { host: 'test.devopscube.com', http2 },
        load: { requests: 600, connections: 40, cookies },
        identify: { version: { from: 'body', pattern: 'backend (v[12])', flags: '' } },
      });
      const { samples, outcomes } = await runEngine(plan);
      assert.deepEqual(outcomes, { ok: 600 });
      const versions = new Map<number, Set<string | null>>();
      for (const { connection, version, sequence } of samples) {
        // The answer to the first request of a connection sets its cookie.
        if (sequence < 40) continue;
        versions.set(connection, (versions.get(connection) ?? new Set()).add(version));
      }
      return [...versions.values()];
    };
    const kept = await versionsByConnection('connection');
    assert.ok(kept.every(({ size }) => size === 1));
    // Of three pods of v1 and two of v2: that all 40 connections meet one version has a chance of 1 in 10 million.
    assert.equal(new Set(kept.flatMap((versions) => [...versions])).size, 2);
    const free = await versionsByConnection('off');
    // A connection that the machine lets send only one or two requests may meet one version.
    assert.ok(free.filter(({ size }) => size === 2).length >= 10, String(free.map(({ size }) => size)));
  }
});
