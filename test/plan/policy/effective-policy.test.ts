import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '../../../src/errors.js';
import type { DestinationRule } from '../../../src/plan/manifests/model.js';
import { UNLIMITED } from '../../../src/plan/policy/connection-pool.js';
import type { ClientRules } from '../../../src/plan/policy/destination-rules.js';
import { effectivePolicy } from '../../../src/plan/policy/effective-policy.js';
import { fieldOf, readManifestTexts } from '../../support/manifests.js';

type Policy = Record<string, unknown>;

/** The gateway's pods. */
const CLIENT = { namespace: 'gateways', labels: {} };
const SERVICE = { namespace: 'shop', host: 'cart.shop.svc.cluster.local' };

function policyField(trafficPolicy: Policy) {
  return fieldOf({ trafficPolicy }, 'DestinationRule shop/cart').get('trafficPolicy');
}

function rule(
  host: string,
  trafficPolicy: Policy | null,
  more: Partial<DestinationRule> = {},
): DestinationRule {
  return {
    ref: {
      kind: 'DestinationRule',
      apiVersion: 'networking.istio.io/v1',
      name: 'cart',
      namespace: 'shop',
      source: { file: 'rules.yaml', document: 2, line: 14 },
      createdAt: null,
    },
    host,
    trafficPolicy: trafficPolicy === null ? null : policyField(trafficPolicy),
    exportTo: [],
    workloadSelector: null,
    subsets: [],
    ...more,
  };
}

function setOf(...destinationRules: DestinationRule[]): ClientRules {
  return { destinationRules, client: CLIENT };
}

function policyOf(trafficPolicy: Policy) {
  return effectivePolicy(setOf(rule(SERVICE.host, trafficPolicy)), SERVICE, 80, null);
}

const ROUND_ROBIN = { loadBalancer: { simple: 'ROUND_ROBIN' } };

test('without a DestinationRule everything is a default of Istio, and said so', () => {
  const policy = effectivePolicy(setOf(), SERVICE, 80, null);
  assert.deepEqual(policy.loadBalancer, { policy: 'LEAST_REQUEST', warmup: null });
  assert.equal(policy.outlierDetection, null);
  assert.equal(policy.connectionPool.maxConnections, UNLIMITED);
  assert.equal(policy.connectionPool.http2MaxRequests, UNLIMITED);
  assert.equal(policy.connectionPool.maxRequestsPerConnection, null);
  assert.deepEqual(policy.defaults, [
    "cart.shop.svc.cluster.local has no DestinationRule: LEAST_REQUEST, no limits (2^32-1), no outlier detection, connect timeout 10s (Istio's defaults)",
  ]);
});

test('the samples policy is read as it stands', () => {
  const policy = policyOf({
    ...ROUND_ROBIN,
    connectionPool: {
      tcp: { maxConnections: 100, connectTimeout: '1.5s' },
      http: { http1MaxPendingRequests: 50, http2MaxRequests: 100, maxRequestsPerConnection: 2 },
    },
    outlierDetection: {
      consecutive5xxErrors: 5,
      interval: '30s',
      baseEjectionTime: '1m30s',
      maxEjectionPercent: 50,
    },
  });
  assert.equal(policy.connectionPool.maxConnections, 100);
  assert.equal(policy.connectionPool.connectTimeoutMs, 1500);
  assert.equal(policy.connectionPool.http1MaxPendingRequests, 50);
  assert.equal(policy.connectionPool.maxRequestsPerConnection, 2);
  assert.equal(policy.outlierDetection?.baseEjectionTimeMs, 90_000);
  assert.equal(policy.outlierDetection?.maxEjectionPercent, 50);
  assert.equal(policy.loadBalancer.policy, 'ROUND_ROBIN');
  assert.deepEqual(policy.defaults, [
    "connectionPool of DestinationRule shop/cart: no limit (2^32-1) for http.maxRetries (Istio's default)",
  ]);
});

test('an empty outlierDetection is on, with the defaults of Envoy', () => {
  const policy = policyOf({ outlierDetection: {} });
  assert.deepEqual(policy.outlierDetection, {
    errorCodes: null,
    consecutive5xxErrors: 5,
    consecutiveGatewayErrors: 0,
    consecutiveLocalOriginFailures: null,
    splitExternalLocalOriginErrors: false,
    intervalMs: 10_000,
    baseEjectionTimeMs: 30_000,
    maxEjectionPercent: 10,
    alwaysEjectsOne: false,
    minHealthPercent: 0,
    ejectsBySuccessRate: false,
    failurePercentage: null,
    given: [],
  });
  assert.ok(
    policy.defaults.includes(
      "outlierDetection.maxEjectionPercent of DestinationRule shop/cart: 10 (Envoy's default)",
    ),
  );
});

