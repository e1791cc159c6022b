import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Backend, ManifestSet, Route, RouteRule } from '../../../src/plan/manifests/model.js';
import { readManifestTexts } from '../../support/manifests.js';

const resource = (apiVersion: string, kind: string, spec: string, name = 'r') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}, namespace: n}\nspec: ${spec}\n`;
const httpRoute = (spec: string) => resource('gateway.networking.k8s.io/v1', 'HTTPRoute', spec);
const virtual = (spec: string) => resource('networking.istio.io/v1', 'VirtualService', spec);

async function onlyRoute(text: string): Promise<Route> {
  const { routes } = await readManifestTexts(text);
  assert.equal(routes.length, 1);
  return routes[0] as Route;
}

async function onlyRule(text: string): Promise<RouteRule> {
  const { rules } = await onlyRoute(text);
  assert.equal(rules.length, 1);
  return rules[0] as RouteRule;
}

const names = (backends: readonly Backend[]) => backends.map((backend) => backend.name);

test('HTTPRoute: matches, filters, timeouts, retry', async () => {
  const rule = await onlyRule(
    httpRoute(`
  hostnames: [Test.Example.COM, '*.example.org']
  parentRefs: [{name: gw, sectionName: https}, {name: other, namespace: infra, port: 8080}, {name: svc, kind: Service, group: ""}]
  rules:
    - name: canary
      matches:
        - path: {type: Exact, value: /api}
          method: POST
          headers: [{name: X-Canary, value: 'yes'}, {name: x-user, type: RegularExpression, value: 'u[0-9]+'}]
          queryParams: [{name: v, value: '2'}]
        - {path: {value: /b}}
        - {}
      filters:
        - type: ResponseHeaderModifier
          responseHeaderModifier: {set: [{name: X-Rule, value: r}], add: [{name: a, value: b}], remove: [x-gone]}
        - type: RequestMirror
          requestMirror: {backendRef: {name: shadow, port: 80}}
        - {type: URLRewrite, urlRewrite: {hostname: x}}
      timeouts: {request: 2s, backendRequest: 500ms}
      retry: {codes: [500, 503], backoff: 20ms}
      backendRefs:
        - {name: backend-v1, port: 80, weight: null}
        - name: pool
          group: inference.networking.k8s.io
          kind: InferencePool
          namespace: ml
          weight: 0
          filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: x, value: y}]}}]
