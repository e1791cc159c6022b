import type { IdentifyPlan, PresetName } from '../../../src/plan/plan.js';
import { compileIdentifier } from '../../../src/probes/identifier/identifier.js';
import type { Reading } from '../../../src/probes/identifier/reading-cache.js';

/** An identify plan that reads nothing, but for what is given. */
export function identifyPlan(part: Partial<IdentifyPlan>): IdentifyPlan {
  return {
    version: { from: 'none' },
    endpoint: { from: 'none' },
    bodyLimitBytes: 65_536,
    candidates: [],
    upstreamTimeStamped: false,
    ...part,
  };
}

/** What a preset reads in a body. */
export function readBy(
  preset: PresetName,
  body: string | Buffer,
  candidates: readonly string[] = [],
  kind: 'answer' | 'doubtful' | 'cut' = 'answer',
): Reading {
  const source = { from: 'preset', preset } as const;
  const identifier = compileIdentifier(identifyPlan({ version: source, endpoint: source, candidates }));
  return identifier.read([], Buffer.from(body), kind);
}

export const PODINFO_BODY = JSON.stringify(
  {
    hostname: 'podinfo-canary-5d4f8c7b9-x2x4z',
    version: '6.7.0',
    revision: 'unknown',
    color: '#34577c',
    message: 'greetings from podinfo "version": "0.0.0"',
    runtime: 'go1.22.5',
    num_cpu: '4',
  },
  null,
  2,
);

export const ISTIO_ECHO_BODY = [
  'ServiceVersion=v1',
  'ServicePort=8080',
  'Host=test.devopscube.com',
  'URL=/',
  'Method=GET',
  'Proto=HTTP/1.1',
  'RequestHeader=Accept:*/*',
  'RequestHeader=X-Version:v9',
  'Hostname=echo-v1-5d4f8c7b9-x2x4z',
  '',
].join('\n');

export const GATEWAY_API_ECHO_BODY = JSON.stringify(
  {
    path: '/',
    host: 'test.devopscube.com',
    method: 'GET',
    proto: 'HTTP/1.1',
    headers: { Accept: ['*/*'], 'X-Request-Id': ['3f2a'] },
    namespace: 'gateway-conformance-infra',
    ingress: '',
    service: '',
    pod: 'infra-backend-v1-7d9f8b6c5d-x2x4z',
  },
  null,
  1,
);
