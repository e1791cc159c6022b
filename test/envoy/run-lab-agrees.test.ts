/** The embedded gateway says the same by itself as a real Envoy does, and `run` names it alike. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunResult } from '../../src/analysis/result.js';
import type { Lab } from '../../src/lab/lab.js';
import { run } from '../../src/run.js';
import { app, destinationRule } from '../lab/manifests.js';
import { envoyForTests } from '../support/envoy.js';
import { assertAccounted, planOf, startEnvoyLab } from '../support/envoy-lab.js';

/** A route of the Gateway API for a host, three parts of four for the first backend. */
function httpRoute(host: string, backends: readonly string[], rest = '', weights = [3, 1]): string {
  const refs = backends.map((name, i) => `{name: ${name}, port: 80, weight: ${weights[i]}}`).join(', ');
  return `---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: ${host}, namespace: istio-test}
spec:
  parentRefs: [{name: istio-gateway}]
  hostnames: [${host}]
  rules:
  - backendRefs: [${refs}]
    ${rest}
`;
}

/** Istio's own route, on a gateway of its own. */
function virtualService(host: string, subsets: readonly string[], rest = ''): string {
  const route = subsets.map(
    (subset, i) =>
      `{destination: {host: both, subset: ${subset}, port: {number: 80}}, weight: ${i === 0 ? 75 : 25}}`,
  );
  return `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${host}, namespace: istio-test}
spec:
  hosts: [${host}]
  gateways: [classic]
  http:
  - route: [${route.join(', ')}]
    ${rest}
`;
}

const PAIR = ['backend-v1', 'backend-v2'];
const TINY =
  '{connectionPool: {tcp: {maxConnections: 1}, http: {http1MaxPendingRequests: 1, http2MaxRequests: 2}}}';
const MANIFESTS = [
  `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: istio-gateway, namespace: istio-test}
spec:
  gatewayClassName: istio
  listeners: [{name: http, port: 80, protocol: HTTP}]
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: classic, namespace: istio-test}
spec:
  selector: {istio: ingressgateway}
  servers: [{port: {number: 8080, name: http, protocol: HTTP}, hosts: ['*']}]
---
apiVersion: v1
kind: Service
metadata: {name: both, namespace: istio-test}
spec:
  selector: {app: backend}
  ports: [{name: http, port: 80, targetPort: 5678}]
`,
  app('backend-v1', 'v1', 2),
  app('backend-v2', 'v2', 2),
  app('backend-v3', 'v3', 0),
  app('backend-v4', 'v4', 2),
  destinationRule('backend-v4', TINY),
  destinationRule(
    'both',
    '{loadBalancer: {simple: ROUND_ROBIN}}',
    '  subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]\n',
  ),
  httpRoute('split.lab', PAIR),
  httpRoute('missing.lab', ['backend-v1', 'backend-v9']),
  httpRoute('empty.lab', ['backend-v1', 'backend-v3']),
  httpRoute('breaker.lab', ['backend-v1', 'backend-v4']),
  httpRoute('patience.lab', PAIR, 'timeouts: {request: 50ms}'),
  httpRoute('none.lab', PAIR, '', [0, 0]),
  virtualService('subset.lab', ['v1', 'v9']),
  virtualService('abort.lab', ['v1', 'v2'], 'fault: {abort: {httpStatus: 418, percentage: {value: 25}}}'),
];

interface Case {
  readonly name: string;
  readonly host: string;
  readonly faults?: readonly string[];
  /** Kinds of the gateway's own replies. */
  readonly own: readonly string[];
  readonly statuses: readonly string[];
  /** Statuses of the replies that have a version; only `200` when not given. */
  readonly attributed?: readonly string[];
}