`),
  );
  assert.equal(rule.name, 'canary');
  assert.equal(rule.line, 8);
  assert.deepEqual(rule.matches, [
    {
      path: { type: 'Exact', value: '/api' },
      method: 'POST',
      headers: [
        { name: 'x-canary', type: 'Exact', value: 'yes' },
        { name: 'x-user', type: 'RegularExpression', value: 'u[0-9]+' },
      ],
      queryParams: [{ name: 'v', type: 'Exact', value: '2' }],
      other: [],
    },
    { path: { type: 'PathPrefix', value: '/b' }, method: null, headers: [], queryParams: [], other: [] },
    { path: null, method: null, headers: [], queryParams: [], other: [] },
  ]);
  assert.deepEqual(rule.responseHeaders, {
    set: [['x-rule', 'r']],
    add: [['a', 'b']],
    remove: ['x-gone'],
  });
  assert.deepEqual(names(rule.mirrors), ['shadow']);
  assert.deepEqual(rule.timeouts, { requestMs: 2000, backendRequestMs: 500 });
  assert.deepEqual(rule.retries, {
    attempts: 2,
    retryOn: 'connect-failure,refused-stream,unavailable,cancelled,500,503',
    perTryTimeoutMs: 500,
    backoffMs: 20,
  });
  const [first, second] = rule.backends as [Backend, Backend];
  assert.deepEqual(
    [first.name, first.kind, first.namespace, first.port, first.weight],
    ['backend-v1', 'Service', 'n', 80, 1],
  );
  assert.deepEqual(
    [second.name, second.group, second.kind, second.namespace, second.port, second.weight],
    ['pool', 'inference.networking.k8s.io', 'InferencePool', 'ml', null, 0],
  );
  assert.deepEqual(second.requestHeaders?.set, [['x', 'y']]);
});

test('HTTPRoute: hostnames in lower case, parents that are Gateways, v1beta1, redirect, unknown filter', async () => {
  const spec = `{hostnames: [Test.Example.COM, "*.b"], parentRefs: [{name: gw, sectionName: s}, {name: o, namespace: i, port: 81}, {name: svc, kind: Service}],
  rules: [{filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}, {type: ExtensionRef, extensionRef: {name: x}}]}]}`;
  const set = await readManifestTexts(resource('gateway.networking.k8s.io/v1beta1', 'HTTPRoute', spec));
  const route = set.routes[0] as Route;
  assert.deepEqual(route.hostnames, ['test.example.com', '*.b']);
  assert.deepEqual(route.parents, [
    { name: 'gw', namespace: 'n', sectionName: 's', port: null },
    { name: 'o', namespace: 'i', sectionName: null, port: 81 },
  ]);
  assert.equal(route.rules[0]?.answersItself, 'RequestRedirect');
  assert.match(
    set.skipped.join(),
    /spec\.rules\[0\]\.filters\[1\]: a filter of type ExtensionRef is not read/,
  );
});

test('backends of one rule have names of their own', async () => {
  const refs = async (list: string) =>
    names((await onlyRule(httpRoute(`{rules: [{backendRefs: [${list}]}]}`))).backends);
  assert.deepEqual(await refs('{name: a, port: 80}, {name: a, port: 80}'), ['a', 'a']);
  assert.deepEqual(await refs('{name: a, port: 80}, {name: a, port: 81}'), ['a:80', 'a:81']);
  assert.deepEqual(await refs('{name: a}, {name: a, namespace: m}, {name: b}'), ['n/a', 'm/a', 'b']);
  assert.deepEqual(await refs('{name: a}, {name: a, kind: ServiceImport, group: x.io}'), [
    'Service.core/a',
    'ServiceImport.x.io/a',
  ]);
});

test('VirtualService: destinations are named host-subset; one alone gets all; unset weights are 0', async () => {
  const destinations = async (list: string) =>
    (await onlyRule(virtual(`{hosts: [h], http: [{route: [${list}]}]}`))).backends;
  const of = (host: string, more = '') => `{destination: {host: ${host}${more}}, weight: 1}`;
  const subsets = [of('backend', ', subset: v1'), of('backend.n.svc.cluster.local', ', subset: v2')].join();
  const backends = await destinations(subsets);
  assert.deepEqual(names(backends), ['backend-v1', 'backend-v2']);
  assert.deepEqual(
    backends.map(({ refName, namespace, kind, subset }) => [refName, namespace, kind, subset]),
    [
      ['backend', 'n', 'Service', 'v1'],
      ['backend', 'n', 'Service', 'v2'],
    ],
  );
  assert.deepEqual(names(await destinations(`${of('a')}, ${of('a.m.svc.cluster.local')}`)), ['n/a', 'm/a']);
  assert.deepEqual(names(await destinations(`${of('www.example.com')}, ${of('other')}`)), ['www', 'other']);
  assert.deepEqual(names(await destinations(`${of('a.example.com')}, ${of('a.example.org')}`)), [
    'a.example.com',
    'a.example.org',
  ]);
  const [alone] = await destinations('{destination: {host: a}}');
  assert.equal(alone?.weight, 100);
  const weights = (await destinations('{destination: {host: a}}, {destination: {host: b}, weight: 3}')).map(
    ({ weight }) => weight,
  );
  assert.deepEqual(weights, [0, 3]);
});

test('VirtualService: match, headers, retries, fault, mirror, redirect', async () => {
  const route = await onlyRoute(
    virtual(`
  hosts: [a.example.com]
  gateways: [classic, infra/public, mesh]
  http:
    - name: one
      match:
        - uri: {prefix: /off}
          method: {exact: GET}
          headers: {X-User: {regex: 'u.*'}, x-any: {}}
          queryParams: {q: {exact: '1'}}
        - {uri: {regex: '/r[0-9]+'}, sourceLabels: {app: x}, method: {prefix: P}}
      headers: {response: {set: {x-rule: r}, remove: [x-gone]}}
      retries: {attempts: 3, retryOn: '5xx,503', perTryTimeout: 2s}
      timeout: 5s
      fault: {abort: {httpStatus: 503, percentage: {value: 20}}, delay: {fixedDelay: 0.05s, percentage: {value: 10}}}
      mirror: {host: shadow}
      route: [{destination: {host: b, port: {number: 8080}}, headers: {response: {add: {x-version: v1}}}}]
    - redirect: {uri: /}
