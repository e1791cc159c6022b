import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { UserError } from '../../../src/errors.js';
import { packageRoot } from '../../../src/io/package-root.js';
import { readManifests } from '../../../src/plan/manifests/index.js';
import type { RouteRule } from '../../../src/plan/manifests/model.js';
import { ruleFor } from '../../../src/plan/policy/ejection-rule.js';
import { ejectionRulesOf } from '../../../src/plan/policy/ejection-rules.js';
import { ruleWith } from '../../support/ejection-rule.js';
import { readManifestTexts } from '../../support/manifests.js';

/** The gateway's pods. */
const CLIENT = { namespace: 'gateways', labels: {} };

/** The rules of the first route among these. */
async function rulesOf(...texts: readonly string[]) {
  const set = await readManifestTexts(...texts);
  return ejectionRulesOf(set, set.routes[0]?.rules[0] as RouteRule, CLIENT);
}

const route = (refs: string) => `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: n}
spec: {rules: [{backendRefs: [${refs}]}]}
`;
const virtualService = (destinations: string) => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: r, namespace: n}
spec: {hosts: [a.example.com], http: [{route: [${destinations}]}]}
`;
const destination = (name: string, host: string, spec: string, namespace = 'n') =>
  `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: ${name}, namespace: ${namespace}}
spec: {host: "${host}", ${spec}}
`;
const detection = (fields: string) => `trafficPolicy: {outlierDetection: {${fields}}}`;
const service = (name: string, selector: string, ports = '{port: 80}', namespace = 'n') => `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec: {selector: {${selector}}, ports: [${ports}]}
`;
const deployment = (name: string, labels: string, replicas: number, namespace = 'n') => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}}
spec: {replicas: ${replicas}, template: {metadata: {labels: {${labels}}}}}
`;

test("the samples' rules, with their endpoints and where they stand", async () => {
  const files = ['httproute-90-10.yaml', 'destinationrules.yaml', 'deployments.yaml'];
  const set = await readManifests(
    files.map((name) => join(packageRoot(), 'samples', name)),
    async () => '',
  );
  const { rules, notes } = ejectionRulesOf(set, set.routes[0]?.rules[0] as RouteRule, CLIENT);
  assert.deepEqual(notes, []);
  const [first, second] = rules;
  assert.match(
    first?.source ?? '',
    /^DestinationRule istio-test\/backend-destination-rule \(.*destinationrules\.yaml, line 2\)$/,
  );
  assert.deepEqual(first, {
    version: 'backend-v1',
    scope: 'version',
    source: first?.source,
    errorCodes: null,
    consecutive5xx: 5,
    consecutiveGatewayErrors: 0,
    consecutiveLocalOriginFailures: null,
    intervalMs: 30_000,
    baseEjectionTimeMs: 30_000,
    maxEjectionPercent: 50,
    alwaysEjectsOne: false,
    minHealthPercent: 0,
    endpoints: 3,
    asked: false,
  });
  assert.deepEqual([second?.version, second?.endpoints], ['backend-v2', 2]);
});

test('the same as subsets: endpoints are those of the subset', async () => {
  const set = await readManifests(
    ['virtualservice.yaml', 'deployments.yaml'].map((name) => join(packageRoot(), 'samples', name)),
    async () => '',
  );
  const { rules } = ejectionRulesOf(set, set.routes[0]?.rules[0] as RouteRule, CLIENT);
  assert.deepEqual(
    rules.map(({ version, endpoints, consecutive5xx }) => [version, endpoints, consecutive5xx]),
    [
      ['backend-v1', 3, 5],
      ['backend-v2', 2, 5],
    ],
  );
});

test('no outlierDetection is no rule, and an empty one has the defaults of Envoy', async () => {
  const { rules } = await rulesOf(
    route('{name: a, port: 80}, {name: b, port: 80}, {name: c, port: 80}'),
    destination('a', 'a', detection('')),
    destination('b', 'b', 'trafficPolicy: {connectionPool: {tcp: {maxConnections: 1}}}'),
  );
  assert.equal(rules.length, 1);
  const [rule] = rules;
  assert.deepEqual(
    [rule?.version, rule?.consecutive5xx, rule?.intervalMs, rule?.baseEjectionTimeMs],
    ['a', 5, 10_000, 30_000],
  );
  assert.deepEqual([rule?.maxEjectionPercent, rule?.endpoints], [10, null]);
});

