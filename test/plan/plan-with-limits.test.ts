import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OptionError } from '../../src/errors.js';
import type { ClusterLimits } from '../../src/plan/limit-facts.js';
import { type LimitOptions, planWithLimits } from '../../src/plan/plan-with-limits.js';
import { readManifestTexts, routeAtClass } from '../support/manifests.js';

const URL = 'http://127.0.0.1:8080';
const RULES = '[{backendRefs: [{name: v1, port: 80, weight: 9}, {name: v2, port: 80, weight: 1}]}]';
const dr = (host: string, http: string, more = '') => `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: dr-${host}, namespace: n}
spec: {host: ${host}, trafficPolicy: {connectionPool: {tcp: {maxConnections: 7}, http: {${http}}}${more}}}`;
const service = (name: string, port: string) => `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: n}
spec: {selector: {app: ${name}}, ports: [{port: 80${port}}]}`;
const policy = (spec: string) => `apiVersion: gateway.envoyproxy.io/v1alpha1
kind: BackendTrafficPolicy
metadata: {name: p, namespace: n}
spec: {targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: r}], ${spec}}`;

async function factsOf(options: LimitOptions, ...manifests: string[]) {
  const all = manifests.length === 0 ? {} : { manifests: await readManifestTexts(...manifests) };
  return (await planWithLimits({ url: URL, ...all, ...options })).facts;
}
const at = (className: string) => routeAtClass(className, RULES);
const short = ({ version, maxConnections, maxPendingRequests, maxRequests }: ClusterLimits) => [
  version,
  maxConnections,
  maxPendingRequests,
  maxRequests,
];

test('Istio: each version is a cluster, and what it is spoken to with is its own', async () => {
  const facts = await factsOf(
    {},
    at('istio'),
    dr('v1', 'http2MaxRequests: 5, maxRequestsPerConnection: 2'),
    dr('v2', 'maxRetries: 3', ', retryBudget: {percent: 25}'),
    service('v1', ', appProtocol: http2'),
    service('v2', ', name: http-web'),
  );
  assert.deepEqual(
    [facts.scope, facts.clusters.map(short)],
    [
      'version',
      [
        ['v1', 7, null, 5],
        ['v2', 7, null, null],
      ],
    ],
  );
  const [v1, v2] = facts.clusters;
  assert.deepEqual(
    [v1?.backendProtocol, v1?.maxRequestsPerConnection, v1?.from],
    ['h2', 2, 'DestinationRule'],
  );
  assert.deepEqual([v2?.backendProtocol, v2?.maxRetries], ['http/1.1', 3]);
  assert.deepEqual(facts.shares, [
    { version: 'v1', share: 0.9 },
    { version: 'v2', share: 0.1 },
  ]);
  const texts = facts.notes.map(({ text }) => text).join('\n');
  assert.match(texts, /maxRequestsPerConnection 2 closes connections/);
  assert.match(texts, /v2: at most 25 % of the requests under way/);
  assert.doesNotMatch(texts, /taken to speak HTTP\/1\.1/);
});

const PROTOCOLS: readonly [what: string, http: string, port: string, http2: boolean, expected: string][] = [
  ['a port without a word', '', '', true, 'http/1.1'],
  ['a port by its name', '', ', name: grpc-web', false, 'h2'],
  ['appProtocol before the name', '', ', name: grpc, appProtocol: http', false, 'http/1.1'],
  ['h2c', '', ', appProtocol: kubernetes.io/h2c', false, 'h2'],
  ['an upgrade', 'h2UpgradePolicy: UPGRADE', '', false, 'h2'],
  ["the client's protocol, HTTP/2", 'useClientProtocol: true', '', true, 'h2'],
  ["the client's protocol, HTTP/1.1", 'useClientProtocol: true', ', appProtocol: http2', false, 'http/1.1'],
];
for (const [what, http, port, http2, expected] of PROTOCOLS) {
  test(`Istio, what backends are spoken to with: ${what}`, async () => {
    const facts = await factsOf({ http2 }, at('istio'), dr('v1', http), service('v1', port));
    assert.equal(facts.clusters[0]?.backendProtocol, expected);
  });
}