`),
  );
  assert.deepEqual(
    route.parents.map(({ name, namespace }) => `${namespace}/${name}`),
    ['n/classic', 'infra/public', 'n/mesh'],
  );
  const [one, two] = route.rules as [RouteRule, RouteRule];
  assert.deepEqual(one.matches[0], {
    path: { type: 'TextPrefix', value: '/off' },
    ignorePathCase: false,
    method: 'GET',
    headers: [
      { name: 'x-user', type: 'RegularExpression', value: 'u.*' },
      { name: 'x-any', type: 'Present', value: '' },
    ],
    withoutHeaders: [],
    queryParams: [{ name: 'q', type: 'Exact', value: '1' }],
    arrival: null,
    other: [],
  });
  assert.deepEqual(one.matches[1], {
    path: { type: 'RegularExpression', value: '/r[0-9]+' },
    ignorePathCase: false,
    method: null,
    headers: [{ name: ':method', type: 'TextPrefix', value: 'P' }],
    withoutHeaders: [],
    queryParams: [],
    arrival: { gateways: [], port: null, sourceLabels: { app: 'x' }, sourceNamespace: null },
    other: [],
  });
  assert.deepEqual(one.responseHeaders, { set: [['x-rule', 'r']], add: [], remove: ['x-gone'] });
  assert.deepEqual(one.backends[0]?.responseHeaders?.add, [['x-version', 'v1']]);
  assert.equal(one.backends[0]?.port, 8080);
  assert.deepEqual(one.retries, { attempts: 3, retryOn: '5xx,503', perTryTimeoutMs: 2000, backoffMs: null });
  assert.equal(one.timeouts.requestMs, 5000);
  assert.deepEqual(one.fault, {
    abort: { httpStatus: 503, percent: 20 },
    delay: { fixedDelayMs: 50, percent: 10 },
  });
  assert.deepEqual(names(one.mirrors), ['shadow']);
  assert.equal(two.answersItself, 'redirect');
});

test('GRPCRoute: methods become paths', async () => {
  const method = async (text: string) => {
    const route = resource(
      'gateway.networking.k8s.io/v1alpha2',
      'GRPCRoute',
      `{rules: [{matches: [{method: ${text}}]}]}`,
    );
    return (await onlyRule(route)).matches[0]?.path;
  };
  assert.deepEqual(await method('{service: lab.Echo, method: Say}'), {
    type: 'Exact',
    value: '/lab.Echo/Say',
  });
  assert.deepEqual(await method('{service: lab.Echo}'), { type: 'TextPrefix', value: '/lab.Echo/' });
  assert.deepEqual(await method('{method: Say}'), { type: 'RegularExpression', value: '/[^/]+/Say' });
  assert.equal(await method('{}'), null);
});

test('Gateways of both groups, Service, Deployment', async () => {
  const set = await readManifestTexts(
    `${resource('gateway.networking.k8s.io/v1', 'Gateway', '{listeners: [{name: s, hostname: "*.A.b", port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: cert}]}}], addresses: [{value: 192.0.2.1}, {type: IPAddress}]}', 'gw')}status: {addresses: [{value: "2001:db8::1"}, {type: Hostname, value: lb.example.com}]}\n`,
    resource(
      'networking.istio.io/v1alpha3',
      'Gateway',
      '{servers: [{port: {number: 443, name: https, protocol: https}, hosts: [n/a.b, "*"], tls: {mode: SIMPLE, credentialName: c}}]}',
      'gw',
    ),
    resource(
      'v1',
      'Service',
      '{selector: {app: x}, ports: [{port: 80, targetPort: http}, {name: g, port: 81, targetPort: 5678, appProtocol: grpc}]}',
      's',
    ),
    resource(
      'apps/v1',
      'Deployment',
      '{template: {metadata: {labels: {app: x}}, spec: {containers: [{args: ["-text=hi"], ports: [{containerPort: 5678}]}]}}}',
      'd',
    ),
  );
  const [modern, classic] = set.gateways;
  assert.deepEqual(modern?.listeners, [
    {
      name: 's',
      hostname: '*.a.b',
      port: 443,
      protocol: 'HTTPS',
      certificates: ['cert'],
      routesFrom: 'n',
    },
  ]);
  assert.deepEqual(modern?.statusAddresses, ['2001:db8::1', 'lb.example.com']);
  assert.deepEqual(modern?.specAddresses, ['192.0.2.1']);
  assert.equal(classic?.family.group, 'networking.istio.io');
  assert.deepEqual(classic?.listeners, [
    { name: 'https', hostname: 'a.b', port: 443, protocol: 'HTTPS', certificates: ['c'], routesFrom: 'n' },
    { name: 'https', hostname: null, port: 443, protocol: 'HTTPS', certificates: ['c'] },
  ]);
  assert.deepEqual(set.services[0]?.ports, [
    { name: null, port: 80, targetPort: 'http', appProtocol: null },
    { name: 'g', port: 81, targetPort: 5678, appProtocol: 'grpc' },
  ]);
  const [pods] = set.deployments;
  assert.deepEqual([pods?.replicas, pods?.podLabels, pods?.args], [1, { app: 'x' }, ['-text=hi']]);
});

test('DestinationRule policies are kept as they are written, with anchors and merge keys followed', async () => {
  const set = await readManifestTexts(
    resource(
      'networking.istio.io/v1beta1',
      'DestinationRule',
      `
  host: Backend
  trafficPolicy: &policy {loadBalancer: {simple: RANDOM}, outlierDetection: {}, tls: null}
  subsets:
    - {name: v1, labels: {version: v1}}
    - {name: v2, trafficPolicy: {<<: *policy, loadBalancer: {simple: ROUND_ROBIN}}}
