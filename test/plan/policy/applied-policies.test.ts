/** Which policies apply to the selected rule, by the kind of gateway. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UserError } from '../../../src/errors.js';
import { caseText } from '../../support/cases.js';
import { planFromFlags } from '../../support/flags.js';

async function planOf(text: string) {
  const { policies, ejection, notes } = await planFromFlags('http://127.0.0.1:1', { manifest: '-' }, text);
  const texts = (code: string) => notes.filter((note) => note.code === code).map((note) => note.text);
  return { policies, ejection, texts, sources: policies.map(({ source }) => source.split(' (')[0]) };
}

const EG = caseText('eg-backend-traffic-policy');
const KGATEWAY = caseText('kgateway-backend-config');
const BESIDE = caseText('dr-beside-btp');

test('Envoy Gateway: one rule for all versions, merged from those of route and Gateway, over all endpoints', async () => {
  const { policies, ejection, texts, sources } = await planOf(EG);
  assert.deepEqual(sources, ['BackendTrafficPolicy shop/web', 'BackendTrafficPolicy shop/all']);
  assert.deepEqual(
    policies.map(({ host, scope }) => [host, scope]),
    [
      ['HTTPRoute shop/web', 'route'],
      ['Gateway shop/eg', 'route'],
    ],
  );
  const rule = {
    scope: 'route',
    source: 'BackendTrafficPolicy shop/web (standard input, line 21)',
    errorCodes: null,
    consecutive5xx: 3,
    // Of the Gateway's policy: the route's has none, and the field has no default.
    consecutiveGatewayErrors: 2,
    consecutiveLocalOriginFailures: null,
    intervalMs: 1000,
    baseEjectionTimeMs: 4000,
    maxEjectionPercent: 40,
    alwaysEjectsOne: false,
    minHealthPercent: 0,
    endpoints: 5,
    asked: false,
  };
  assert.deepEqual(ejection, [
    { version: 'web-v1', ...rule },
    { version: 'web-v2', ...rule },
  ]);
  const notes = texts('ejection-rule').join('\n');
  assert.match(notes, /endpoints of all versions of the rule in one cluster/);
  assert.match(notes, /success rate/);
});

test('Envoy Gateway: without mergeType the closest policy holds alone, with the defaults of the resource', async () => {
  const alone = await planOf(EG.replace('  mergeType: StrategicMerge\n', ''));
  assert.deepEqual(alone.sources, ['BackendTrafficPolicy shop/web']);
  assert.deepEqual(
    alone.ejection.map(({ consecutiveGatewayErrors }) => consecutiveGatewayErrors),
    [0, 0],
  );
  assert.match(alone.texts('policy-unused').join(), /shop\/all .* does not apply: .*shop\/web comes first/);
  const [rule] = (await planOf(BESIDE)).ejection;
  const { consecutive5xx, intervalMs, baseEjectionTimeMs, maxEjectionPercent, minHealthPercent } = rule ?? {};
  assert.deepEqual(
    [consecutive5xx, intervalMs, baseEjectionTimeMs, maxEjectionPercent, minHealthPercent],
    [5, 3000, 30_000, 10, 50],
  );
});

test('Envoy Gateway: of rule, route, listener and Gateway the first that has a policy', async () => {
  const target = (of: string) => `{group: gateway.networking.k8s.io, ${of}}`;
  const policy = (name: string, of: string, meta = '') => `---
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: BackendTrafficPolicy
metadata: {name: ${name}, namespace: shop${meta}}
spec: {targetRefs: [${target(of)}], circuitBreaker: {maxConnections: 1}}
`;
  const rest = EG.split('---\n').filter((text) => !text.includes('kind: BackendTrafficPolicy'));
  const levels = [
    policy('gateway', 'kind: Gateway, name: eg'),
    policy('listener', 'kind: Gateway, name: eg, sectionName: http'),
    policy('route', 'kind: HTTPRoute, name: web'),
    policy('rule', 'kind: HTTPRoute, name: web, sectionName: split'),
  ];
  for (const [i, name] of ['gateway', 'listener', 'route', 'rule'].entries()) {
    const { sources } = await planOf([...rest, ...levels.slice(0, i + 1)].join('---\n'));
    assert.deepEqual(sources, [`BackendTrafficPolicy shop/${name}`]);
  }
  const others = [
    policy('b', 'kind: HTTPRoute, name: web', ', creationTimestamp: "2024-02-01T00:00:00Z"'),
    policy('a', 'kind: HTTPRoute, name: web'),
    policy('other-rule', 'kind: HTTPRoute, name: web, sectionName: other'),
    policy('other-kind', 'kind: GRPCRoute, name: web'),
  ];
  const { sources, texts } = await planOf([...rest, ...others].join('---\n'));
  assert.deepEqual(sources, ['BackendTrafficPolicy shop/b'], 'the older one');
  assert.equal(texts('policy-unused').length, 1);
});

test('Envoy Gateway: a filter on a backendRef gives each version a cluster of its own', async () => {
  const filters =
    'weight: 90, filters: [{type: ResponseHeaderModifier, responseHeaderModifier: {set: [{name: a, value: b}]}}]}';
  const { ejection } = await planOf(EG.replace('weight: 90 }', filters));
  assert.deepEqual(
    ejection.map(({ scope, endpoints }) => [scope, endpoints]),
    [
      ['version', 3],
      ['version', 2],
    ],
  );
});

test('Envoy Gateway: a backend without weight is in no cluster, and Services are not ejected as endpoints', async () => {
  const { ejection } = await planOf(EG.replace('weight: 10 }', 'weight: 0 }'));
  assert.deepEqual(
    ejection.map(({ version, endpoints }) => [version, endpoints]),
    [['web-v1', 3]],
  );
  const services = await planOf(EG.replace('  healthCheck:', '  routingType: Service\n  healthCheck:'));
  assert.deepEqual(services.ejection, []);
  assert.match(services.texts('ejection-rule').join(), /ejects whole Services/);
});

test('kgateway: a rule per version; not all of several policies holds', async () => {
  const { ejection, sources, policies } = await planOf(KGATEWAY);
  assert.deepEqual(sources, ['BackendConfigPolicy shop/web', 'BackendConfigPolicy shop/web']);
  assert.deepEqual(
    policies.map(({ scope }) => scope),
    ['version', 'version'],
  );
  assert.deepEqual(
    ejection.map(({ version, scope, consecutive5xx, maxEjectionPercent, minHealthPercent, endpoints }) => [
      version,
      scope,
      consecutive5xx,
      maxEjectionPercent,
      minHealthPercent,
      endpoints,
    ]),
    [
      ['web-v1', 'version', 3, 50, 0, 3],
      ['web-v2', 'version', 3, 50, 0, 2],
    ],
  );
  const older = `---
apiVersion: gateway.kgateway.dev/v1alpha1
kind: BackendConfigPolicy
metadata: {name: older, namespace: shop, creationTimestamp: "2024-02-01T00:00:00Z"}
spec: {targetRefs: [{group: '', kind: Service, name: web-v2}], outlierDetection: {maxEjectionPercent: 100}}
`;
  const two = await planOf(KGATEWAY + older);
  assert.deepEqual(
    two.ejection.map(({ consecutive5xx, maxEjectionPercent }) => [consecutive5xx, maxEjectionPercent]),
    [
      [3, 50],
      [5, 100],
    ],
  );
  assert.match(two.texts('policy').join('\n'), /Service shop\/web-v2 has 2 BackendConfigPolicies/);
  const chance = await planOf(KGATEWAY.replace('interval: 1s', 'interval: 1s, enforcingConsecutive5xx: 20'));
  assert.deepEqual(chance.ejection, []);
  assert.match(chance.texts('ejection-rule').join(), /only 20 % of ejections are carried out/);
});

test('a DestinationRule is not judged by behind a gateway that does not go by it, and a note says so', async () => {
  const { ejection, texts } = await planOf(BESIDE);
  assert.deepEqual(
    ejection.map(({ source }) => source.split(' (')[0]),
    ['BackendTrafficPolicy shop/web', 'BackendTrafficPolicy shop/web'],
  );
  assert.match(
    texts('destination-rule-unused').join(),
    /^DestinationRule shop\/web-v2 \(standard input, line 19\) does not apply to web-v2\.shop\.svc\.cluster\.local: Gateway shop\/public of class eg is Envoy Gateway, which applies BackendTrafficPolicies\.$/,
  );
  const nginx = await planOf(BESIDE.replace('gatewayClassName: eg', 'gatewayClassName: nginx'));
  assert.deepEqual([nginx.policies, nginx.ejection], [[], []]);
  assert.match(
    nginx.texts('destination-rule-unused').join(),
    /NGINX Gateway Fabric, which applies other policies/,
  );
  assert.match(nginx.texts('policy-unused').join(), /^BackendTrafficPolicy shop\/web /);
});

test('Istio goes by the DestinationRule alone; an unknown gateway is taken for Istio, and a note says so', async () => {
  for (const [className, isKnown] of [
    ['istio', true],
    ['mine', false],
  ] as const) {
    const found = await planOf(BESIDE.replace('gatewayClassName: eg', `gatewayClassName: ${className}`));
    assert.deepEqual(found.sources, ['DestinationRule shop/web-v2']);
    assert.equal(found.texts('policy-unused').length, 1);
    assert.equal(found.texts('policies-assumed').length, isKnown ? 0 : 1);
    assert.deepEqual(
      found.ejection.map(({ version, scope }) => [version, scope]),
      [['web-v2', 'version']],
    );
  }
});

test('an unknown gateway goes by the only kind of policies that is there', async () => {
  const { sources, texts } = await planOf(EG.replace('gatewayClassName: eg', 'gatewayClassName: mine'));
  assert.deepEqual(sources, ['BackendTrafficPolicy shop/web', 'BackendTrafficPolicy shop/all']);
  assert.match(
    texts('policies-assumed').join(),
    /^The kind of Gateway shop\/eg of class mine is not known\. BackendTrafficPolicies are taken to apply, as with Envoy Gateway\.$/,
  );
});

test('targets by labels are not read, and what may change answers is said', async () => {
  const selecting = EG.replace(
    'targetRefs: [{ group: gateway.networking.k8s.io, kind: HTTPRoute, name: web }]',
    'targetSelectors: [{kind: HTTPRoute, matchLabels: {a: b}}]',
  );
  const { sources, texts } = await planOf(selecting);
  assert.deepEqual(sources, ['BackendTrafficPolicy shop/all']);
  assert.match(texts('policy-unused').join(), /shop\/web .* chooses targets by their labels/);
  const faulty = await planOf(
    EG.replace('  circuitBreaker:', '  faultInjection: {abort: {httpStatus: 500}}\n  circuitBreaker:'),
  );
  assert.match(
    faulty.texts('policy-not-read').join('\n'),
    /shop\/all .*: faultInjection may change who answers/,
  );
});

test('wrong values are errors with file, line and field', async () => {
  const wrong: [string, string, RegExp][] = [
    [
      'consecutive5XxErrors: 3',
      'consecutive5XxErrors: many',
      /line 29: .*passive\.consecutive5XxErrors: "many" is not a whole number/,
    ],
    ['interval: 1s', 'interval: 0s', /line 29: .*interval: "0s" is not a duration of at least 1ms/],
    ['interval: 1s', 'interval: 1', /passive\.interval: 1 is not text/],
    [
      'panicThreshold: 0',
      'panicThreshold: 101',
      /line 28: .*panicThreshold: 101 is not a whole number from 0 to 100/,
    ],
    ['passive: { consecutive5XxErrors: 3,', 'passive: [{consecutive5XxErrors: 3,', /./],
    ['mergeType: StrategicMerge', 'mergeType: Replace', /mergeType: "Replace" is not one of/],
    ['kind: HTTPRoute, name: web }]', 'name: web }]', /targetRefs\[0\]\.kind: is missing/],
  ];
  for (const [from, to, message] of wrong) {
    await assert.rejects(planOf(EG.replace(from, to)), { constructor: UserError, message });
  }
});

/** Values that a field may have, right and wrong. */
const anyValue = fc.oneof(
  fc.constantFrom('3s', '0s', '', 'x', null, true, -1, 0, 0.5, 7, 101, 2 ** 33, [], {}, [1], { a: 1 }),
  fc.jsonValue({ maxDepth: 1 }),
);

