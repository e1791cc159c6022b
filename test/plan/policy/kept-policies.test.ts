import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { readManifests } from '../../../src/plan/manifests/index.js';
import type { ManifestSet, RouteRule } from '../../../src/plan/manifests/model.js';
import { effectivePolicy } from '../../../src/plan/policy/effective-policy.js';
import { ejectionRulesOf } from '../../../src/plan/policy/ejection-rules.js';
import { keptPolicies } from '../../../src/plan/policy/kept-policies.js';
import { readManifestTexts } from '../../support/manifests.js';

/** The gateway's pods. */
const CLIENT = { namespace: 'gateways', labels: {} };
const ruleOf = (set: ManifestSet) => set.routes[0]?.rules[0] as RouteRule;

const destination = (name: string, host: string, namespace = 'n') => `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: ${name}, namespace: ${namespace}}
spec: {host: "${host}", trafficPolicy: {outlierDetection: {}}}
`;
const route = (refs: string) => `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: n}
spec: {rules: [{backendRefs: [${refs}]}]}
`;

test("the samples' policies, with where they stand", async () => {
  const set = await readManifests([join('samples', 'kubectl-get.yaml')], async () => '');
  const { policies, notes } = keptPolicies(set, ruleOf(set), CLIENT);
  assert.deepEqual(notes, []);
  assert.deepEqual(
    policies.map(({ source, host, subset }) => [source, host, subset]),
    [
      [
        `DestinationRule istio-test/backend-destination-rule (${join('samples', 'kubectl-get.yaml')}, line 95)`,
        'backend-v1.istio-test.svc.cluster.local',
        null,
      ],
      [
        `DestinationRule istio-test/backend-v2-destination-rule (${join('samples', 'kubectl-get.yaml')}, line 120)`,
        'backend-v2.istio-test.svc.cluster.local',
        null,
      ],
    ],
  );
});

test('hosts: short names are of the DestinationRule namespace, the most specific applies', async () => {
  const applied = async (refs: string, ...rules: string[]) => {
    const set = await readManifestTexts(route(refs), ...rules);
    return keptPolicies(set, ruleOf(set), CLIENT).policies.map(({ source }) => source.split(' ')[1]);
  };
  assert.deepEqual(await applied('{name: a}', destination('short', 'a'), destination('b', 'b')), ['n/short']);
  assert.deepEqual(await applied('{name: a}', destination('elsewhere', 'a', 'm')), []);
  assert.deepEqual(await applied('{name: a, namespace: m}', destination('there', 'a', 'm')), ['m/there']);
  assert.deepEqual(
    await applied(
      '{name: a}, {name: b}',
      destination('all', '*.n.svc.cluster.local'),
      destination('a', 'a.n.svc.cluster.local'),
    ),
    ['n/a', 'n/all'],
  );
  assert.deepEqual(await applied('{name: a, kind: InferencePool, group: x.io}', destination('a', 'a')), []);
  assert.deepEqual(await applied('{name: a, port: 80}, {name: a, port: 81}', destination('a', 'a')), ['n/a']);
});

test('name.namespace is no full name for Istio: a note, no policy', async () => {
  const set = await readManifestTexts(route('{name: a}'), destination('half', 'a.n'));
  const { policies, notes } = keptPolicies(set, ruleOf(set), CLIENT);
  assert.deepEqual(policies, []);
  assert.equal(notes[0]?.code, 'destination-rule-host');
  assert.match(notes[0]?.text ?? '', /its host a\.n is not a full name.* Write a\.n\.svc\.cluster\.local\.$/);
});

test('subsets: the policy of the rule and that of the subsets in use', async () => {
  const set = await readManifestTexts(`apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: v, namespace: n}
spec: {hosts: [h], http: [{route: [{destination: {host: a, subset: v1}}, {destination: {host: a, subset: v2}}]}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: d, namespace: n}
spec:
  host: a
  trafficPolicy: {loadBalancer: {simple: RANDOM}}
  subsets:
    - {name: v1}
    - {name: v2, trafficPolicy: {outlierDetection: {}}}
    - {name: v3, trafficPolicy: {outlierDetection: {}}}
`);
  assert.deepEqual(
    keptPolicies(set, ruleOf(set), CLIENT).policies.map(({ subset, trafficPolicy }) => [
      subset,
      trafficPolicy,
    ]),
    [
      [null, { loadBalancer: { simple: 'RANDOM' } }],
      ['v2', { outlierDetection: {} }],
    ],
  );
});

/** A DestinationRule for the Service a with outlier detection, `created` and whatever else its spec says. */
const dated = (
  name: string,
  created: string,
  rest = 'trafficPolicy: {outlierDetection: {}}',
  namespace = 'n',
) =>
  `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: ${name}, namespace: ${namespace}, creationTimestamp: ${created}}
spec: {host: a.n.svc.cluster.local, ${rest}}
`;

