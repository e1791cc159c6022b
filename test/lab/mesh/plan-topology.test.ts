import assert from 'node:assert/strict';
import test from 'node:test';
import { planTopology } from '../../../src/lab/mesh/plan-topology.js';
import { faultTargets, podsByVersion } from '../../../src/lab/mesh/pod-groups.js';
import { caseText } from '../../support/cases.js';
import { app, destinationRule, readYaml, tutorialRoute } from '../manifests.js';

async function plan(yaml: string) {
  const set = await readYaml(yaml);
  const made = planTopology(set);
  const topology = {
    services: made.services.map((service) => ({
      ...service,
      pods: service.pods.map((pod) => ({ ...pod, port: 1 })),
    })),
  };
  const pods = Object.fromEntries(made.services.map(({ name, pods }) => [name, pods.map((pod) => pod.name)]));
  return { set, made, topology, pods };
}

test('Services pick the pods of Deployments, named and addressed as in the recorded configuration', async () => {
  const { made, pods } = await plan(
    tutorialRoute() + app('backend-v1', 'v1', 3) + app('backend-v2', 'v2', 2),
  );
  assert.deepEqual(pods, { 'backend-v1': ['v1-0', 'v1-1', 'v1-2'], 'backend-v2': ['v2-0', 'v2-1'] });
  const [first, second] = made.services;
  assert.equal(first?.host, 'backend-v1.istio-test.svc.cluster.local');
  assert.deepEqual(
    [...(first?.pods ?? []), ...(second?.pods ?? [])].map(({ address }) => address),
    ['127.0.11.1', '127.0.11.2', '127.0.11.3', '127.0.12.1', '127.0.12.2'],
  );
  assert.equal(second?.pods[0]?.text, 'hello from backend v2');
  assert.deepEqual(made.defaults, []);
});

test('without Services and Deployments both are made from the route', async () => {
  const { made, pods } = await plan(tutorialRoute());
  assert.deepEqual(pods, { 'backend-v1': ['v1-0', 'v1-1', 'v1-2'], 'backend-v2': ['v2-0', 'v2-1'] });
  assert.equal(made.services[0]?.pods[0]?.text, 'hello from backend v1');
  assert.equal(made.defaults.length, 2);
});

test('a Service that is missing beside others stays missing; one that selects nothing has no pods', async () => {
  const lonely = `---
apiVersion: v1
kind: Service
metadata: {name: nopods, namespace: istio-test}
spec: {selector: {app: nothing}, ports: [{port: 80}]}
`;
  const { pods } = await plan(tutorialRoute() + app('backend-v1', 'v1', 1) + lonely);
  assert.deepEqual(pods, { 'backend-v1': ['v1-0'], nopods: [] });
});

test('Services without Deployments get pods; one over the others needs none of its own', async () => {
  const service = (name: string, selector: string) => `---
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: istio-test}
spec: {selector: ${selector}, ports: [{port: 80}]}
`;
  const { pods } = await plan(
    tutorialRoute() +
      service('backend', '{app: backend}') +
      service('backend-v1', '{app: backend, version: v1}') +
      service('backend-v2', '{app: backend, version: v2}'),
  );
  assert.deepEqual(pods, {
    backend: ['v1-0', 'v1-1', 'v1-2', 'v2-0', 'v2-1'],
    'backend-v1': ['v1-0', 'v1-1', 'v1-2'],
    'backend-v2': ['v2-0', 'v2-1'],
  });
});

const VIRTUAL_SERVICE = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: vs, namespace: istio-test}
spec:
  hosts: [vs.lab]
  gateways: [classic]
  http:
  - route:
    - {destination: {host: backend.istio-test.svc.cluster.local, subset: v1}, weight: 90}
    - {destination: {host: backend.istio-test.svc.cluster.local, subset: v2}, weight: 10}
`;

test('subsets of a VirtualService have the pods with their labels, and are versions', async () => {
  const subsets = '  subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]\n';
  const { set, topology, pods } = await plan(VIRTUAL_SERVICE + destinationRule('backend', '{}', subsets));
  assert.deepEqual(pods, { backend: ['v1-0', 'v1-1', 'v1-2', 'v2-0', 'v2-1'] });
  assert.deepEqual(Object.fromEntries(podsByVersion(set, topology)), {
    'backend-v1': ['v1-0', 'v1-1', 'v1-2'],
    'backend-v2': ['v2-0', 'v2-1'],
  });
});

test('faults are aimed at pods, labels, versions, services and everything', async () => {
  const { set, topology } = await plan(tutorialRoute());
  const targets = faultTargets(set, topology);
  assert.deepEqual(targets.get('v2-1'), ['v2-1']);
  assert.deepEqual(targets.get('v2'), ['v2-0', 'v2-1']);
  assert.deepEqual(targets.get('backend-v2'), ['v2-0', 'v2-1']);
  assert.equal(targets.get('*')?.length, 5);
});

test("http-echo's text in all its spellings", async () => {
  for (const [args, text] of [
    ['["-text=a b"]', 'a b'],
    ['["-listen=:80", "--text", "x"]', 'x'],
    ['["-text="]', ''],
    ['["-listen=:80"]', 'hello from backend v1'],
  ] as const) {
    const yaml = app('backend-v1', 'v1', 1).replace(/args: .*/, `args: ${args}`);
    const { made } = await plan(tutorialRoute() + yaml);
    assert.equal(made.services[0]?.pods[0]?.text, text, args);
  }
});

test('workloads with the same version label are told apart by their names', async () => {
  const { pods } = await plan(
    tutorialRoute() +
      app('shop', 'v1', 1).replaceAll('app: backend', 'app: shop') +
      app('cart', 'v1', 1).replaceAll('app: backend', 'app: cart'),
  );
  assert.deepEqual(pods, { shop: ['shop-0'], cart: ['cart-0'] });
});

test('too many pods are refused', async () => {
  await assert.rejects(plan(tutorialRoute() + app('backend-v1', 'v1', 201)), {
    name: 'UserError',
    message: /ask for 201 pods; the lab starts at most 200/,
  });
});

test('Services of a split with one selector: pods of their own, unless a Deployment has pods for them', async () => {
  const text = caseText('argo-rollout-services');
  const { pods, made } = await plan(text);
  assert.deepEqual(pods, {
    'web-stable': ['stable-0', 'stable-1', 'stable-2'],
    'web-canary': ['canary-0', 'canary-1'],
  });
  assert.match(made.defaults.join('\n'), /select the same ones.*rollouts-pod-template-hash/);
  const other = await plan(text + app('backend-v1', 'v1', 1));
  assert.deepEqual(other.pods['web-canary'], ['canary-0', 'canary-1']);
  const own = app('backend-v1', 'v1', 1)
    .replaceAll('istio-test', 'shop')
    .replaceAll('app: backend', 'app: web');
  const shared = await plan(text + own.slice(0, own.lastIndexOf('---')));
  assert.equal(shared.pods['web-canary']?.length, 1, own);
  assert.deepEqual(shared.pods['web-canary'], shared.pods['web-stable']);
  assert.match(
    shared.made.defaults.join('\n'),
    /web-stable and web-canary select the same pods: here they answer alike/,
  );
});
