import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { instrument } from '../../src/instrument/instrument.js';
import type { LabPod } from '../../src/lab/mesh/topology.js';
import { app, destinationRule } from '../lab/manifests.js';
import { envoyForTests } from '../support/envoy.js';
import { assertShare, planOf, sample, startEnvoyLab, total, versionOf, weigh } from '../support/envoy-lab.js';

/** What the command prints for these manifests. */
function instrumented(...texts: readonly string[]): string {
  const sources = texts.map((text, i) => ({ name: `${i}.yaml`, text, named: true }));
  return instrument(sources, { endpoints: true, force: false }).text;
}

function addressOf({ address, port }: LabPod): string {
  return `${address}:${port}`;
}

/** A GET with a Host of its own. */
async function fetchWith(url: string | null, headers: Record<string, string>): Promise<IncomingMessage> {
  const request = get(url ?? assert.fail('no listener'), { headers });
  const [reply] = (await once(request, 'response')) as [IncomingMessage];
  reply.resume();
  await once(reply, 'end');
  return reply;
}

/** One request, one in waiting, two in all per version: far below what the test sends at once. */
const TINY =
  '{connectionPool: {tcp: {maxConnections: 1}, http: {http1MaxPendingRequests: 1, http2MaxRequests: 2}}}';

for (const [name, texts] of [
  ['HTTPRoute', [sample('gateway'), sample('httproute-90-10'), sample('deployments')]],
  ['VirtualService', [sample('virtualservice'), sample('deployments')]],
] as const) {
  test(`the instrumented ${name} of the samples: version and endpoint of every answer, found without flags`, async (t) => {
    if (envoyForTests(t) === undefined) return;
    const manifests = [instrumented(...texts)];
    const lab = await startEnvoyLab(t, manifests);
    const flags = { requests: '2000', connections: '8' };
    const plan = await planOf(lab.urls.http, manifests, flags);
    assert.ok(!plan.notes.some(({ text }) => text.includes('EnvoyFilter')), 'the EnvoyFilter is read');
    const { result, arrivals } = await weigh(lab, plan);
    assert.equal(result.identifier.version, 'header:x-weighbridge-version');
    assert.equal(result.identifier.endpoint, 'header:x-weighbridge-endpoint');
    assert.equal(result.requests.attributed, 2000);
    assertShare(versionOf(result, 'backend-v2').requests, 2000, 0.1);
    const pods = new Map(
      lab.topology.services.flatMap(({ pods: each }) => each.map((pod) => [addressOf(pod), pod.name])),
    );
    const seen = Object.fromEntries(
      result.versions.flatMap(({ endpoints }) =>
        endpoints.map(({ endpoint, requests }) => [pods.get(endpoint) ?? endpoint, requests]),
      ),
    );
    assert.deepEqual(seen, arrivals);
  });
}

