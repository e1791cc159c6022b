/** What a real Envoy answers by itself: named, counted as Envoy counts it, and never lost from the split. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitCode } from '../../src/cli/verdict-exit.js';
import { UserError } from '../../src/errors.js';
import { run } from '../../src/run.js';
import { app, destinationRule, tutorialRoute } from '../lab/manifests.js';
import { envoyForTests } from '../support/envoy.js';
import {
  assertShare,
  type EnvoyCounted,
  planOf,
  sample,
  startEnvoyLab,
  total,
  versionOf,
  weigh,
} from '../support/envoy-lab.js';
import { said as inFlags } from '../support/flags.js';

/** One connection, one request in waiting, two requests: far below what the tests send at once. */
const TINY =
  '{connectionPool: {tcp: {maxConnections: 1}, http: {http1MaxPendingRequests: 1, http2MaxRequests: 2}}}';
const BREAKERS = destinationRule('backend-v1', TINY) + destinationRule('backend-v2', TINY);
/**
 * Four requests of sixteen are under way this long, the others come and go in a millisecond or some: nearly all are
 * refused, however busy the machine is.
 */
const SLOW = '*:slow=100ms';
/** Two breakers refuse: that of the queue and that of the requests. */
function overflowOf(counted: EnvoyCounted, service: string): number {
  return ['upstream_rq_pending_overflow', 'upstream_rq_active_overflow']
    .map((counter) => counted.cluster(service, counter))
    .reduce((sum, n) => sum + n, 0);
}

const APPS = app('backend-v1', 'v1', 2) + app('backend-v2', 'v2', 2);

test('overflow: as many as Envoy refused, without a version', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const manifests = [tutorialRoute({ weights: [50, 50] }), APPS, BREAKERS];
  const lab = await startEnvoyLab(t, manifests, { faults: [SLOW] });
  const flags = { requests: '2000', connections: '16' };
  const plan = await planOf(lab.urls.http, manifests, flags);
  const { result, counted, arrivals } = await weigh(lab, plan);
  const refused = ['backend-v1', 'backend-v2'].map((name) => overflowOf(counted, name));
  const overflow = refused.reduce((sum, n) => sum + n, 0);
  assert.ok(overflow > 200, `${overflow} refused`);
  assert.deepEqual(result.gatewayReplies, { overflow });
  assert.deepEqual(result.unattributed, {
    requests: overflow,
    statuses: { '503': overflow },
    kinds: { overflow },
  });
  assert.equal(result.split?.unknownVersion, overflow);
  for (const name of ['backend-v1', 'backend-v2']) {
    const version = versionOf(result, name);
    // What is refused is not in upstream_rq_total.
    assert.equal(version.requests, counted.cluster(name, 'upstream_rq_total'));
    assert.deepEqual(version.statuses, { '200': version.requests });
  }
  assert.equal(total(arrivals), result.requests.attributed);
  assert.ok(result.notes.some(({ code }) => code === 'overflow'));
  t.diagnostic(`overflow ${overflow}, Envoy ${refused.join(' + ')}`);
});

