/** HTTP/2 against a real Envoy: over TLS and without, and one that drains each connection after 100 requests. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { UserError } from '../../src/errors.js';
import { startBackends } from '../../src/lab/backends/backends.js';
import { buildBootstrap } from '../../src/lab/envoy/bootstrap.js';
import { type RunningEnvoy, startEnvoy } from '../../src/lab/envoy/launch.js';
import { makeCertificate } from '../../src/lab/mesh/certificates.js';
import { planTopology } from '../../src/lab/mesh/plan-topology.js';
import { checkGateway } from '../../src/probes/preflight/check-gateway.js';
import { run } from '../../src/run.js';
import { envoyForTests } from '../support/envoy.js';
import {
  assertAccounted,
  assertShare,
  EnvoyCounted,
  pemFile,
  planOf,
  sample,
  snapshot,
  startEnvoyLab,
  versionOf,
  type Weighed,
  weigh,
} from '../support/envoy-lab.js';
import { said as inFlags } from '../support/flags.js';
import { readManifestTexts } from '../support/manifests.js';

const REQUESTS = 2000;

/** Each version's answers are what Envoy sent to its backends, and nothing failed. */
function assertEqualsEnvoy(t: TestContext, { result, counted }: Pick<Weighed, 'result' | 'counted'>): void {
  assertAccounted(result);
  const { scheduled, attributed, failed } = result.requests;
  const told = JSON.stringify([result.requests, result.unattributed, result.failures]);
  assert.deepEqual([scheduled, attributed, failed], [REQUESTS, REQUESTS, 0], told);
  for (const name of ['backend-v1', 'backend-v2']) {
    const { requests } = versionOf(result, name);
    assert.equal(requests, counted.cluster(name, 'upstream_rq_total'));
    t.diagnostic(`${name}: ${requests} counted, and by Envoy's upstream_rq_total`);
  }
  assertShare(versionOf(result, 'backend-v2').requests, REQUESTS, 0.1);
  assert.equal(counted.sum('http.outbound', '.downstream_rq_http2_total'), REQUESTS);
  assert.equal(counted.sum('http.outbound', '.downstream_rq_http1_total'), 0);
  // Envoy itself resets a stream that a backend answered before its body was there: that is no reset of ours.
  assert.equal(counted.sum('http2.', 'rx_reset'), 0);
  const sessions = counted.sum('http.outbound', '.downstream_cx_http2_total');
  t.diagnostic(
    `${result.load.connectionsOpened} connections opened, downstream_cx_http2_total ${sessions}, ` +
      `${Math.round(result.requestsPerSecond)} requests/s`,
  );
  assert.equal(sessions, result.load.connectionsOpened);
}

for (const [scheme, gateway, connections, streams] of [
  ['http', 'gateway', 6, 5],
  ['https', 'gateway-tls', 6, 5],
  ['http', 'gateway', 4, 1],
] as const) {
  test(`HTTP/2 over ${scheme}, ${connections} connections with ${streams} streams: as Envoy counted`, async (t) => {
    if (envoyForTests(t) === undefined) return;
    const manifests = ['deployments', gateway, 'httproute-90-10'].map(sample);
    const lab = await startEnvoyLab(t, manifests);
    const flags = {
      http2: true,
      requests: String(REQUESTS),
      connections: String(connections),
      streams: String(streams),
      // The lab's backends answer at the head of a request, before its body is there.
      ...(scheme === 'https' ? { cacert: pemFile(t, lab.caPem), data: 'x'.repeat(3000) } : {}),
    };
    const weighed = await weigh(lab, await planOf(lab.urls[scheme], manifests, flags));
    assertEqualsEnvoy(t, weighed);
    const { target, load } = weighed.result;
    assert.deepEqual([target.protocol, target.host], ['h2', 'test.devopscube.com']);
    assert.deepEqual([load.connections, load.streams], [connections, streams]);
    assert.equal(load.connectionsOpened, connections);
    if (scheme === 'https') assert.equal(weighed.counted.sum('listener.', '.ssl.handshake'), connections);
  });
}

test('an open loop over HTTP/2, on two threads', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const manifests = ['deployments', 'gateway', 'httproute-90-10'].map(sample);
  const lab = await startEnvoyLab(t, manifests);
  const flags = {
    http2: true,
    rate: '4000',
    requests: String(REQUESTS),
    streams: '25',
    'max-in-flight': '100',
    threads: '2',
    timeout: '30s',
  };
  const weighed = await weigh(lab, await planOf(lab.urls.http, manifests, flags));
  assertEqualsEnvoy(t, weighed);
  const { load } = weighed.result;
  assert.deepEqual([load.connections, load.streams, load.maxInFlight, load.threads], [4, 25, 100, 2]);
  assert.ok((load.connectionsOpened ?? 0) <= 4);
});

