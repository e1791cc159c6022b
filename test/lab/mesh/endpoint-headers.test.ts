import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instrument } from '../../../src/instrument/instrument.js';
import { buildBootstrap } from '../../../src/lab/envoy/bootstrap.js';
import { planTopology } from '../../../src/lab/mesh/plan-topology.js';
import { app, readYaml, tutorialRoute } from '../manifests.js';

const { text } = instrument([{ name: 'route.yaml', text: tutorialRoute(), named: true }], {
  endpoints: true,
  force: false,
});

async function built(manifests: string): Promise<{ adds: number; notes: string }> {
  const set = await readYaml(`${manifests}${app('backend-v1', 'v1', 1)}`);
  const topology = {
    services: planTopology(set).services.map((service) => ({
      ...service,
      pods: service.pods.map((pod) => ({ ...pod, port: 5678 })),
    })),
  };
  const { bootstrap, notes } = buildBootstrap({
    manifests: set,
    topology,
    certificate: null,
    defaultRetries: true,
  });
  const adds = JSON.stringify(bootstrap).split('%UPSTREAM_REMOTE_ADDRESS%').length - 1;
  return { adds, notes: [...notes, ...set.skipped].join('\n') };
}

test('the EnvoyFilter of instrument is in the route configuration of the gateway that it chooses', async () => {
  const { adds, notes } = await built(text);
  assert.equal(adds, 1);
  assert.doesNotMatch(notes, /EnvoyFilter/);
  assert.equal((await built(tutorialRoute())).adds, 0);
});

test('one that chooses no gateway of the lab does nothing, and is named', async () => {
  for (const elsewhere of [
    text.replace('gateway-name: istio-gateway', 'gateway-name: another'),
    text.replace(/(name: weighbridge-endpoint\n {2}namespace:) istio-test/, '$1 another'),
  ]) {
    const { adds, notes } = await built(elsewhere);
    assert.equal(adds, 0);
    assert.match(notes, /EnvoyFilter .*\/weighbridge-endpoint selects none of the gateways here/);
  }
});
