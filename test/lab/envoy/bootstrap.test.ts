import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '../../../src/errors.js';
import { type BootstrapOptions, buildBootstrap } from '../../../src/lab/envoy/bootstrap.js';
import type { Json } from '../../../src/lab/envoy/json.js';
import { readManifestTexts } from '../../support/manifests.js';

const ROUTE = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{name: edge}]
  hostnames: [shop.example]
  rules:
  - backendRefs: [{name: cart, port: 80, weight: 9}, {name: basket, port: 80}]
`;

const GATEWAY = `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: istio
  listeners:
  - {name: http, port: 80, protocol: HTTP}
  - {name: https, port: 443, protocol: HTTPS, hostname: shop.example, tls: {certificateRefs: [{name: c}]}}
  - {name: other, port: 8443, protocol: HTTPS, hostname: other.example, tls: {certificateRefs: [{name: c}]}}
`;

const SERVICE = `---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec:
  selector: {app: cart}
  ports: [{name: http, port: 80}]
`;

async function build(yaml: string, more: Partial<BootstrapOptions> = {}) {
  const manifests = await readManifestTexts(yaml);
  const topology = {
    services: manifests.services.map(({ ref, ports }) => ({
      name: ref.name,
      namespace: ref.namespace,
      host: `${ref.name}.${ref.namespace}.svc.cluster.local`,
      ports,
      pods: [],
    })),
  };
  const certificate = { certPem: 'certificate', keyPem: 'key' };
  const built = buildBootstrap({ manifests, topology, certificate, defaultRetries: true, ...more });
  const { listeners } = built.bootstrap.static_resources as { listeners: Json[] };
  return { ...built, envoyListeners: listeners };
}

function routesOf(listener: Json | undefined): Json[] {
  const chains = (listener?.filter_chains ?? []) as { filters: { typed_config: Json }[] }[];
  return chains.flatMap(({ filters }) => {
    const config = filters[0]?.typed_config.route_config as { virtual_hosts: { routes: Json[] }[] };
    return config.virtual_hosts.flatMap(({ routes }) => routes);
  });
}

test('a route without its Gateway gets an HTTP listener and a note', async () => {
  const built = await build(ROUTE + SERVICE);
  assert.deepEqual(built.listeners, [{ name: '0.0.0.0_80', gateway: 'shop/edge', port: 80, scheme: 'http' }]);
  assert.match(built.notes.join('\n'), /names Gateway shop\/edge, which is not among the manifests/);
  assert.match(built.notes.join('\n'), /the lab has no Service basket\.shop\S+ with port 80/);
});

test('listeners without routes still answer, and the system chooses ports', async () => {
  const built = await build(ROUTE + GATEWAY + SERVICE);
  assert.deepEqual(
    built.envoyListeners.map((listener) => [listener.name, listener.address, routesOf(listener).length]),
    [
      ['0.0.0.0_80', { socket_address: { address: '127.0.0.1', port_value: 0 } }, 1],
      ['0.0.0.0_443', { socket_address: { address: '127.0.0.1', port_value: 0 } }, 1],
      ['0.0.0.0_8443', { socket_address: { address: '127.0.0.1', port_value: 0 } }, 0],
    ],
  );
});

test('without a certificate HTTPS is left out and named', async () => {
  const built = await build(ROUTE + GATEWAY + SERVICE, { certificate: null });
  assert.deepEqual(
    built.listeners.map(({ port }) => port),
    [80],
  );
  assert.match(built.notes.join('\n'), /Gateway shop\/edge listener https: HTTPS is left out/);
});

test('--no-default-retries removes the default policy and its warning', async () => {
  const policy = (built: Awaited<ReturnType<typeof build>>) =>
    (routesOf(built.envoyListeners[0])[0]?.route as Json | undefined)?.retry_policy as Json | undefined;
  const withRetries = await build(ROUTE + SERVICE);
  assert.equal(policy(withRetries)?.num_retries, 2);
  assert.match(withRetries.notes.join('\n'), /default retries hide refused connections/);
  assert.match(withRetries.defaults.join('\n'), /retries of routes without a retry policy: 2/);
  const without = await build(ROUTE + SERVICE, { defaultRetries: false });
  assert.equal(policy(without), undefined);
  assert.doesNotMatch([...without.notes, ...without.defaults].join('\n'), /retries/);
});

test('defaults are named for the services that routes lead to', async () => {
  const { defaults } = await build(ROUTE + SERVICE + SERVICE.replace('name: cart', 'name: unused'));
  assert.match(defaults.join('\n'), /^cart\.shop\.svc\.cluster\.local has no DestinationRule: LEAST_REQUEST/);
  assert.doesNotMatch(defaults.join('\n'), /unused/);
});

test('a route that no listener takes is named', async () => {
  const lost = ROUTE.replace('{name: edge}', '{name: edge, sectionName: nowhere}');
  const built = await build(lost + GATEWAY + SERVICE);
  assert.match(built.notes.join('\n'), /HTTPRoute shop\/web is served nowhere/);
});

test('the outlier event log is written where asked', async () => {
  const { bootstrap } = await build(ROUTE, { outlierLogPath: '/tmp/events' });
  assert.deepEqual(bootstrap.cluster_manager, { outlier_detection: { event_log_path: '/tmp/events' } });
});

test('a bad timeout names the rule', async () => {
  const timeouts = '    timeouts: {request: soon}';
  await assert.rejects(
    readManifestTexts(ROUTE.replace('  - backendRefs:', `  -${timeouts.slice(3)}\n    backendRefs:`)),
    (error: Error) =>
      error instanceof UserError &&
      /HTTPRoute shop\/web: spec\.rules\[0\]\.timeouts\.request: "soon" is not/.test(error.message),
  );
});

test('a host is served under the narrower of route and listener', async () => {
  const domains = async (hostnames: string) => {
    const yaml = ROUTE.replace('[shop.example]', hostnames) + GATEWAY + SERVICE;
    const { envoyListeners } = await build(yaml);
    return envoyListeners.map((listener) => {
      const [chain] = listener.filter_chains as { filters: { typed_config: Json }[] }[];
      const config = chain?.filters[0]?.typed_config.route_config as {
        virtual_hosts: { domains: string[] }[];
      };
      return config.virtual_hosts.flatMap((host) => host.domains);
    });
  };
  assert.deepEqual(await domains('["*.example"]'), [['*.example'], ['shop.example'], ['other.example']]);
  assert.deepEqual(await domains('[]'), [['*'], ['shop.example'], ['other.example']]);
  assert.deepEqual(await domains('[a.shop.example]'), [['a.shop.example'], [], []]);
});

test('request headers, a Host header and a redirect', async () => {
  const filters = (weights: string) => `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{name: edge}]
  rules:
  - matches: [{path: {type: Exact, value: /headers}}]
    filters:
    - type: RequestHeaderModifier
      requestHeaderModifier: {set: [{name: x-a, value: "1"}, {name: Host, value: inner}], remove: [x-b]}
    backendRefs: ${weights}
  - matches: [{path: {value: /old}}]
    filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]
