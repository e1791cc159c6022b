/** TLS with a filter chain per server name: what Host and server name do, seen from both ends. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Flags } from '../../src/cli/options/flags.js';
import { UserError } from '../../src/errors.js';
import { startLabEnvoy } from '../../src/lab/envoy/start-lab-envoy.js';
import { makeCertificate } from '../../src/lab/mesh/certificates.js';
import { planTopology } from '../../src/lab/mesh/plan-topology.js';
import type { Topology } from '../../src/lab/mesh/topology.js';
import { run } from '../../src/run.js';
import { envoyForTests } from '../support/envoy.js';
import {
  assertAccounted,
  EnvoyCounted,
  pemFile,
  planOf,
  sample,
  snapshot,
  startEnvoyLab,
} from '../support/envoy-lab.js';
import { said as inFlags } from '../support/flags.js';
import { readManifestTexts } from '../support/manifests.js';
import { httpServer } from '../support/servers.js';

/** A listener for all names of a domain, and a route for two of them. */
const WILDCARD = [
  sample('deployments'),
  sample('gateway-tls').replaceAll('hostname: test.devopscube.com', "hostname: '*.devopscube.com'"),
  sample('httproute-90-10').replace(
    '- test.devopscube.com',
    '- test.devopscube.com\n    - other.devopscube.com',
  ),
];

/** Every pod of the manifests is one server that notes the Host of each request. */
async function hostNotingTopology(t: TestContext, manifests: readonly string[]) {
  const hosts = new Map<string, number>();
  const server = await httpServer(t, (request, response) => {
    const host = request.headers.host ?? '';
    hosts.set(host, (hosts.get(host) ?? 0) + 1);
    response.end('hello from backend v1');
  });
  const { services } = planTopology(await readManifestTexts(...manifests));
  const topology: Topology = {
    services: services.map((service) => ({
      ...service,
      pods: service.pods.slice(0, 1).map((pod) => ({ ...pod, address: '127.0.0.1', port: server.port })),
    })),
  };
  return { topology, hosts };
}

test('Host and server name differ: Envoy takes the one, the backend sees the other', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const { topology, hosts } = await hostNotingTopology(t, WILDCARD);
  const certificate = await makeCertificate({ names: ['*.devopscube.com'] });
  const lab = await startLabEnvoy({
    manifests: await readManifestTexts(...WILDCARD),
    topology,
    certificate,
    defaultRetries: true,
  });
  t.after(() => lab.stop());
  const before = await snapshot(lab.envoy);
  const flags = {
    host: 'other.devopscube.com:8443',
    sni: 'chosen.devopscube.com',
    requests: '200',
    connections: '4',
    cacert: pemFile(t, certificate.certPem),
  };
  const result = await run(await planOf(lab.urls.https, WILDCARD, flags));
  assertAccounted(result);
  assert.equal(result.requests.attributed, 200);
  // With the pre-flight, which goes the same way.
  assert.deepEqual([...hosts], [['other.devopscube.com:8443', 201]]);
  const { host, sni, tlsVerified } = result.target;
  assert.deepEqual([host, sni, tlsVerified], ['other.devopscube.com:8443', 'chosen.devopscube.com', true]);
  const counted = new EnvoyCounted(before, await snapshot(lab.envoy));
  assert.equal(counted.sum('listener.', '.ssl.handshake'), Number(result.load.connectionsOpened) + 1);
  assert.equal(counted.sum('listener.', '.no_filter_chain_match'), 0);
});

test('a server name that no listener has is explained before any load', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const manifests = ['deployments', 'gateway-tls', 'httproute-90-10'].map(sample);
  const lab = await startEnvoyLab(t, manifests);
  const cacert = pemFile(t, lab.caPem);
  const explained = async (given: readonly string[], flags: Flags, said: RegExp, exitCode = 4) => {
    const plan = await planOf(lab.urls.https, given, { requests: '100', ...flags });
    await assert.rejects(run(plan), (error: Error) => {
      assert.ok(error instanceof UserError, error.stack);
      assert.equal(error.exitCode, exitCode);
      assert.match(inFlags(error), said);
      return true;
    });
  };
  const closed = 'closed the connection during the TLS handshake, with ';
  await explained(
    manifests,
    { cacert, sni: 'wrong.example' },
    new RegExp(`${closed}the server name 'wrong.example'.*--host or --sni`),
  );
  // The server name comes from the Host, and from an address there is none.
  await explained(
    [],
    { cacert, host: 'wrong.example:443' },
    new RegExp(`${closed}the server name 'wrong.example'`),
  );
  await explained([], { insecure: true }, new RegExp(`${closed}no server name`));
  // A good server name, and a Host that no route has: a gateway that answers is not unreachable.
  await explained(
    [],
    { cacert, host: 'nobody.example', sni: 'test.devopscube.com' },
    /answered 404 for Host 'nobody\.example'.*--host/,
    2,
  );
  assert.deepEqual(Object.values(lab.counts().pods), [0, 0, 0, 0, 0]);
});