test('a version header of the backendRef: an overflow has its version, and no place in its latency', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const named = (name: string, version: string, weight: number) => `
    - name: ${name}
      port: 80
      weight: ${weight}
      filters:
      - type: ResponseHeaderModifier
        responseHeaderModifier: {set: [{name: x-version, value: ${version}}]}`;
  const route = tutorialRoute().replace(
    /backendRefs:[\s\S]*$/,
    `backendRefs:${named('backend-v1', 'v1', 40)}${named('backend-v2', 'v2', 40)}${named('backend-v3', 'v3', 20)}\n`,
  );
  const manifests = [route, APPS, BREAKERS];
  const lab = await startEnvoyLab(t, manifests, { faults: [SLOW] });
  const flags = { requests: '3000', connections: '16', 'version-from': 'header:x-version', tolerance: '7' };
  const plan = await planOf(lab.urls.http, manifests, flags);
  const { result, counted } = await weigh(lab, plan);
  let overflow = 0;
  for (const [name, label] of [
    ['backend-v1', 'v1'],
    ['backend-v2', 'v2'],
  ] as const) {
    const refused = overflowOf(counted, name);
    const version = versionOf(result, name);
    const answered = counted.cluster(name, 'upstream_rq_total');
    assert.deepEqual(version.labels, [label]);
    assert.ok(refused > 100, `${name}: ${refused} refused`);
    assert.equal(version.gatewayReplies, refused);
    assert.deepEqual(version.statuses, { '200': answered, '503': refused });
    assert.equal(version.requests, answered + refused);
    assert.equal(version.latencyUs.count, answered);
    assert.equal(version.serviceTimeUs.count, answered);
    // The pods take 100 ms; a refusal takes none, and would show.
    assert.ok((version.latencyUs.min ?? 0) >= 95_000, `${version.latencyUs.min} µs`);
    overflow += refused;
  }
  // The missing Service keeps its share under its name, though no backend ever answers for it.
  const missing = versionOf(result, 'backend-v3');
  assert.equal(missing.gatewayReplies, missing.requests);
  assert.deepEqual(missing.statuses, { '500': missing.requests });
  assert.equal(missing.latencyUs.count, 0);
  assert.equal(missing.requests, counted.sum('http.outbound_', '.no_cluster'));
  assertShare(missing.requests, 3000, 0.2);
  assert.deepEqual(result.gatewayReplies, { overflow, 'backend-ref-invalid': missing.requests });
  assert.equal(result.requests.attributed, 3000);
  assert.equal(result.overall.requests, 3000);
  assert.equal(result.backends.requests, 3000 - overflow - missing.requests);
  // Known to the last one: 7 points are 8 standard errors.
  assert.equal(result.split?.unknownVersion, 0);
  assert.equal(result.split?.verdict, 'pass');
  // What the gateway refused in a version's name is an error of the version.
  assert.equal(result.verdict, 'fail');
});

test('a missing Service at 20 %: its share is not shared out among the others', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const route = tutorialRoute({ weights: [40, 40] }).replace(
    'weight: 40}\n',
    'weight: 40}\n    - {name: backend-v3, port: 80, weight: 20}\n',
  );
  const manifests = [route, APPS];
  const lab = await startEnvoyLab(t, manifests);
  const flags = { requests: '3000', connections: '16' };
  const plan = await planOf(lab.urls.http, manifests, flags);
  const { result, counted } = await weigh(lab, plan);
  const missing = counted.sum('http.outbound_', '.no_cluster');
  assertShare(missing, 3000, 0.2);
  assert.deepEqual(result.unattributed, {
    requests: missing,
    statuses: { '500': missing },
    kinds: { 'backend-ref-invalid': missing },
  });
  // Over the attributed both others look like 50 %; the interval says that it may be 40.
  for (const name of ['backend-v1', 'backend-v2']) {
    const { requests, shareInterval } = versionOf(result, name);
    assert.equal(requests, counted.cluster(name, 'upstream_rq_total'));
    const [low, high] = shareInterval ?? assert.fail('no interval');
    // The true share is 40 %: five standard errors of 3,000 draws are 4.5 points. Over the attributed it would be 48 %.
    assert.ok(low < 0.44 && high - low > 0.18, `${low} to ${high}`);
  }
  const [low, high] = versionOf(result, 'backend-v3').shareInterval ?? assert.fail('no interval');
  assert.ok(low === 0 && high > 0.17 && high < 0.26, `${low} to ${high}`);
  assert.notEqual(result.verdict, 'pass');
  assert.notEqual(exitCode(result, false), 0);
  const codes = result.notes.map(({ code }) => code);
  assert.ok(codes.includes('backend-unreachable'), codes.join(' '));
});

test('no endpoint at all: no healthy upstream, as often as Envoy found none', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const manifests = [tutorialRoute(), app('backend-v1', 'v1', 1), app('backend-v2', 'v2', 0)];
  const lab = await startEnvoyLab(t, manifests);
  const flags = { requests: '2000', connections: '8' };
  const plan = await planOf(lab.urls.http, manifests, flags);
  const { result, counted } = await weigh(lab, plan);
  const none = counted.cluster('backend-v2', 'upstream_cx_none_healthy');
  assertShare(none, 2000, 0.1);
  assert.deepEqual(result.unattributed, {
    requests: none,
    statuses: { '503': none },
    kinds: { 'no-healthy-upstream': none },
  });
  assert.notEqual(result.verdict, 'pass');
  assert.ok(result.notes.some(({ code }) => code === 'no-healthy-upstream'));
});