test('a wrong server name is named, over HTTP/2 as over HTTP/1.1; so is a wrong Host', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const manifests = ['deployments', 'gateway-tls', 'httproute-90-10'].map(sample);
  const lab = await startEnvoyLab(t, manifests);
  const cacert = pemFile(t, lab.caPem);
  // A gateway that answers is not unreachable.
  for (const [flags, exitCode, said] of [
    [{ sni: 'wrong.example' }, 4, /during the TLS handshake, with the server name 'wrong\.example'.*--sni/],
    [{ host: 'nobody.example', sni: 'test.devopscube.com' }, 2, /answered 404 for Host 'nobody\.example'/],
  ] as const) {
    const plan = await planOf(lab.urls.https, [], { http2: true, cacert, requests: '10', ...flags });
    await assert.rejects(run(plan), (error: Error) => {
      assert.ok(error instanceof UserError, error.stack);
      assert.equal(error.exitCode, exitCode);
      assert.match(inFlags(error), said);
      return true;
    });
  }
});

/** An Envoy that drains a connection after so many requests: GOAWAY, then another when it is drained. */
async function startDraining(
  t: TestContext,
  scheme: 'http' | 'https',
  maxRequests: number,
): Promise<{ envoy: RunningEnvoy; url: string; ca: string; manifests: string[] } | null> {
  const binary = envoyForTests(t);
  if (binary === undefined) return null;
  const gateway = scheme === 'https' ? 'gateway-tls' : 'gateway';
  const manifests = ['deployments', gateway, 'httproute-90-10'].map(sample);
  const read = await readManifestTexts(...manifests);
  const backends = await startBackends(planTopology(read), {
    tellEndpoint: false,
    treat: () => ({ delayMs: 0, answer: null }),
  });
  t.after(() => backends.close());
  const certificate = await makeCertificate({ names: ['test.devopscube.com'] });
  const { bootstrap, listeners } = buildBootstrap({
    manifests: read,
    topology: backends.topology,
    certificate,
    defaultRetries: true,
  });
  const envoy = await startEnvoy({ binary, bootstrap: draining(bootstrap, maxRequests) as typeof bootstrap });
  t.after(() => envoy.stop());
  const listener = listeners.find((each) => each.scheme === scheme);
  const port = (await envoy.listenerPorts()).get(listener?.name ?? '') ?? assert.fail('no listener');
  return { envoy, url: `${scheme}://127.0.0.1:${port}`, ca: certificate.certPem, manifests };
}

/** The configuration with the limit in every HTTP connection manager. */
function draining(json: unknown, maxRequests: number): unknown {
  if (Array.isArray(json)) return json.map((each) => draining(each, maxRequests));
  if (typeof json !== 'object' || json === null) return json;
  const copy = Object.fromEntries(Object.entries(json).map(([k, v]) => [k, draining(v, maxRequests)]));
  const type = String(copy['@type'] ?? '');
  if (!type.endsWith('http_connection_manager.v3.HttpConnectionManager')) return copy;
  return { ...copy, common_http_protocol_options: { max_requests_per_connection: maxRequests } };
}

for (const [scheme, connections, streams] of [
  ['http', 4, 1],
  ['http', 4, 8],
  ['https', 4, 8],
] as const) {
  test(`an Envoy that drains connections every 100 requests (${scheme}, ${connections} × ${streams}): no failure is invented`, async (t) => {
    const started = await startDraining(t, scheme, 100);
    if (started === null) return;
    const { envoy, url, ca, manifests } = started;
    const flags = {
      http2: true,
      requests: String(REQUESTS),
      connections: String(connections),
      streams: String(streams),
      ...(scheme === 'https' ? { cacert: pemFile(t, ca) } : {}),
    };
    const checked = await checkGateway(await planOf(url, manifests, flags));
    const before = await snapshot(envoy);
    const result = await run(checked.plan, { preflight: false });
    const counted = new EnvoyCounted(before, await snapshot(envoy));
    assertEqualsEnvoy(t, { result, counted });
    // A session takes 100 requests, and as many as can be on their way when it says that it leaves.
    assert.ok((result.load.connectionsOpened ?? 0) >= REQUESTS / (100 + 2 * streams));
  });
}
