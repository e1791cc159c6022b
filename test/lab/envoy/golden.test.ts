/** What the lab generates, against what a real istiod generated from the same manifests. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { type Bootstrap, buildBootstrap } from '../../../src/lab/envoy/bootstrap.js';
import type { Json } from '../../../src/lab/envoy/json.js';
import type { Topology } from '../../../src/lab/mesh/topology.js';
import type { ManifestSet } from '../../../src/plan/manifests/model.js';
import {
  behaviour,
  clusterBehaviour,
  fixture,
  routeBehaviour,
  spellCluster,
  spellRetry,
  variants,
} from '../../support/istio-golden.js';
import { readManifestTexts } from '../../support/manifests.js';

/** Ports that the gateway's Service had where the fixtures were recorded. */
const PORTS = new Map([
  [80, 21624],
  [443, 21626],
  [21627, 21627],
]);

/** The pods of the recorded cluster. */
function topologyOf(set: ManifestSet): Topology {
  const pod = (version: string, index: number, address: string) => ({
    name: `${version}-${index}`,
    namespace: 'istio-test',
    labels: { app: 'backend', version },
    address,
    port: 5678,
    text: `hello from backend ${version}`,
  });
  const pods = [
    pod('v1', 0, '127.0.11.1'),
    pod('v1', 1, '127.0.11.2'),
    pod('v1', 2, '127.0.11.3'),
    pod('v2', 0, '127.0.12.1'),
    pod('v2', 1, '127.0.12.2'),
  ];
  return {
    services: set.services.map(({ ref, selector, ports }) => ({
      name: ref.name,
      namespace: ref.namespace,
      host: `${ref.name}.${ref.namespace}.svc.cluster.local`,
      ports,
      pods: pods.filter(({ labels }) =>
        Object.entries(selector).every(([key, value]) => labels[key as keyof typeof labels] === value),
      ),
    })),
  };
}

async function generate(names: readonly string[]): Promise<Bootstrap> {
  const manifests = await readManifestTexts(...names.map(fixture));
  return buildBootstrap({
    manifests,
    topology: topologyOf(manifests),
    certificate: { certPem: 'certificate', keyPem: 'key' },
    defaultRetries: true,
    listenOn: PORTS,
  });
}

interface Chain {
  readonly listener: Json;
  readonly chain: Json;
  readonly manager: Json;
  readonly routes: Json;
}

function resources(built: Bootstrap): { listeners: Json[]; clusters: Json[] } {
  return built.bootstrap.static_resources as { listeners: Json[]; clusters: Json[] };
}

function chainsOf(built: Bootstrap): Chain[] {
  return resources(built).listeners.flatMap((listener) =>
    (listener.filter_chains as Json[]).map((chain) => {
      const manager = (chain.filters as { typed_config: Json }[])[0]?.typed_config as Json;
      return { listener, chain, manager, routes: manager.route_config as Json };
    }),
  );
}

/** Route configurations have the address in their name where a server binds to one; the lab binds to none. */
function withoutBind(name: unknown): string {
  return String(name).replace(/\.127\.0\.0\.1$/, '');
}