test('gateway errors alone leave the count of 5xx in force', () => {
  const detection = policyOf({ outlierDetection: { consecutiveGatewayErrors: 3 } }).outlierDetection;
  assert.equal(detection?.consecutiveGatewayErrors, 3);
  assert.equal(detection?.consecutive5xxErrors, 5);
  assert.deepEqual(detection?.given, ['consecutiveGatewayErrors']);
});

test('local origin failures count only when they are split off', () => {
  const alone = policyOf({ outlierDetection: { consecutiveLocalOriginFailures: 4 } });
  assert.equal(alone.outlierDetection?.consecutiveLocalOriginFailures, null);
  assert.match(alone.notes.join('\n'), /no effect without splitExternalLocalOriginErrors/);
  const split = policyOf({
    outlierDetection: { consecutiveLocalOriginFailures: 4, splitExternalLocalOriginErrors: true },
  });
  assert.equal(split.outlierDetection?.consecutiveLocalOriginFailures, 4);
});

test('settings for the port replace the whole policy above them', () => {
  const set = setOf(
    rule(SERVICE.host, {
      ...ROUND_ROBIN,
      outlierDetection: { consecutive5xxErrors: 3 },
      portLevelSettings: [{ port: { number: 80 }, connectionPool: { tcp: { maxConnections: 9 } } }],
    }),
  );
  const onPort = effectivePolicy(set, SERVICE, 80, null);
  assert.equal(onPort.connectionPool.maxConnections, 9);
  assert.equal(onPort.outlierDetection, null);
  assert.equal(onPort.loadBalancer.policy, 'LEAST_REQUEST');
  const elsewhere = effectivePolicy(set, SERVICE, 81, null);
  assert.equal(elsewhere.connectionPool.maxConnections, UNLIMITED);
  assert.equal(elsewhere.outlierDetection?.consecutive5xxErrors, 3);
});

test("a subset's block replaces the parent's block and inherits the others", () => {
  const set = setOf(
    rule(
      'cart',
      {
        ...ROUND_ROBIN,
        connectionPool: { tcp: { maxConnections: 100 }, http: { maxRequestsPerConnection: 2 } },
        outlierDetection: { consecutive5xxErrors: 3 },
      },
      {
        subsets: [
          { name: 'v1', labels: { version: 'v1' }, trafficPolicy: null },
          {
            name: 'v2',
            labels: { version: 'v2' },
            trafficPolicy: policyField({ connectionPool: { http: { http1MaxPendingRequests: 7 } } }),
          },
        ],
      },
    ),
  );
  const v1 = effectivePolicy(set, SERVICE, 80, 'v1');
  assert.equal(v1.connectionPool.maxConnections, 100);
  const v2 = effectivePolicy(set, SERVICE, 80, 'v2');
  assert.equal(v2.connectionPool.maxConnections, UNLIMITED);
  assert.equal(v2.connectionPool.http1MaxPendingRequests, 7);
  assert.equal(v2.connectionPool.maxRequestsPerConnection, null);
  assert.equal(v2.outlierDetection?.consecutive5xxErrors, 3);
  assert.equal(v2.loadBalancer.policy, 'ROUND_ROBIN');
  assert.deepEqual(v2.subsetLabels, { version: 'v2' });
  assert.equal(effectivePolicy(set, SERVICE, 80, 'v3').subsetLabels, null);
});

test('a host is found by short name in its namespace, full name and wildcard, but not by name.namespace', () => {
  const applies = (host: string, namespace = 'shop') => {
    const plain = rule(host, ROUND_ROBIN);
    const moved = { ...plain, ref: { ...plain.ref, namespace } };
    return effectivePolicy(setOf(moved), SERVICE, 80, null).loadBalancer.policy === 'ROUND_ROBIN';
  };
  assert.equal(applies('cart'), true);
  assert.equal(applies('cart', 'other'), false);
  assert.equal(applies('cart.shop.svc.cluster.local', 'other'), false);
  assert.equal(applies('cart.shop.svc.cluster.local', 'gateways'), true);
  assert.equal(applies('cart.shop.svc.cluster.local', 'istio-system'), true);
  assert.equal(applies('*.shop.svc.cluster.local'), true);
  assert.equal(applies('*'), true);
  assert.equal(applies('*.other.svc.cluster.local'), false);
  assert.equal(applies('cart.shop'), false);
});

test('the most specific host wins, then the rule in the namespace of the service', () => {
  const random = { loadBalancer: { simple: 'RANDOM' } };
  const set = setOf(rule('*.shop.svc.cluster.local', random), rule('cart', ROUND_ROBIN));
  assert.equal(effectivePolicy(set, SERVICE, 80, null).loadBalancer.policy, 'ROUND_ROBIN');
  const foreign = rule(SERVICE.host, random);
  const both = setOf(
    { ...foreign, ref: { ...foreign.ref, namespace: 'other' } },
    rule(SERVICE.host, ROUND_ROBIN),
  );
  assert.equal(effectivePolicy(both, SERVICE, 80, null).loadBalancer.policy, 'ROUND_ROBIN');
});