const CASES: readonly Case[] = [
  { name: 'all well', host: 'split.lab', own: [], statuses: ['200'] },
  {
    name: "a backend's own 503",
    host: 'split.lab',
    faults: ['v2:status=503'],
    own: [],
    statuses: ['200', '503'],
    attributed: ['200', '503'],
  },
  { name: 'a missing Service', host: 'missing.lab', own: ['backend-ref-invalid'], statuses: ['200', '500'] },
  {
    name: 'a Service without pods',
    host: 'empty.lab',
    own: ['no-healthy-upstream'],
    statuses: ['200', '503'],
  },
  {
    name: 'a full breaker',
    host: 'breaker.lab',
    // So slow that both places are taken while the others' requests come and go, on a busy machine too.
    faults: ['v4:slow=200ms'],
    own: ['overflow'],
    statuses: ['200', '503'],
  },
  {
    name: 'pods that refuse',
    host: 'split.lab',
    faults: ['v2:refuse'],
    own: ['connection-failure'],
    statuses: ['200', '503'],
  },
  {
    name: 'pods that close',
    host: 'split.lab',
    faults: ['v2:close'],
    own: ['connection-termination'],
    statuses: ['200', '503'],
  },
  {
    name: 'pods that answer garbage',
    host: 'split.lab',
    faults: ['v2:garbage'],
    own: ['protocol-error'],
    statuses: ['200', '502'],
  },
  {
    name: "a route's timeout",
    host: 'patience.lab',
    faults: ['v2:slow=2s'],
    own: ['upstream-timeout'],
    statuses: ['200', '504'],
  },
  {
    name: 'a missing subset of a VirtualService',
    host: 'subset.lab',
    own: ['backend-ref-invalid'],
    statuses: ['200', '503'],
  },
  { name: 'an injected fault', host: 'abort.lab', own: ['fault-injected'], statuses: ['200', '418'] },
];

/** One run per case; a share of a quarter is missed by chance once in 10^10. */
async function seenIn(
  lab: Lab,
  { host, faults = [] }: Case,
): Promise<Omit<Case, 'name' | 'host' | 'faults'>> {
  const gateway = ['subset.lab', 'abort.lab'].includes(host)
    ? 'istio-test/classic'
    : 'istio-test/istio-gateway';
  const listener = lab.listeners.find((each) => each.gateway === gateway);
  const flags = { host, requests: '80', connections: '4', threads: '1' };
  const plan = await planOf(listener?.url ?? null, MANIFESTS, flags);
  const result = await run(plan, {
    onStart: () => {
      for (const fault of faults) lab.setFault(fault);
    },
  }).finally(() => lab.clearFaults());
  assertAccounted(result);
  assert.deepEqual(result.failures, {});
  const attributed = keys(...result.versions.map(({ statuses }) => statuses));
  return {
    own: keys(result.gatewayReplies),
    statuses: keys(result.unattributed.statuses, ...result.versions.map(({ statuses }) => statuses)),
    ...(attributed.join() === '200' ? {} : { attributed }),
  };
}

function keys(...counts: readonly RunResult['failures'][]): string[] {
  return [...new Set(counts.flatMap((each) => Object.keys(each)))].sort();
}

test('own replies: the embedded gateway and a real Envoy', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const [embedded, envoy] = await Promise.all([
    startEnvoyLab(t, MANIFESTS, { envoy: null }),
    startEnvoyLab(t, MANIFESTS),
  ]);
  for (const each of CASES) {
    await t.test(each.name, async () => {
      const { name: _name, host: _host, faults: _faults, ...expected } = each;
      const [ours, envoys] = await Promise.all([seenIn(embedded, each), seenIn(envoy, each)]);
      assert.deepEqual(envoys, expected, 'Envoy');
      assert.deepEqual(ours, expected, 'embedded');
    });
  }
});

test('what cannot be measured is explained in the same words', async (t) => {
  if (envoyForTests(t) === undefined) return;
  const labs = await Promise.all([startEnvoyLab(t, MANIFESTS, { envoy: null }), startEnvoyLab(t, MANIFESTS)]);
  const cases: readonly [host: string, fault: string | null, said: RegExp][] = [
    ['nobody.lab', null, /answered 404 for Host 'nobody.lab'/],
    ['none.lab', null, /answered 500 with an empty body/],
    ['split.lab', '*:refuse', /answered 503: the gateway could not connect/],
    ['split.lab', '*:close', /connection termination/],
  ];
  for (const [host, fault, said] of cases) {
    const words: string[] = [];
    for (const lab of labs) {
      if (fault !== null) lab.setFault(fault);
      const plan = await planOf(lab.urls.http, [], { host, requests: '10' });
      await assert.rejects(run(plan), (error: Error) => {
        words.push(error.message.replace(/127\.0\.0\.1:\d+/g, 'GATEWAY'));
        return said.test(error.message);
      });
      lab.clearFaults();
    }
    assert.equal(words[0], words[1]);
  }
});
