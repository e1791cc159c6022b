import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recognize } from '../../../src/plan/gateways/recognize.js';
import { GATEWAYS } from '../../../src/plan/gateways/table.js';
import { GATEWAY_API, ISTIO_GATEWAYS } from '../../../src/plan/manifests/dialect.js';
import { gatewayOfRoute } from '../../../src/plan/routes/route-gateway.js';
import { readManifestTexts } from '../../support/manifests.js';

const named = (className: string | null) => recognize({ className, family: GATEWAY_API }, [])?.name ?? null;

const gateway = (name: string, className: string) => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: ${name}, namespace: n}
spec: {gatewayClassName: ${className}, listeners: []}
`;
const classOf = (name: string, controller: string) => `apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: ${name}}
spec: {controllerName: ${controller}}
`;
const route = (...parents: string[]) => `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: n}
spec: {parentRefs: [${parents.map((name) => `{name: ${name}}`)}], rules: [{backendRefs: [{name: b}]}]}
`;

async function kindOf(...texts: string[]) {
  const set = await readManifestTexts(...texts);
  const [first] = set.routes;
  assert.ok(first);
  const { facts, label } = gatewayOfRoute(set, first);
  return [facts?.name ?? null, label];
}

test('a well-known name of a class says the kind of gateway', () => {
  const names = [
    'istio',
    'eg',
    'kgateway',
    'nginx',
    'kong',
    'traefik',
    'cilium',
    'contour',
    'apisix',
    'haproxy',
  ];
  assert.deepEqual(names.map(named), [
    'Istio',
    'Envoy Gateway',
    'kgateway',
    'NGINX Gateway Fabric',
    'Kong',
    'Traefik',
    'Cilium',
    'Contour',
    'APISIX',
    'HAProxy Ingress',
  ]);
  assert.equal(named('gke-l7-rilb'), 'GKE Gateway');
  assert.equal(named('varnish'), 'Varnish Gateway');
  for (const unknown of ['', 'nginx-internal', 'gke-l7', 'public', 'Istio', null]) {
    assert.equal(named(unknown), null, String(unknown));
  }
});

test('the GatewayClass decides when it is among the manifests, whatever its name', async () => {
  const envoyGateway = classOf('public', 'gateway.envoyproxy.io/gatewayclass-controller');
  assert.deepEqual(await kindOf(gateway('g', 'public'), envoyGateway, route('g')), [
    'Envoy Gateway',
    'Gateway n/g of class public',
  ]);
  assert.equal(
    (await kindOf(gateway('g', 'nginx'), classOf('nginx', 'example.com/mine'), route('g')))[0],
    null,
  );
  assert.equal(
    (await kindOf(gateway('g', 'nginx'), classOf('eg', 'example.com/mine'), route('g')))[0],
    NGINX,
  );
});
const NGINX = 'NGINX Gateway Fabric';

test('classic Istio gateways and VirtualServices are Istio’s', async () => {
  assert.equal(recognize({ className: null, family: ISTIO_GATEWAYS }, [])?.name, 'Istio');
  const virtual = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: v, namespace: n}
spec: {hosts: [h], gateways: [g], http: [{route: [{destination: {host: b}}]}]}
`;
  assert.equal((await kindOf(virtual))[0], 'Istio');
});

test('parents of one kind are that kind; of several kinds, or not among the manifests, none is known', async () => {
  const [eg, other, nginx] = [gateway('eg', 'eg'), gateway('other', 'eg'), gateway('nginx', 'nginx')];
  assert.equal((await kindOf(eg, other, route('eg', 'other')))[0], 'Envoy Gateway');
  assert.deepEqual(await kindOf(eg, nginx, route('eg', 'nginx')), [
    null,
    'Gateway n/eg of class eg and Gateway n/nginx of class nginx',
  ]);
  assert.deepEqual(await kindOf(eg, route('elsewhere')), [null, 'the Gateway of HTTPRoute n/r']);
});

test('each fact has a version and a source; controllers and class names are of one gateway only', () => {
  for (const facts of GATEWAYS) {
    const cells = Object.values(facts).filter((value) => typeof value === 'object' && !Array.isArray(value));
    for (const cell of cells)
      if (cell !== null) assert.ok(cell.version !== '' && cell.source !== '', facts.name);
  }
  for (const key of ['controllers', 'classNames'] as const) {
    const all = GATEWAYS.flatMap((facts) => facts[key]);
    assert.equal(new Set(all).size, all.length);
  }
});

test('a GatewayClass without a controller is an error that names it', async () => {
  const bad = 'apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: {name: c}\nspec: {}\n';
  await assert.rejects(readManifestTexts(bad), /GatewayClass .*c.*controllerName/s);
});
