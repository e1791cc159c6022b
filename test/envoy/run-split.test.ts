/** A split through a real Envoy: what `run` says is what Envoy counted, request by request. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { RunResult } from '../../src/analysis/result.js';
import { exitCode } from '../../src/cli/verdict-exit.js';
import { adminClient } from '../../src/lab/envoy/admin-client.js';
import type { Lab } from '../../src/lab/lab.js';
import { run } from '../../src/run.js';
import { drawnAnew, runOfDraws } from '../support/draws.js';
import { envoyForTests } from '../support/envoy.js';
import {
  assertShare,
  EnvoyCounted,
  pemFile,
  planOf,
  sample,
  snapshot,
  startEnvoyLab,
  total,
  versionOf,
  type Weighed,
  weigh,
} from '../support/envoy-lab.js';

const SAMPLES = ['deployments', 'destinationrules'].map(sample);
const PODS = { 'backend-v1': 3, 'backend-v2': 2 };

/** Versions, statuses and endpoints of the result are Envoy's and the backends' own counts. */
function assertEqualsEnvoy(lab: Lab, { result, counted, arrivals }: Weighed): void {
  for (const [name, pods] of Object.entries(PODS)) {
    const version = versionOf(result, name);
    assert.equal(version.requests, counted.cluster(name, 'upstream_rq_total'), `${name} upstream_rq_total`);
    const { '200': good = 0, '503': bad = 0, ...others } = version.statuses;
    assert.deepEqual(others, {});
    assert.equal(good, counted.cluster(name, 'upstream_rq_2xx'), `${name} upstream_rq_2xx`);
    if (bad > 0) assert.equal(bad, counted.cluster(name, 'upstream_rq_5xx'), `${name} upstream_rq_5xx`);
    assert.equal(counted.cluster(name, 'upstream_rq_retry'), 0);
    assert.equal(version.latencyUs.count, version.requests);
    assert.equal(version.endpoints.length, pods);
    const service = lab.topology.services.find((each) => each.name === name);
    for (const { endpoint, requests, statuses } of version.endpoints) {
      const pod = service?.pods.find((each) => each.name === endpoint) ?? assert.fail(endpoint);
      assert.equal(requests, counted.endpoint(name, pod), `${endpoint} in /clusters`);
      assert.equal(requests, arrivals[endpoint], `${endpoint}'s own count`);
      assert.equal(requests, total(statuses));
    }
  }
  assert.deepEqual(result.gatewayReplies, {});
}

/** Nothing else came of 12,000 requests at 90/10 than answers of two versions, and the split is kept. */
function assertKept(result: RunResult): void {
  const { scheduled, attributed } = result.requests;
  assert.deepEqual([scheduled, attributed], [12_000, 12_000]);
  assertShare(versionOf(result, 'backend-v2').requests, 12_000, 0.1);
  // A share within 2 points less 1.645 standard errors of 0.27 points passes: missed with 5.7 of them.
  assert.equal(result.split?.verdict, 'pass');
  // A tenth of v2's answers are 503.
  assert.equal(result.verdict, 'fail');
  assert.equal(result.checks.find(({ name }) => name === 'errors/backend-v2')?.verdict, 'fail');
}

function tell(t: TestContext, { result, counted }: Weighed): void {
  for (const { version, requests, statuses } of result.versions) {
    const envoy = counted.cluster(version, 'upstream_rq_total');
    t.diagnostic(
      `${version}: ${requests} counted, ${envoy} by Envoy's upstream_rq_total, statuses ${JSON.stringify(statuses)}`,
    );
  }
  t.diagnostic(`${Math.round(result.requestsPerSecond)} requests/s`);
}

test('12,000 requests at 90/10: versions, statuses and endpoints are as Envoy counted them', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const manifests = [...SAMPLES, sample('gateway'), sample('httproute-90-10')];
  const lab = await startEnvoyLab(t, manifests, { tellEndpoint: true });
  const flags = { requests: '12000', connections: '16', 'endpoint-from': 'header:x-pod' };
  const plan = await planOf(lab.urls.http, manifests, flags);
  // Some 503s of v2's own: the default retries hide none of them.
  const weighed = await weigh(lab, plan, { onStart: () => lab.setFault('v2:status=503,rate=0.1') });
  tell(t, weighed);
  assertKept(weighed.result);
  assertEqualsEnvoy(lab, weighed);
  const { requests, statuses } = versionOf(weighed.result, 'backend-v2');
  assertShare(statuses['503'] ?? 0, requests, 0.1);
  assert.match(weighed.result.identifier.version, /http-echo/);
});