`;
  const built = await build(filters('[{name: cart, port: 80}]') + SERVICE);
  const [headers, redirect] = routesOf(built.envoyListeners[0]);
  assert.deepEqual(headers?.request_headers_to_add, [
    { header: { key: 'x-a', value: '1' }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' },
  ]);
  assert.deepEqual(headers?.request_headers_to_remove, ['x-b']);
  assert.equal(((headers?.route ?? {}) as Json).host_rewrite_literal, 'inner');
  assert.deepEqual(redirect?.redirect, { response_code: 'FOUND', scheme_redirect: 'https' });
});

test('a VirtualService: local hosts, several ports, matches that cannot be reproduced', async () => {
  const yaml = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [shop.example]
  gateways: [edge]
  http:
  - match: [{uri: {prefix: /inner}, sourceLabels: {app: x}}]
    route: [{destination: {host: cart}}]
  - route: [{destination: {host: cart}}]
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  servers: [{port: {number: 8080, name: http, protocol: HTTP}, hosts: ["*"]}]
`;
  const clusterOf = async (service: string) => {
    const built = await build(yaml + service);
    const routes = routesOf(built.envoyListeners[0]);
    assert.equal(routes.length, 1);
    assert.match(
      built.notes.join('\n'),
      /rule 1: a match on source label app: x cannot be met here and is left out/,
    );
    return ((routes[0]?.route ?? {}) as Json).cluster;
  };
  assert.equal(await clusterOf(SERVICE), 'outbound|80||cart.shop.svc.cluster.local');
  // Istio cannot tell which port is meant, and takes the gateway's.
  const twoPorts = SERVICE.replace('{name: http, port: 80}', '{name: http, port: 80}, {name: b, port: 81}');
  assert.equal(await clusterOf(twoPorts), 'outbound|8080||cart.shop.svc.cluster.local');
});

test('a server name that several listeners of a port have is one filter chain, with the routes of all', async () => {
  const { envoyListeners } = await build(`apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gw, namespace: shop}
spec:
  servers:
  - port: {number: 443, name: https, protocol: HTTPS}
    hosts: [shop/shop.example, prod/shop.example]
    tls: {mode: SIMPLE, credentialName: c}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: a, namespace: prod}
spec:
  hosts: [shop.example]
  gateways: [shop/gw]
  http: [{route: [{destination: {host: cart}}]}]
${SERVICE}`);
  const [listener] = envoyListeners;
  const chains = listener?.filter_chains as { filter_chain_match: Json }[];
  assert.deepEqual(
    chains.map((chain) => chain.filter_chain_match),
    [{ server_names: ['shop.example'] }],
  );
  assert.equal(routesOf(listener).length, 1);
});