test("an overflow has its version and no endpoint, and is the gateway's; a 500 of a pod has both", async (t) => {
  if (envoyForTests(t) === undefined) return;
  const route = sample('httproute-50-50');
  const backends = app('backend-v1', 'v1', 2) + app('backend-v2', 'v2', 2);
  const rules = destinationRule('backend-v1', TINY) + destinationRule('backend-v2', TINY);
  const manifests = [instrumented(sample('gateway'), route, backends, rules)];
  const lab = await startEnvoyLab(t, manifests, { faults: ['*:slow=100ms'] });
  const flags = { requests: '2000', connections: '16' };
  const plan = await planOf(lab.urls.http, manifests, flags);
  const { result, counted } = await weigh(lab, plan);
  for (const name of ['backend-v1', 'backend-v2']) {
    const refused = ['upstream_rq_pending_overflow', 'upstream_rq_active_overflow']
      .map((counter) => counted.cluster(name, counter))
      .reduce((sum, n) => sum + n, 0);
    const answered = counted.cluster(name, 'upstream_rq_total');
    const version = versionOf(result, name);
    assert.ok(refused > 100, `${name}: ${refused} refused`);
    assert.equal(version.gatewayReplies, refused);
    assert.deepEqual(version.statuses, { '200': answered, '503': refused });
    assert.equal(version.endpoints.length, 2);
    for (const { endpoint, requests, statuses } of version.endpoints) {
      assert.deepEqual(statuses, { '200': requests }, endpoint);
    }
    assert.equal(total(Object.fromEntries(version.endpoints.map((e) => [e.endpoint, e.requests]))), answered);
  }
  assert.equal(result.unattributed.requests, 0);

  lab.clearFaults();
  lab.setFault('v2-0:status=500');
  const gentle = { requests: '400', connections: '1', 'version-from': 'header:x-weighbridge-version' };
  const broken = await weigh(lab, await planOf(lab.urls.http, manifests, gentle));
  const failing = lab.topology.services.flatMap(({ pods }) => pods).find(({ name }) => name === 'v2-0');
  const errors = versionOf(broken.result, 'backend-v2').statuses['500'] ?? 0;
  assert.ok(errors > 40, `${errors} errors`);
  assert.equal(broken.result.requests.unattributed, 0);
  assert.equal(versionOf(broken.result, 'backend-v2').gatewayReplies, 0);
  const row = versionOf(broken.result, 'backend-v2').endpoints.find(
    ({ endpoint }) => failing !== undefined && endpoint === addressOf(failing),
  );
  assert.deepEqual(row?.statuses, { '500': errors });
});

/** A route to backend-v1, and to a Service that does not exist. */
const HALF_MISSING = sample('httproute-90-10').replaceAll('backend-v2', 'backend-v9');
/** A time-out that a busy machine does not reach, but a pod with the fault `slow` does. */
const TIME_OUT = HALF_MISSING.replace(
  '      backendRefs:',
  '      timeouts:\n        request: 2s\n      backendRefs:',
);

test('gateway replies name the pod only where a request had reached one, with Envoy and with the embedded gateway', async (t) => {
  if (envoyForTests(t) === undefined) return;
  assert.notEqual(TIME_OUT, HALF_MISSING);
  const manifests = [instrumented(sample('gateway'), TIME_OUT, app('backend-v1', 'v1', 1))];
  for (const envoy of [{ path: null }, null]) {
    const lab = await startEnvoyLab(t, manifests, { envoy });
    const [pod] = lab.topology.services.flatMap(({ pods }) => pods);
    const address = addressOf(pod as LabPod);
    /** Replies by version, so many that each has some (none of 200 at one in ten: once in a billion). */
    const replies = async (n: number): Promise<Record<string, string[]>> => {
      const seen = new Map<string, Set<string>>();
      for (let i = 0; i < n; i += 1) {
        const { statusCode, headers } = await fetchWith(lab.urls.http, { host: 'test.devopscube.com' });
        const version = String(headers['x-weighbridge-version']);
        const known = seen.get(version) ?? new Set();
        seen.set(version, known.add(`${statusCode} ${headers['x-weighbridge-endpoint'] ?? 'nobody'}`));
      }
      return Object.fromEntries([...seen].map(([version, each]) => [version, [...each]]));
    };
    assert.deepEqual(await replies(200), { 'backend-v1': [`200 ${address}`], 'backend-v9': ['500 nobody'] });
    for (const [fault, reply] of [
      ['status=500', `500 ${address}`],
      ['close', `503 ${address}`],
      ['garbage', `502 ${address}`],
      ['slow=20s', `504 ${address}`],
      ['refuse', '503 nobody'],
    ] as const) {
      lab.clearFaults();
      lab.setFault(`v1-0:${fault}`);
      // A fault takes effect a moment after it is set; from then on every reply must be the same.
      const isSlow = fault === 'slow=20s';
      let seen: string[] = [];
      for (let tries = 0; tries < 100 && seen.join() !== reply; tries += 1) {
        seen = (await replies(isSlow ? 1 : 5))['backend-v1'] ?? [];
      }
      if (!isSlow) seen = (await replies(20))['backend-v1'] ?? [];
      assert.deepEqual(seen, [reply], `${envoy === null ? 'embedded' : 'Envoy'}: ${fault}`);
    }
    await lab.close();
  }
});