describe('the variants', () => {
  let built: Bootstrap;
  before(async () => {
    built = await generate(['tutorial.yaml', 'variants.yaml']);
  });

  test('clusters are equal', () => {
    const { clusters } = resources(built);
    const ours = new Map(clusters.map((cluster) => [cluster.name, cluster]));
    const recorded = variants('variants-clusters.json').map(spellCluster);
    assert.ok(recorded.length > 25);
    // istiod names the statistics after the cluster; the variants file leaves that out.
    for (const cluster of recorded) {
      const { alt_stat_name: stat, ...mine } = clusterBehaviour(ours.get(cluster.name) ?? {});
      assert.deepEqual(mine, clusterBehaviour(cluster), String(cluster.name));
      assert.equal(stat, `${cluster.name};`);
    }
    // Services that were applied later than the recording have no counterpart in it.
    const known = new Set(recorded.map(({ name }) => name));
    const extra = [...ours.keys()].filter((name) => !known.has(name));
    assert.deepEqual(extra, ['outbound|80||all-out.istio-test.svc.cluster.local']);
  });

  test('virtual hosts and routes are equal', () => {
    const recorded = new Map<string, Json[]>();
    let current: Json[] = [];
    for (const line of variants('variants-routes.json')) {
      if (line.route_config !== undefined) {
        const { route_config: name, ...settings } = line;
        current = [settings];
        recorded.set(withoutBind(name), current);
      } else {
        current.push(line);
      }
    }
    const chains = chainsOf(built);
    assert.deepEqual(chains.map(({ routes }) => routes.name).sort(), [...recorded.keys()].sort());
    let compared = 0;
    for (const { routes: ours } of chains) {
      const [settings, ...hosts] = recorded.get(String(ours.name)) ?? [];
      const { name: _, virtual_hosts: ourHosts, ...ourSettings } = ours;
      assert.deepEqual(ourSettings, settings);
      const mine = new Map((ourHosts as Json[]).map((host) => [host.name, host]));
      // eject.lab was applied later than the recording.
      mine.delete('eject.lab:80');
      assert.deepEqual([...mine.keys()].sort(), hosts.map((host) => host.virtual_host).sort());
      for (const host of hosts) {
        const our = mine.get(host.virtual_host) ?? {};
        assert.deepEqual(our.domains, host.domains);
        assert.equal(our.include_request_attempt_count, host.include_request_attempt_count);
        const expected = (host.routes as { route?: Json }[]).map(({ route, ...rest }) =>
          routeBehaviour({
            ...rest,
            ...(route === undefined
              ? {}
              : {
                  route: {
                    ...route,
                    ...('retry_policy' in route ? { retry_policy: spellRetry(route.retry_policy) } : {}),
                  },
                }),
          }),
        );
        assert.deepEqual((our.routes as Json[]).map(routeBehaviour), expected, String(host.virtual_host));
        compared += expected.length;
      }
    }
    assert.ok(compared > 35, `${compared} routes compared`);
  });

  test('listeners are equal', () => {
    const ours = chainsOf(built).map(({ listener, chain, manager, routes }) => ({
      listener: String(listener.name),
      listener_filters: ((listener.listener_filters ?? []) as { name: string }[]).map(({ name }) => name),
      match: chain.filter_chain_match ?? null,
      tls: behaviour((chain.transport_socket as { typed_config: Json } | undefined)?.typed_config ?? null),
      route_config: routes.name,
      stat_prefix: manager.stat_prefix,
    }));
    const recorded = variants('variants-listeners.json').map((line) => ({
      ...line,
      listener: String(line.listener).replace('127.0.0.1', '0.0.0.0'),
      tls: behaviour(line.tls),
      route_config: withoutBind(line.route_config),
      stat_prefix: String(line.stat_prefix).replace('127.0.0.1', '0.0.0.0'),
    }));
    assert.deepEqual(ours, recorded);
  });
});

describe('the tutorial', () => {
  let built: Bootstrap;
  let recorded: { clusters: Json[]; routes: Json[]; listeners: Json[]; endpoints: Json[] };
  before(async () => {
    built = await generate(['tutorial.yaml']);
    recorded = JSON.parse(fixture('tutorial.json'));
  });

  test('clusters are equal, statistics names included', () => {
    assert.deepEqual(
      resources(built).clusters.map(clusterBehaviour),
      recorded.clusters.map(clusterBehaviour),
    );
  });

  test('endpoints are equal', () => {
    const withoutSum = (assignment: Json) =>
      behaviour({
        ...assignment,
        endpoints: (assignment.endpoints as Json[]).map(({ load_balancing_weight: _, ...rest }) => rest),
      });
    assert.deepEqual(
      resources(built).clusters.map(({ load_assignment: assignment }) => withoutSum(assignment as Json)),
      recorded.endpoints.map(withoutSum),
    );
  });

  test('the route configuration is equal', () => {
    const routes = chainsOf(built).find(({ routes: each }) => each.name === 'http.21624')?.routes ?? {};
    const reduced = (config: Json) => ({
      ...config,
      '@type': null,
      virtual_hosts: (config.virtual_hosts as { routes: Json[] }[]).map((host) => ({
        ...host,
        routes: host.routes.map(routeBehaviour),
      })),
    });
    assert.deepEqual(reduced(routes), reduced(recorded.routes[0] ?? {}));
  });

  test('the HTTP listener and its connection manager are equal', () => {
    const ours = resources(built).listeners.find(({ name }) => name === '0.0.0.0_21624');
    assert.deepEqual(behaviour(ours), behaviour(recorded.listeners[0]));
  });
});