test('whatever the fields hold, a policy is read or refused with its place', async () => {
  let refused = 0;
  const fields = [
    'consecutive5XxErrors',
    'consecutiveGatewayErrors',
    'interval',
    'maxEjectionPercent',
  ] as const;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...fields, 'passive', 'healthCheck', 'targetRefs'),
      anyValue,
      async (key, value) => {
        const passive = { [key]: value };
        const healthCheck = key === 'passive' ? { passive: value } : { passive };
        const spec = {
          targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'web' }],
          healthCheck,
          ...(key === 'healthCheck' || key === 'targetRefs' ? { [key]: value } : {}),
        };
        const policy = {
          apiVersion: 'gateway.envoyproxy.io/v1alpha1',
          kind: 'BackendTrafficPolicy',
          metadata: { name: 'web', namespace: 'shop' },
          spec,
        };
        const [gateway, route] = BESIDE.split('---\n');
        try {
          const { ejection } = await planOf(`${gateway}---\n${route}---\n${JSON.stringify(policy)}`);
          for (const rule of ejection)
            assert.ok(rule.maxEjectionPercent > 0 && rule.maxEjectionPercent <= 100);
        } catch (error) {
          assert.ok(error instanceof UserError, (error as Error).stack);
          assert.match(error.message, /line \d+/);
          refused += 1;
        }
      },
    ),
    { numRuns: 300, seed: 22 },
  );
  assert.ok(refused > 50, String(refused));
});
