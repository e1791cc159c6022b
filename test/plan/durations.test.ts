/** Which durations each place takes: what the system behind it takes, and nothing else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '../../src/errors.js';
import { effectivePolicy } from '../../src/plan/policy/effective-policy.js';
import { parseDuration } from '../../src/plan/units.js';
import { readManifestTexts } from '../support/manifests.js';

const httpRoute = (rule: string) => `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: n}
spec: {rules: [{${rule}}]}
`;
const virtualService = (rule: string) => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: v, namespace: n}
spec: {hosts: [h], http: [{${rule}}]}
`;
const destinationRule = (policy: string) => `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: d, namespace: n}
spec: {host: a, trafficPolicy: {${policy}}}
`;

async function policyOf(text: string) {
  const set = await readManifestTexts(text);
  const client = { namespace: 'n', labels: {} };
  return effectivePolicy({ ...set, client }, { namespace: 'n', host: 'a.n.svc.cluster.local' }, 80, null);
}

type Take = (text: string) => unknown;

/** GEP-2257. */
const GATEWAY_API: Readonly<Record<string, Take>> = {
  'timeouts.request': (text) => readManifestTexts(httpRoute(`timeouts: {request: "${text}"}`)),
  'timeouts.backendRequest': (text) => readManifestTexts(httpRoute(`timeouts: {backendRequest: "${text}"}`)),
};
/** Go's time.ParseDuration, without a sign. */
const ISTIO: Readonly<Record<string, Take>> = {
  timeout: (text) => readManifestTexts(virtualService(`timeout: "${text}"`)),
  perTryTimeout: (text) => readManifestTexts(virtualService(`retries: {perTryTimeout: "${text}"}`)),
  fixedDelay: (text) => readManifestTexts(virtualService(`fault: {delay: {fixedDelay: "${text}"}}`)),
  connectTimeout: (text) => policyOf(destinationRule(`connectionPool: {tcp: {connectTimeout: "${text}"}}`)),
  ttl: (text) =>
    policyOf(
      destinationRule(`loadBalancer: {consistentHash: {httpCookie: {name: c, path: /, ttl: "${text}"}}}`),
    ),
};
const FLAGS: Readonly<Record<string, Take>> = { flag: (text) => parseDuration(text, '--flag') };

/** Text, and whether the Gateway API, Istio and flags take it. */
const TABLE: readonly [text: string, gatewayApi: boolean, istio: boolean, flags: boolean][] = [
  ['500ms', true, true, true],
  ['30s', true, true, true],
  ['1h30m', true, true, true],
  ['1h2m3s4ms', true, true, true],
  ['0s', true, true, true],
  ['0', false, true, true],
  ['10', false, false, true],
  ['1.5s', false, true, true],
  ['100us', false, true, true],
  ['100µs', false, true, true],
  ['100μs', false, true, true],
  ['100ns', false, true, false],
  ['.5s', false, true, false],
  ['1.s', false, true, false],
  ['123456s', false, true, true],
  ['1s1s1s1s1s', false, true, true],
  ['', false, false, false],
  ['-1s', false, false, false],
  ['1d', false, false, false],
  ['1 s', false, false, false],
  [' 1s', false, false, true],
  ['1s ', false, false, true],
  ['s', false, false, false],
  ['.s', false, false, false],
  ['1S', false, false, false],
  ['1e3s', false, false, false],
  ['99999999999999999999h', false, false, false],
];

async function takes(take: Take, text: string): Promise<boolean> {
  try {
    await take(text);
    return true;
  } catch (error) {
    assert.ok(error instanceof UserError, (error as Error).stack);
    return false;
  }
}

test('what each place takes', async () => {
  for (const [text, gatewayApi, istio, flags] of TABLE) {
    for (const [places, expected] of [
      [GATEWAY_API, gatewayApi],
      [ISTIO, istio],
      [FLAGS, flags],
    ] as const) {
      for (const [place, take] of Object.entries(places)) {
        assert.equal(await takes(take, text), expected, `${place}: '${text}'`);
      }
    }
  }
});