test('hosts: short names, full ones, wildcards; the most specific applies', async () => {
  const counts = async (refs: string, ...rules: string[]) =>
    (await rulesOf(route(refs), ...rules)).rules.map(({ version, consecutive5xx }) => [
      version,
      consecutive5xx,
    ]);
  const after = (n: number) => detection(`consecutive5xxErrors: ${n}`);
  assert.deepEqual(await counts('{name: a, port: 80}', destination('x', 'a', after(1))), [['a', 1]]);
  assert.deepEqual(await counts('{name: a, port: 80}', destination('x', 'a', after(1), 'm')), []);
  assert.deepEqual(await counts('{name: a, port: 80}', destination('x', 'a.n', after(1))), []);
  assert.deepEqual(
    await counts(
      '{name: a, port: 80}, {name: b, port: 80}',
      destination('all', '*.n.svc.cluster.local', after(2)),
      destination('a', 'a.n.svc.cluster.local', after(3)),
    ),
    [
      ['a', 3],
      ['b', 2],
    ],
  );
  assert.deepEqual(
    await counts('{name: a, kind: InferencePool, group: x.io}', destination('a', 'a', after(1))),
    [],
  );
});

test('portLevelSettings of the port replace what is above, of another port they do not', async () => {
  const rule = destination(
    'a',
    'a',
    `trafficPolicy: {outlierDetection: {consecutive5xxErrors: 7}, portLevelSettings: [
      {port: {number: 80}, outlierDetection: {consecutive5xxErrors: 3}}, {port: {number: 81}}]}`,
  );
  const after = async (ref: string, ...more: string[]) =>
    (await rulesOf(route(ref), rule, ...more)).rules.map(({ consecutive5xx }) => consecutive5xx);
  assert.deepEqual(await after('{name: a, port: 80}'), [3]);
  assert.deepEqual(await after('{name: a, port: 81}'), []);
  assert.deepEqual(await after('{name: a, port: 82}'), [7]);
});

test("a destination without a port has its Service's only one", async () => {
  const rule = destination(
    'a',
    'a',
    'trafficPolicy: {portLevelSettings: [{port: {number: 8080}, outlierDetection: {consecutive5xxErrors: 3}}]}',
  );
  const to = virtualService('{destination: {host: a}}');
  assert.equal((await rulesOf(to, rule, service('a', 'app: a', '{port: 8080}'))).rules.length, 1);
  assert.equal((await rulesOf(to, rule)).rules.length, 0);
});

test('subsets: their own block, else what is above; one that is not defined has no rule', async () => {
  const { rules } = await rulesOf(
    virtualService(
      '{destination: {host: a, subset: v1}, weight: 1}, {destination: {host: a, subset: v2}, weight: 1}, {destination: {host: a, subset: v3}, weight: 1}',
    ),
    destination(
      'a',
      'a',
      `${detection('consecutive5xxErrors: 7')}, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}, ${detection('consecutive5xxErrors: 2')}}]`,
    ),
    service('a', 'app: a'),
    deployment('a-v1', 'app: a, version: v1', 4),
    deployment('a-v2', 'app: a, version: v2', 1),
    deployment('a-v2-more', 'app: a, version: v2, track: more', 2),
    deployment('a-v2-elsewhere', 'app: a, version: v2', 8, 'm'),
    deployment('b', 'app: b, version: v2', 8),
  );
  assert.deepEqual(
    rules.map(({ version, consecutive5xx, endpoints }) => [version, consecutive5xx, endpoints]),
    [
      ['a-v1', 7, 4],
      ['a-v2', 2, 3],
    ],
  );
});

test('endpoints are not known without a Service, its selector or a Deployment', async () => {
  const of = async (...more: string[]) =>
    (await rulesOf(route('{name: a, port: 80}'), destination('a', 'a', detection('')), ...more)).rules[0]
      ?.endpoints;
  assert.equal(await of(deployment('a', 'app: a', 3)), null);
  assert.equal(await of(service('a', ''), deployment('a', 'app: a', 3)), null);
  assert.equal(await of(service('a', 'app: a')), null);
  assert.equal(await of(service('a', 'app: a'), deployment('b', 'app: b', 3)), null);
  assert.equal(await of(service('a', 'app: a'), deployment('a', 'app: a', 0)), 0);
});

test('gateway errors alone leave the count of 5xx in force, and a panic threshold keeps ejected ones in: said', async () => {
  const notes = async (fields: string) =>
    (await rulesOf(route('{name: a, port: 80}'), destination('a', 'a', detection(fields)))).notes.map(
      ({ code, text }) => `${code} ${text}`,
    );
  assert.match(
    (await notes('consecutiveGatewayErrors: 3')).join(),
    /^ejection-rule Dest.* 5 × 5xx of any kind in a row eject as well/,
  );
  assert.deepEqual(await notes('consecutiveGatewayErrors: 3, consecutive5xxErrors: 0'), []);
  assert.match((await notes('minHealthPercent: 60')).join(), /fewer than 60 % .* to ejected ones too/);
});