test('several DestinationRules for one host: the report names the one that is judged by', async () => {
  const applied = async (refs: string, ...rules: string[]) => {
    const set = await readManifestTexts(route(refs), ...rules);
    const kept = keptPolicies(set, ruleOf(set), CLIENT).policies.map(({ source }) => source);
    assert.deepEqual(
      ejectionRulesOf(set, ruleOf(set), CLIENT).rules.map(({ source }) => source),
      kept,
    );
    return kept.map((source) => source.split(' ')[1]);
  };
  const OLD = '"2026-01-01T00:00:00Z"';
  const NEW = '"2026-02-01T00:00:00Z"';
  assert.deepEqual(await applied('{name: a}', dated('newer', NEW), dated('older', OLD)), ['n/older']);
  assert.deepEqual(await applied('{name: a}', dated('b', OLD), dated('a', OLD)), ['n/a'], 'by name');
  assert.deepEqual(await applied('{name: a}', dated('new', ''), dated('known', NEW)), ['n/known']);
  const elsewhere = dated('elsewhere', OLD, undefined, 'm');
  assert.deepEqual(await applied('{name: a}', elsewhere, dated('own', NEW)), ['n/own']);
  const bare = dated('bare', OLD, 'subsets: [{name: v1}]');
  assert.deepEqual(await applied('{name: a}', bare, dated('full', NEW)), ['n/full']);
  const wildcard = destination('wildcard', '*.n.svc.cluster.local');
  const foreign = dated('foreign', OLD, undefined, 'istio-system');
  assert.deepEqual(await applied('{name: a}', foreign, wildcard), ['n/wildcard'], 'one namespace at a time');
});

test('several DestinationRules for one host: policy and subset may be of different ones', async () => {
  const set = await readManifestTexts(
    `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: v, namespace: n}
spec: {hosts: [h], http: [{route: [{destination: {host: a, subset: v1}}]}]}
`,
    dated('whole', '"2026-01-01T00:00:00Z"', 'trafficPolicy: {loadBalancer: {simple: RANDOM}}'),
    dated('second', '"2026-01-02T00:00:00Z"', 'subsets: [{name: v1, trafficPolicy: {outlierDetection: {}}}]'),
    dated('third', '"2026-01-03T00:00:00Z"', 'subsets: [{name: v1, trafficPolicy: {tls: {}}}]'),
  );
  assert.deepEqual(
    keptPolicies(set, ruleOf(set), CLIENT).policies.map(({ source, subset }) => [
      source.split(' ')[1],
      subset,
    ]),
    [
      ['n/whole', null],
      ['n/second', 'v1'],
    ],
  );
  assert.match(ejectionRulesOf(set, ruleOf(set), CLIENT).rules[0]?.source ?? '', / n\/second /);
});

test("the mesh's default policy fills the blocks that no DestinationRule gives, also for a port, but not in a subset's", async () => {
  const mesh = `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: {name: mesh, namespace: istio-system}
spec:
  meshConfig:
    defaultTrafficPolicy:
      connectionPool: {http: {http2MaxRequests: 7}}
      outlierDetection: {consecutive5xxErrors: 3}
`;
  const applied = async (...rules: string[]) => {
    const set = await readManifestTexts(route('{name: a, port: 80}'), mesh, ...rules);
    const [rule] = ejectionRulesOf(set, ruleOf(set), CLIENT).rules;
    const service = { namespace: 'n', host: 'a.n.svc.cluster.local' };
    const policy = effectivePolicy({ ...set, client: CLIENT }, service, 80, null);
    const { http2MaxRequests } = policy.connectionPool;
    return [rule?.source.split(' ')[1], rule?.consecutive5xx, http2MaxRequests === 7];
  };
  const rule = (policy: string) => destination('d', 'a').replace('{outlierDetection: {}}', policy);
  assert.deepEqual(await applied(), ['istio-system/mesh', 3, true]);
  assert.deepEqual(await applied(destination('d', 'a')), ['n/d', 5, true]);
  assert.deepEqual(await applied(rule('{loadBalancer: {simple: RANDOM}}')), ['istio-system/mesh', 3, true]);
  assert.deepEqual(
    await applied(
      rule('{portLevelSettings: [{port: {number: 80}, connectionPool: {tcp: {maxConnections: 1}}}]}'),
    ),
    ['istio-system/mesh', 3, false],
  );
  const set = await readManifestTexts(
    `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: v, namespace: n}
spec: {hosts: [h], http: [{route: [{destination: {host: a, subset: v1, port: {number: 80}}}]}]}
`,
    mesh,
    destination('d', 'a').replace(
      'trafficPolicy: {outlierDetection: {}}',
      'subsets: [{name: v1, trafficPolicy: {portLevelSettings: [{port: {number: 80}}]}}]',
    ),
  );
  assert.deepEqual(ejectionRulesOf(set, ruleOf(set), CLIENT).rules, []);
  assert.deepEqual(
    keptPolicies(set, ruleOf(set), CLIENT).policies.map(({ source, host, subset }) => [
      source.split(' ')[1],
      host,
      subset,
    ]),
    [
      ['istio-system/mesh', '*', null],
      ['n/d', 'a', 'v1'],
    ],
  );
});