test('consistent hash and warm-up are read', () => {
  assert.deepEqual(
    policyOf({ loadBalancer: { consistentHash: { httpHeaderName: 'x-user' } } }).loadBalancer,
    { policy: 'RING_HASH', hashOn: { header: 'x-user' }, minimumRingSize: 1024 },
  );
  assert.deepEqual(
    policyOf({ loadBalancer: { simple: 'ROUND_ROBIN', warmup: { duration: '30s' } } }).loadBalancer,
    { policy: 'ROUND_ROBIN', warmup: { durationMs: 30_000, minimumPercent: 10, aggression: 1 } },
  );
});

test('a bad value names file, line, resource and field', () => {
  const bad: [Policy, RegExp][] = [
    [{ outlierDetection: { interval: 30 } }, /outlierDetection\.interval: 30 is not a duration/],
    [
      { outlierDetection: { interval: '0s' } },
      /outlierDetection\.interval: "0s" is not a duration of at least/,
    ],
    [{ outlierDetection: { maxEjectionPercent: 101 } }, /maxEjectionPercent: 101 is not a whole number/],
    [{ outlierDetection: { outlierDetectionHttpErrorCodes: 503 } }, /HttpErrorCodes: 503 is not a list/],
    [
      { outlierDetection: { outlierDetectionHttpErrorCodes: ['503'] } },
      /HttpErrorCodes\[0\]: "503" is not a whole number from 100 to 599/,
    ],
    [{ outlierDetection: { outlierDetectionHttpErrorCodes: [null] } }, /HttpErrorCodes\[0\]: is missing/],
    [{ outlierDetection: [] }, /trafficPolicy\.outlierDetection: a list is not a map/],
    [{ connectionPool: { tcp: { maxConnections: '100' } } }, /tcp\.maxConnections: "100" is not a whole/],
    [{ connectionPool: { http: { maxRetries: -1 } } }, /http\.maxRetries: -1 is not a whole number/],
    [
      { connectionPool: { http: { h2UpgradePolicy: 'YES' } } },
      /h2UpgradePolicy: "YES" is not one of DEFAULT, UPGRADE/,
    ],
    [{ loadBalancer: { simple: 'FASTEST' } }, /loadBalancer\.simple: "FASTEST" is not one of/],
    [{ portLevelSettings: {} }, /portLevelSettings: a map is not a list/],
    [{ portLevelSettings: [1] }, /portLevelSettings\[0\]: 1 is not a map/],
  ];
  for (const [policy, message] of bad) {
    assert.throws(
      () => policyOf(policy),
      (error: Error) => {
        assert.ok(error instanceof UserError, error.stack);
        assert.match(error.message, message);
        assert.match(error.message, /^rules\.yaml: document 2, line 14: DestinationRule shop\/cart: /);
        return true;
      },
    );
  }
});

test('what is not applied is named', () => {
  const { notes } = policyOf({ tls: { mode: 'ISTIO_MUTUAL' }, outlierDetection: { consecutiveErrors: 5 } });
  assert.match(notes.join('\n'), /trafficPolicy\.tls is not applied by the lab/);
  assert.match(notes.join('\n'), /consecutiveErrors is no longer read by Istio/);
});

test('a bad value is found on its own line, also in a subset and for a port', async () => {
  const text = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart, namespace: shop}
spec:
  host: cart
  trafficPolicy:
    outlierDetection:
      interval: BASE
    portLevelSettings:
      - port: {number: 81}
        connectionPool:
          http:
            idleTimeout: PORT
  subsets:
    - name: v1
      trafficPolicy:
        loadBalancer:
          simple: SUBSET
`;
  const good = { BASE: '10s', PORT: '1m', SUBSET: 'RANDOM' };
  for (const [word, port, problem] of [
    ['BASE', 80, 'line 8: DestinationRule shop/cart: spec.trafficPolicy.outlierDetection.interval: "bad"'],
    [
      'PORT',
      81,
      'line 13: DestinationRule shop/cart: spec.trafficPolicy.portLevelSettings[0].connectionPool.http.idleTimeout: "bad"',
    ],
    [
      'SUBSET',
      80,
      'line 18: DestinationRule shop/cart: spec.subsets[0].trafficPolicy.loadBalancer.simple: "bad"',
    ],
  ] as const) {
    const values = { ...good, [word]: 'bad' };
    const set = await readManifestTexts(text.replace(/BASE|PORT|SUBSET/g, (key) => values[key as 'BASE']));
    assert.throws(
      () => effectivePolicy({ ...set, client: CLIENT }, SERVICE, port, 'v1'),
      (error: Error) =>
        error instanceof UserError && error.message.startsWith(`standard input: document 1, ${problem} is n`),
      problem,
    );
  }
});

test('policies may be read any number of times: what was read is counted once', async () => {
  const set = setOf(rule(SERVICE.host, { outlierDetection: { interval: '10s' } }));
  for (let i = 0; i < 200_000; i += 1) effectivePolicy(set, SERVICE, 80, null);
});