test('error codes: only these count, said with the version of Istio that knows them', async () => {
  const of = async (fields: string) => {
    const { rules, notes } = await rulesOf(route('{name: a}'), destination('d', 'a', detection(fields)));
    return { rule: rules[0], notes: notes.map(({ text }) => text).join('\n') };
  };
  const { rule, notes } = await of('outlierDetectionHttpErrorCodes: [503, 429, 503]');
  assert.deepEqual(rule?.errorCodes, [503, 429]);
  assert.match(
    notes,
    /the only errors are 503, 429 \(outlierDetectionHttpErrorCodes\), as in Istio 1\.32; older/,
  );
  assert.equal((await of('outlierDetectionHttpErrorCodes: []')).rule?.errorCodes, null);
  const binding = await of('outlierDetectionHttpErrorCodes: [500, 502], consecutiveGatewayErrors: 2');
  assert.equal(binding.rule?.consecutiveGatewayErrors, 2);
  assert.match(binding.notes, /leaves Envoy's own count in force: 5 × 500, 502 in a row/);
  const never = await of('outlierDetectionHttpErrorCodes: [500], consecutiveGatewayErrors: 2');
  assert.equal(never.rule?.consecutiveGatewayErrors, 0);
  assert.match(
    never.notes,
    /consecutiveGatewayErrors ejects nothing: 502, 503 and 504 are not among the error codes/,
  );
});

test('split local origin errors have a count of their own', async () => {
  const of = async (fields: string) =>
    (await rulesOf(route('{name: a, port: 80}'), destination('a', 'a', detection(fields)))).rules[0]
      ?.consecutiveLocalOriginFailures;
  assert.equal(await of('consecutiveLocalOriginFailures: 4'), null);
  assert.equal(await of('splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 4'), 4);
  assert.equal(await of('splitExternalLocalOriginErrors: true'), 5);
});

test('bad values are named with file, resource and field; other blocks are not looked at', async () => {
  const of = (policy: string) => rulesOf(route('{name: a, port: 80}'), destination('a', 'a', policy));
  for (const [fields, message] of [
    [
      'interval: 5',
      /DestinationRule n\/a: spec\.trafficPolicy\.outlierDetection\.interval: 5 is not a duration/,
    ],
    ['interval: 0s', /interval: "0s" is not a duration of at least 1ms/],
    ['consecutive5xxErrors: "5"', /consecutive5xxErrors: "5" is not a whole number/],
    ['maxEjectionPercent: 101', /maxEjectionPercent: 101 is not a whole number from 0 to 100/],
  ] as const) {
    await assert.rejects(
      of(detection(fields)),
      (error: unknown) =>
        error instanceof UserError && message.test(error.message) && /document 2, line/.test(error.message),
      String(message),
    );
  }
  const other = await of('trafficPolicy: {connectionPool: {tcp: 7}, outlierDetection: {}}');
  assert.equal(other.rules.length, 1);
});

test("a version's own rule comes before that for all", () => {
  const [all, own] = [ruleWith(), ruleWith({ version: 'a' })];
  assert.equal(ruleFor([all, own], 'a'), own);
  assert.equal(ruleFor([all, own], 'b'), all);
  assert.equal(ruleFor([own], 'b'), null);
});

test('one backend under two names: their errors are counted together, so no ejections are compared', async () => {
  const named = (value: string) =>
    `{name: a, port: 80, filters: [{type: ResponseHeaderModifier, responseHeaderModifier: {set: [{name: x-weighbridge-version, value: "${value}"}]}}]}`;
  const refs = [named('a#1'), named('a#2'), '{name: b, port: 80}'].join(', ');
  const { rules, notes } = await rulesOf(
    route(refs),
    destination('d', 'a', detection('consecutive5xxErrors: 3')),
    destination('e', 'b', detection('consecutive5xxErrors: 3')),
  );
  assert.deepEqual(
    rules.map(({ version }) => version),
    ['b'],
  );
  assert.match(
    notes.map(({ text }) => text).join(),
    /^DestinationRule n\/d \(.*\): a#1 and a#2 are the same endpoints for the gateway, which counts their errors together: ejections are not compared with the rule\.$/,
  );
});