test('refused connections are hidden by the default retries, and named without them', async (t) => {
  if (envoyForTests(t) === undefined) return;
  // In rotation a retry always finds the other pod; least requests would often find the same.
  const rotation = destinationRule('backend-v2', '{loadBalancer: {simple: ROUND_ROBIN}}');
  const manifests = [tutorialRoute({ weights: [50, 50] }), APPS, rotation];
  for (const defaultRetries of [true, false]) {
    const lab = await startEnvoyLab(t, manifests, { defaultRetries });
    const flags = { requests: '1000', connections: '4' };
    const plan = await planOf(lab.urls.http, manifests, flags);
    const { result, counted } = await weigh(lab, plan, {
      onStart: () => lab.setFault('v2-0:refuse'),
    });
    const failed = counted.cluster('backend-v2', 'upstream_rq_pending_failure_eject');
    const retried = counted.cluster('backend-v2', 'upstream_rq_retry');
    assert.ok(failed > 50, `${failed} failed to connect`);
    assert.equal(retried, defaultRetries ? failed : 0);
    assert.deepEqual(result.gatewayReplies, defaultRetries ? {} : { 'connection-failure': failed });
    assert.equal(result.requests.unattributed, defaultRetries ? 0 : failed);
    await lab.close();
  }
});

test('a version whose pods all refuse: connection failures until they are ejected, then none healthy', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const rule =
    '{outlierDetection: {consecutive5xxErrors: 5, baseEjectionTime: 60s, maxEjectionPercent: 100}}';
  const manifests = [tutorialRoute({ weights: [50, 50] }), APPS, destinationRule('backend-v2', rule)];
  const lab = await startEnvoyLab(t, manifests);
  // Envoy takes the second ejection up only a second after the first.
  const flags = { duration: '4s', connections: '8' };
  const plan = await planOf(lab.urls.http, manifests, flags);
  const { result, counted } = await weigh(lab, plan, { onStart: () => lab.setFault('v2:refuse') });
  const { 'no-healthy-upstream': none = 0, 'connection-failure': failure = 0 } = result.unattributed.kinds;
  assert.equal(none + failure, result.requests.unattributed);
  assert.ok(none > 0 && failure > 0, `${none} and ${failure}`);
  assert.equal(none, counted.cluster('backend-v2', 'upstream_cx_none_healthy'));
  assert.equal(counted.cluster('backend-v2', 'outlier_detection.ejections_active'), 2);
  assert.equal(versionOf(result, 'backend-v1').requests, counted.cluster('backend-v1', 'upstream_rq_total'));
  assert.equal(versionOf(result, 'backend-v2').requests, 0);
  assertShare(result.requests.unattributed, result.requests.scheduled, 0.5);
  assert.notEqual(result.verdict, 'pass');
});

test('what nothing can be measured behind is explained before any load', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const manifests = ['deployments', 'gateway', 'httproute-90-10'].map(sample);
  const lab = await startEnvoyLab(t, manifests);
  const explained = async (flags: Readonly<Record<string, string>>, said: RegExp, exitCode = 2) => {
    await assert.rejects(
      run(await planOf(lab.urls.http, [], { requests: '100', ...flags })),
      (error: Error) => {
        assert.ok(error instanceof UserError, error.stack);
        assert.equal(error.exitCode, exitCode);
        assert.match(inFlags(error), said);
        return true;
      },
    );
  };
  await explained(
    { host: 'nobody.example' },
    /answered 404 for Host 'nobody\.example' and path '\/'.*--host/,
  );
  // Forgotten --host: the address is no route's hostname.
  await explained({}, /answered 404 for Host '127\.0\.0\.1:\d+'.*--host/);
  lab.setFault('*:refuse');
  await explained(
    { host: 'test.devopscube.com' },
    /answered 503: the gateway could not connect to the backend/,
    4,
  );
  assert.equal(total(lab.counts().pods), 0);
});