test('what is assumed of Services that are not given is said, and options know better', async () => {
  const facts = await factsOf({}, at('istio'), dr('v1', ''));
  const note = facts.notes.find(({ code }) => code === 'backend-protocol');
  assert.match(note?.text ?? '', /do not have the Service of v1, v2.*--backend-protocol http2/);
  const given = await factsOf({ backendProtocol: 'h2' }, at('istio'), dr('v1', ''));
  assert.deepEqual([given.clusters[0]?.backendProtocol, given.notes.length], ['h2', 0]);
  const free = await factsOf({}, at('istio'));
  assert.deepEqual(free.notes, [], 'without limits the protocol changes nothing');
});

test('a limit on connections that workers and endpoints exceed in any case is said to be soft', async () => {
  const pods = `apiVersion: apps/v1
kind: Deployment
metadata: {name: v1, namespace: n}
spec: {replicas: 4, selector: {matchLabels: {app: v1}}, template: {metadata: {labels: {app: v1}}, spec: {containers: [{name: a, image: a}]}}}`;
  const facts = await factsOf(
    {},
    at('istio'),
    dr('v1', ''),
    dr('v2', ''),
    service('v1', ''),
    service('v2', ''),
    pods,
  );
  assert.deepEqual(
    facts.notes.map(({ code, text }) => [code, text.slice(0, 32)]),
    [['limits-soft', 'maxConnections 7 of v1 is soft: ']],
  );
});

test('Envoy Gateway: one cluster for the rule, or one for each backendRef with filters', async () => {
  const facts = await factsOf(
    {},
    at('eg'),
    policy('circuitBreaker: {maxConnections: 10, maxRequestsPerConnection: 4}, rateLimit: {type: Global}'),
  );
  assert.deepEqual([facts.scope, facts.clusters.map(short)], ['route', [[null, 10, 1024, 1024]]]);
  assert.match(facts.scopeFrom, /one cluster for all versions/);
  assert.equal(facts.clusters[0]?.maxRequestsPerConnection, 4);
  assert.match(facts.notes.map(({ text }) => text).join('\n'), /rateLimit: what it refuses gets 429/);
  const filters =
    '[{backendRefs: [{name: v1, port: 80, filters: [{type: ResponseHeaderModifier, responseHeaderModifier: {set: [{name: a, value: b}]}}]}, {name: v2, port: 80}]}]';
  const each = await factsOf({}, routeAtClass('eg', filters));
  assert.deepEqual([each.scope, each.clusters.map(({ version }) => version)], ['version', ['v1', 'v2']]);
});

test('Envoy Gateway speaks HTTP/2 to all if one Service asks for it, or as the client does', async () => {
  const h2c = await factsOf(
    {},
    at('eg'),
    service('v1', ''),
    service('v2', ', appProtocol: kubernetes.io/h2c'),
  );
  assert.equal(h2c.clusters[0]?.backendProtocol, 'h2');
  const name = await factsOf({}, at('eg'), service('v1', ', name: http2'));
  assert.equal(name.clusters[0]?.backendProtocol, 'http/1.1');
  const client = await factsOf({ http2: true }, at('eg'), policy('useClientProtocol: true'));
  assert.equal(client.clusters[0]?.backendProtocol, 'h2');
  const grpc = at('eg').replace('HTTPRoute', 'GRPCRoute');
  assert.equal((await factsOf({ http2: true }, grpc)).clusters[0]?.backendProtocol, 'h2');
});

test('other gateways: no limits, what to do, and their scope if it is known', async () => {
  const facts = await factsOf({}, at('kgateway'));
  assert.deepEqual([facts.clusters, facts.scope], [[], 'version']);
  assert.match(facts.scopeFrom, /kgateway counts each version/);
  assert.match(facts.notes[0]?.text ?? '', /limits of kgateway are not read.*--limit/);
  const limits = [{ maxConnections: 3 }];
  const given = await factsOf({ limits }, at('kgateway'));
  assert.deepEqual(
    [given.clusters.map(short), given.notes],
    [
      [
        ['v1', 3, null, null],
        ['v2', 3, null, null],
      ],
      [],
    ],
  );
});