`,
    ),
  );
  const [rule] = set.destinationRules;
  assert.equal(rule?.host, 'backend');
  assert.deepEqual(rule?.trafficPolicy?.plainMap(), {
    loadBalancer: { simple: 'RANDOM' },
    outlierDetection: {},
  });
  const subsets = rule?.subsets.map(({ trafficPolicy, ...rest }) => ({
    ...rest,
    trafficPolicy: trafficPolicy?.plainMap() ?? null,
  }));
  assert.deepEqual(subsets, [
    { name: 'v1', labels: { version: 'v1' }, trafficPolicy: null },
    {
      name: 'v2',
      labels: {},
      trafficPolicy: { loadBalancer: { simple: 'ROUND_ROBIN' }, outlierDetection: {} },
    },
  ]);
});

test('lists are unrolled: List, typed lists with and without kinds on their items', async () => {
  const item = { metadata: { name: 'a' }, spec: { hostnames: ['a'] } };
  const typed = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute' };
  const hosts = (set: ManifestSet) => set.routes.map(({ hostnames }) => hostnames[0]);
  for (const list of [
    { apiVersion: 'v1', kind: 'List', items: [{ ...typed, ...item }] },
    { ...typed, kind: 'HTTPRouteList', items: [{ ...typed, ...item }] },
    { ...typed, kind: 'HTTPRouteList', items: [item] },
  ]) {
    assert.deepEqual(hosts(await readManifestTexts(JSON.stringify(list, null, 1))), ['a']);
  }
});

test('what is not read is named: kinds, groups, versions, earlier definitions', async () => {
  const set = await readManifestTexts(
    resource('v1', 'ConfigMap', '{}'),
    resource('example.com/v1', 'Gateway', '{}'),
    resource('gateway.networking.k8s.io/v1alpha2', 'HTTPRoute', '{}'),
    httpRoute('{hostnames: [old]}'),
    httpRoute('{hostnames: [new]}'),
    virtual('{hosts: [h], tcp: [{}]}'),
  );
  assert.deepEqual(
    set.routes.map(({ hostnames }) => hostnames[0]),
    ['new', 'h.n.svc.cluster.local'],
  );
  const [kind, group, version, tcp, again] = set.skipped as [string, string, string, string, string];
  assert.equal(set.skipped.length, 5);
  assert.match(kind, /document 1, line 1: ConfigMap r skipped: this kind is not read/);
  assert.match(
    group,
    /Gateway is read only of gateway\.networking\.k8s\.io and networking\.istio\.io, not of example/,
  );
  assert.match(version, /version v1alpha2 is not read \(v1, v1beta1 are\)/);
  assert.match(tcp, /VirtualService n\/r: its tcp routes are not read/);
  assert.match(again, /HTTPRoute n\/r skipped: standard input line \d+ has it again, and that one is used/);
});

test('VirtualService: how much a mirror gets', async () => {
  const percents = async (fields: string) => {
    const { mirrors } = await onlyRule(
      virtual(`{hosts: [a], http: [{route: [{destination: {host: a}}], ${fields}}]}`),
    );
    return mirrors.map(({ name, percent }) => [name, percent]);
  };
  assert.deepEqual(await percents('mirror: {host: s}'), [['s', 100]]);
  assert.deepEqual(await percents('mirror: {host: s}, mirrorPercentage: {value: 0.5}'), [['s', 0.5]]);
  assert.deepEqual(await percents('mirror: {host: s}, mirrorPercentage: {}'), [['s', 0]]);
  assert.deepEqual(await percents('mirror: {host: s}, mirrorPercent: 20'), [['s', 20]]);
  assert.deepEqual(await percents('mirror: {host: s}, mirror_percent: 30'), [['s', 30]]);
  assert.deepEqual(await percents('mirror: {host: s}, mirrorPercent: 200'), [['s', 100]]);
  assert.deepEqual(await percents('mirror: {host: s}, mirrorPercent: 20, mirrorPercentage: {value: 5}'), [
    ['s', 5],
  ]);
  assert.deepEqual(
    await percents('mirrors: [{destination: {host: s}, percentage: {value: 10}}, {destination: {host: t}}]'),
    [
      ['s', 10],
      ['t', 100],
    ],
  );
  await assert.rejects(
    percents('mirror: {host: s}, mirrorPercentage: {value: 101}'),
    /mirrorPercentage.value: 101 is not a number from 0 to 100/,
  );
  await assert.rejects(
    percents('mirror: {host: s}, mirrorPercentage: 5'),
    /mirrorPercentage: 5 is not a map/,
  );
});
