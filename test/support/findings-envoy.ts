/** Real Envoys that choose versions in different ways, in front of the same two backends. */

import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import type { TestContext } from 'node:test';
import { type RunningEnvoy, startEnvoy } from '../../src/lab/envoy/launch.js';
import { httpServer, type TestServer } from './servers.js';

type Json = Record<string, unknown>;

/** Two backends that name their version in `x-version`. */
export function backends(t: TestContext): Promise<TestServer[]> {
  return Promise.all(
    ['v1', 'v2'].map((version) =>
      httpServer(t, (_, response) => {
        response.setHeader('x-version', version);
        response.end(version);
      }),
    ),
  );
}

export interface FindingsEnvoy {
  readonly envoy: RunningEnvoy;
  /** Draws a version for each request. */
  readonly drawing: number;
  /** Takes versions in turn: one cluster with weighted endpoints, as Envoy Gateway has it. */
  readonly inTurn: number;
  /** Draws a version for each connection: a TCP proxy. */
  readonly sticky: number;
  /** Changes the weights while it runs. */
  setWeights(v1: number, v2: number): Promise<void>;
}

/** An Envoy with a port for each way to choose versions. */
export async function findingsEnvoy(
  t: TestContext,
  binary: string,
  servers: readonly TestServer[],
  weights: readonly [v1: number, v2: number],
): Promise<FindingsEnvoy> {
  const weighted = { clusters: ['v1', 'v2'].map((name, i) => ({ name, weight: weights[i] })) };
  const endpoints = servers.map(({ port }, i) => ({ ...endpoint(port), load_balancing_weight: weights[i] }));
  const bootstrap = {
    admin: { address: socket(0) },
    layered_runtime: { layers: [{ name: 'admin', admin_layer: {} }] },
    static_resources: {
      clusters: [
        cluster('v1', endpoints.slice(0, 1)),
        cluster('v2', endpoints.slice(1)),
        cluster('both', endpoints),
      ],
      listeners: [
        listener('drawing', http({ weighted_clusters: { ...weighted, runtime_key_prefix: 'split' } })),
        listener('in-turn', http({ cluster: 'both' })),
        listener('sticky', {
          name: 'envoy.filters.network.tcp_proxy',
          typed_config: {
            '@type': 'type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy',
            stat_prefix: 'sticky',
            weighted_clusters: weighted,
          },
        }),
      ],
    },
  };
  const envoy = await startEnvoy({ binary, bootstrap });
  t.after(() => envoy.stop());
  const ports = await envoy.listenerPorts();
  return {
    envoy,
    drawing: ports.get('drawing') ?? 0,
    inTurn: ports.get('in-turn') ?? 0,
    sticky: ports.get('sticky') ?? 0,
    setWeights: async (v1, v2) => {
      await fetch(`${envoy.adminUrl}/runtime_modify?split.v1=${v1}&split.v2=${v2}`, { method: 'POST' });
    },
  };
}

/** One port whose connections go to these ports in turn, as a load balancer of layer 4 does. */
export async function tcpBalancer(t: TestContext, ports: readonly number[]): Promise<number> {
  let next = 0;
  const server = createServer((client) => {
    const to = connect(ports[next++ % ports.length] as number, '127.0.0.1');
    client.pipe(to).pipe(client);
    client.on('error', () => to.destroy());
    to.on('error', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function http(action: Json): Json {
  return {
    name: 'envoy.filters.network.http_connection_manager',
    typed_config: {
      '@type':
        'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
      stat_prefix: 'http',
      route_config: {
        virtual_hosts: [{ name: 'all', domains: ['*'], routes: [{ match: { prefix: '/' }, route: action }] }],
      },
      http_filters: [
        {
          name: 'envoy.filters.http.router',
          typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router' },
        },
      ],
    },
  };
}

function listener(name: string, filter: Json): Json {
  return { name, address: socket(0), filter_chains: [{ filters: [filter] }] };
}

function cluster(name: string, lbEndpoints: readonly Json[]): Json {
  return {
    name,
    type: 'STATIC',
    lb_policy: 'ROUND_ROBIN',
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: lbEndpoints }] },
  };
}

function endpoint(port: number): Json {
  return { endpoint: { address: socket(port) } };
}

function socket(port: number): Json {
  return { socket_address: { address: '127.0.0.1', port_value: port } };
}