test('the same over TLS, without DestinationRules: counts, and one handshake per connection', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const manifests = ['deployments', 'gateway-tls', 'httproute-90-10'].map(sample);
  const lab = await startEnvoyLab(t, manifests, { tellEndpoint: true });
  const flags = {
    requests: '12000',
    connections: '16',
    cacert: pemFile(t, lab.caPem),
    'endpoint-from': 'header:x-pod',
  };
  const plan = await planOf(lab.urls.https, manifests, flags);
  const weighed = await weigh(lab, plan, { onStart: () => lab.setFault('v2:status=503,rate=0.1') });
  tell(t, weighed);
  assertKept(weighed.result);
  assertEqualsEnvoy(lab, weighed);
  const { target, load } = weighed.result;
  assert.deepEqual(
    [target.host, target.sni, target.tlsVerified],
    ['test.devopscube.com', 'test.devopscube.com', true],
  );
  assert.equal(load.connectionsOpened, 16);
  assert.equal(weighed.counted.sum('listener.', '.ssl.handshake'), 16);
  assert.equal(weighed.counted.sum('listener.', '.ssl.connection_error'), 0);
});

test('50/50 of the samples is kept: the verdict passes', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const manifests = [...SAMPLES, sample('gateway'), sample('httproute-50-50')];
  const lab = await startEnvoyLab(t, manifests);
  const admin = adminClient(lab.adminUrl ?? '');
  // 8,000 requests tell a share to 0.56 points: with 4 points of tolerance, chance cannot spoil the pass.
  const plan = await planOf(lab.urls.http, manifests, {
    requests: '8000',
    connections: '16',
    tolerance: '4',
  });
  const { result, counted } = await drawnAnew(
    async () => {
      const before = await snapshot(admin);
      return { result: await run(plan), counted: new EnvoyCounted(before, await snapshot(admin)) };
    },
    (weighed) => weighed.result,
  );
  assert.equal(result.verdict, 'pass');
  assert.equal(exitCode(result, false), 0);
  assert.deepEqual(
    result.checks.map(({ name, verdict }) => [name, verdict]),
    [
      ['split/backend-v1', 'pass'],
      ['split/backend-v2', 'pass'],
      ['errors/backend-v1', 'pass'],
      ['errors/backend-v2', 'pass'],
      ['errors', 'pass'],
      ['sent', 'pass'],
    ],
  );
  // Here the pre-flight is in Envoy's figures, as its own count says.
  assert.equal(result.requests.preflight, 1);
  const envoys =
    counted.cluster('backend-v1', 'upstream_rq_total') + counted.cluster('backend-v2', 'upstream_rq_total');
  assert.equal(envoys, result.requests.attributed + result.requests.preflight);
  assert.deepEqual(
    result.versions.map(({ expectedShare }) => expectedShare),
    [0.5, 0.5],
  );
});

test('63 % where 70 is expected fails', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const route = sample('httproute-50-50')
    .replace('weight: 50', 'weight: 63')
    .replace('weight: 50', 'weight: 37');
  const manifests = [sample('deployments'), sample('gateway'), route];
  const lab = await startEnvoyLab(t, manifests);
  // 7 points are 10 standard errors: no chance of 5,000 requests looking like 70 %.
  const flags = {
    requests: '5000',
    connections: '16',
    expect: 'backend-v1=70,backend-v2=30',
    tolerance: '2',
  };
  const result = await runOfDraws(await planOf(lab.urls.http, manifests, flags));
  assert.equal(result.verdict, 'fail');
  assert.equal(exitCode(result, false), 1);
  const [v1] = result.versions;
  assertShare(v1?.requests ?? 0, 5000, 0.63);
  assert.equal(v1?.expectedShare, 0.7);
  assert.ok((v1?.deviationPoints ?? 0) < -2, `${v1?.deviationPoints} points`);
  assert.ok((v1?.shareInterval?.[1] ?? 1) < 0.68);
});
