/** Two real Envoys behind one name: counts per address are each one's own, and other weights on one are found. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Flags } from '../../src/cli/options/flags.js';
import { adminClient } from '../../src/lab/envoy/admin-client.js';
import { type LabEnvoy, startLabEnvoy } from '../../src/lab/envoy/start-lab-envoy.js';
import type { Lab } from '../../src/lab/lab.js';
import { portsToListenOn } from '../../src/lab/mesh/listener-ports.js';
import { run } from '../../src/run.js';
import { drawnAnew } from '../support/draws.js';
import { envoyForTests } from '../support/envoy.js';
import {
  assertAccounted,
  EnvoyCounted,
  planOf,
  sample,
  snapshot,
  startEnvoyLab,
} from '../support/envoy-lab.js';
import { readManifestTexts } from '../support/manifests.js';

const BASE = ['deployments', 'gateway'].map(sample);
const KEPT = sample('httproute-90-10');
const OLD = sample('httproute-50-50');
const REQUESTS = 3000;

/** A lab with the route, and a second Envoy with the other route on the same port of 127.0.0.2, before the same pods. */
async function twoEnvoys(
  t: TestContext,
  secondRoute: string,
): Promise<{ lab: Lab; second: LabEnvoy; port: number }> {
  const lab = await startEnvoyLab(t, [...BASE, KEPT]);
  const port = Number(new URL(lab.urls.http ?? '').port);
  const manifests = await readManifestTexts(...BASE, secondRoute);
  const second = await startLabEnvoy({
    manifests,
    topology: lab.topology,
    certificate: null,
    defaultRetries: true,
    address: '127.0.0.2',
    listenOn: portsToListenOn(manifests, port, 0),
  });
  t.after(() => second.stop());
  return { lab, second, port };
}

/** Runs the plan of these flags, and holds the counts of each address against its Envoy's own. */
async function weighBoth(t: TestContext, secondRoute: string, flagsAt: (port: number) => Flags) {
  const { lab, second, port } = await twoEnvoys(t, secondRoute);
  const admins = [lab.adminUrl ?? '', second.adminUrl].map(adminClient);
  const flags = { requests: `${REQUESTS}`, connections: '15', 'version-from': 'http-echo', ...flagsAt(port) };
  const plan = await planOf(`http://shop.example:${port}`, [...BASE, KEPT], {
    ...flags,
    host: 'test.devopscube.com',
  });
  const { before, result, after } = await drawnAnew(
    async () => ({
      before: await Promise.all(admins.map(snapshot)),
      result: await run(plan, { preflight: false }),
      after: await Promise.all(admins.map(snapshot)),
    }),
    (weighed) => weighed.result,
  );
  assertAccounted(result);
  assert.equal(result.requests.attributed, REQUESTS);
  assert.deepEqual(
    result.addresses.map(({ address }) => address),
    [`127.0.0.1:${port}`, `127.0.0.2:${port}`],
  );
  result.addresses.forEach(({ address, requests, versions, failures }, i) => {
    const counted = new EnvoyCounted(before[i] ?? assert.fail(), after[i] ?? assert.fail());
    const [v1, v2] = ['backend-v1', 'backend-v2'].map((name) => counted.cluster(name, 'upstream_rq_total'));
    assert.deepEqual([versions['backend-v1'] ?? 0, versions['backend-v2'] ?? 0], [v1, v2], address);
    assert.deepEqual(failures, {});
    assert.equal(requests, (v1 ?? 0) + (v2 ?? 0));
    // Fifteen connections to two addresses.
    assert.equal(counted.sum('http.outbound', '.downstream_cx_total'), i === 0 ? 8 : 7);
    t.diagnostic(
      `${address}: ${requests} requests, v1 ${versions['backend-v1']}, v2 ${versions['backend-v2']}; Envoy ${v1}, ${v2}`,
    );
  });
  const found = result.notes.filter(({ code }) => code === 'address-differs').map(({ text }) => text);
  for (const text of found) t.diagnostic(text);
  // Of other findings each has a chance of 1 %; below 1e-7 chance is no excuse.
  const others = (result.split?.findings ?? []).filter(({ kind, p }) => kind !== 'addresses' && p < 1e-7);
  assert.deepEqual(others, []);
  return { found, port };
}

test('another split on one of two addresses (--connect-to twice) is found and named', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const { found, port } = await weighBoth(t, OLD, () => ({ 'connect-to': ['::127.0.0.1:', '::127.0.0.2:'] }));
  assert.equal(found.length, 1);
  assert.match(
    found[0] as string,
    new RegExp(`^127\\.0\\.0\\.2:${port} splits differently from the other address`),
  );
});

test('equal splits are not called different', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const { found } = await weighBoth(t, KEPT, () => ({ 'connect-to': ['::127.0.0.1:', '::127.0.0.2:'] }));
  // One run in a hundred is called different, by the test's own threshold; below 1e-7 chance is no excuse.
  for (const text of found) assert.ok(Number(/p = (\S+)\)/.exec(text)?.[1]) > 1e-7, text);
});

test('the same with --resolve HOST:PORT:ADDRESS,ADDRESS', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const { found } = await weighBoth(t, OLD, (port) => ({
    resolve: `shop.example:${port}:127.0.0.1,127.0.0.2`,
  }));
  assert.equal(found.length, 1);
});