test('without manifests: nothing is known, unless it is given', async () => {
  const none = await factsOf({});
  assert.deepEqual([none.clusters, none.shares, none.notes, none.scope], [[], null, [], 'version']);
  assert.match(none.scopeFrom, /^not known/);
  const limits = [{ maxConnections: 5, maxPendingRequests: 0 }];
  const all = await factsOf({ limits });
  assert.deepEqual(all.clusters.map(short), [[null, 5, 0, null]]);
  const named = await factsOf({ limits: [...limits, { version: 'v2', maxRequests: 1 }] });
  assert.deepEqual(named.clusters.map(short), [
    ['v2', 5, 0, 1],
    [null, 5, 0, null],
  ]);
  const expect = { v1: 9, v2: 1, v3: 0 };
  const each = await factsOf({ expect, limits, backendProtocol: 'h2' });
  assert.deepEqual(
    each.clusters.map(({ version, backendProtocol }) => [version, backendProtocol]),
    [
      ['v1', 'h2'],
      ['v2', 'h2'],
    ],
  );
  const route = await factsOf({ expect, limits, limitsScope: 'route' });
  assert.deepEqual([route.scope, route.clusters.map(short)], ['route', [[null, 5, 0, null]]]);
});

test('limits by hand replace those of the manifests that they name', async () => {
  const facts = await factsOf(
    { limits: [{ version: 'v1', maxConnections: 70 }] },
    at('istio'),
    dr('v1', 'http2MaxRequests: 5'),
    dr('v2', ''),
  );
  assert.deepEqual(facts.clusters.map(short), [
    ['v1', 70, null, 5],
    ['v2', 7, null, null],
  ]);
  assert.deepEqual(
    facts.clusters.map(({ from, source }) => [from, source === null]),
    [
      ['options', true],
      ['DestinationRule', false],
    ],
  );
  const together = await factsOf(
    { limitsScope: 'route' },
    at('istio'),
    dr('v1', 'http2MaxRequests: 5'),
    dr('v2', ''),
  );
  assert.deepEqual(together.clusters.map(short), [[null, 7, null, 5]]);
});

test('with names of --expect limits are those of the backends that these stand for', async () => {
  const manifests = [
    routeAtClass('istio', RULES.replaceAll('name: v', 'name: web-v')),
    dr('web-v2', 'http2MaxRequests: 5'),
  ];
  const facts = await factsOf({ expect: { v1: 9, v2: 1 } }, ...manifests);
  assert.deepEqual(facts.clusters.map(short), [
    ['v1', null, null, null],
    ['v2', 7, null, 5],
  ]);
});

test('nothing is said of what a run would not see of ejections', async () => {
  const rule = ', outlierDetection: {consecutive5xxErrors: 5}';
  const manifests = await readManifestTexts(at('istio'), dr('v1', 'http2MaxRequests: 5', rule));
  const { plan } = await planWithLimits({ url: URL, manifests });
  assert.equal(plan.ejection.length, 1);
  assert.deepEqual(
    plan.notes.filter(({ code }) => code === 'ejection-rule'),
    [],
  );
});

test('wrong limits name the option', async () => {
  const wrong: readonly [LimitOptions, RegExp][] = [
    [{ limits: [{ version: 'v9', maxRequests: 1 }], expect: { v1: 1 } }, /limits: 'v9' is not an expected/],
    [
      { limits: [{ version: 'v1', maxRequests: 1 }], limitsScope: 'route' },
      /limits: 'v1' has no limits of its own/,
    ],
    [{ limits: [{ maxRequests: 1 }, { maxConnections: 1 }] }, /limits for all versions are given twice/],
    [{ limits: [{ maxRequests: 1.5 }] }, /limits: 1\.5 is not a whole number/],
    [{ limits: [{ maxRequests: -1 }] }, /limits: -1 is out of range/],
  ];
  for (const [options, message] of wrong) {
    await assert.rejects(factsOf(options), (error) => {
      assert.ok(error instanceof OptionError);
      assert.match(error.message, message);
      return true;
    });
  }
});

test("Envoy's largest number by hand is no limit", async () => {
  const facts = await factsOf({
    limits: [{ maxConnections: 2 ** 32 - 1, maxRequests: 5 }],
    expect: { v1: 1 },
  });
  assert.deepEqual(facts.clusters.map(short), [['v1', null, null, 5]]);
});
