/** Made-up results of `weighbridge limits`, for the tests of its reports. */
import type {
  FoundLimits,
  LimitsResult,
  PredictedVersion,
  StepResult,
  StepTimes,
} from '../../src/analysis/limits/result.js';

const NO_TIMES: StepTimes = { count: 0, mean: null, p50: null, p90: null, p99: null, max: null };

export function timesOf(count: number, p50: number): StepTimes {
  return { count, mean: p50 * 1.1, p50, p90: p50 * 1.5, p99: p50 * 2, max: p50 * 3 };
}

/**
 * A step of ten seconds at 100 ms, both versions alike.
 *
 * @param level connections
 * @param accepted at once
 * @param share refused
 */
export function stepOf(
  level: number,
  accepted: number,
  share: number,
  changes: Partial<StepResult> = {},
): StepResult {
  const goodput = accepted / 0.1;
  const answered = Math.round(goodput * 10);
  const requests = Math.round(answered / (1 - share));
  const refused = requests - answered;
  const times = (n: number) => (n === 0 ? NO_TIMES : timesOf(n, 100_000));
  const version = (name: string) => ({
    version: name,
    goodput: goodput / 2,
    accepted: answered / 2,
    acceptedInFlight: accepted / 2,
    refused: 0,
    refusedByKind: {},
    latencyUs: { accepted: times(answered / 2), refused: NO_TIMES },
  });
  return {
    purpose: 'rising',
    connections: level,
    ratePerSecond: null,
    startMs: level * 100,
    windowMs: 10_000,
    requests,
    offered: requests / 10,
    goodput,
    accepted: answered,
    acceptedInFlight: accepted,
    refused,
    refusedShare: share,
    refusedBounds: [share * 0.5, Math.min(1, share * 2)],
    refusedByKind: refused === 0 ? {} : { overflow: refused },
    failed: 0,
    errors: 0,
    openConnections: level,
    latencyUs: { accepted: times(answered), refused: refused === 0 ? NO_TIMES : timesOf(refused, 400) },
    versions: [version('v1'), version('v2')],
    overflows: null,
    ...changes,
  };
}

export function limitOf(version: string | null, changes: Partial<PredictedVersion> = {}): PredictedVersion {
  return {
    version,
    share: version === null ? 1 : 0.5,
    serviceTimeMs: 100.2,
    backendProtocol: 'http/1.1',
    maxConnections: 100,
    maxPendingRequests: 50,
    maxRequests: 100,
    atOnce: 150,
    source: version === null ? null : `DestinationRule istio-test/${version}`,
    ...changes,
  };
}

const QUEUE = { version: 'v1', limits: ['maxConnections', 'maxPendingRequests'], source: null } as const;
const bindingLimit = { ...QUEUE, limits: [...QUEUE.limits] };

/** The sample's rules at 50/50: first refusals at 180, full at 301. */
export function foundKnee(
  limits: Partial<FoundLimits> = {},
  changes: Partial<LimitsResult> = {},
): LimitsResult {
  const steps = limits.steps ?? [
    stepOf(100, 100, 0),
    stepOf(320, 299, 0.05, { purpose: 'above', overflows: { pending: 120, active: 3 } }),
    stepOf(160, 160, 0),
    stepOf(180, 180, 0.0025, { purpose: 'narrowing' }),
    stepOf(450, 300, 0.33, { purpose: 'above' }),
    stepOf(150, 150, 0, { purpose: 'recovery' }),
  ];
  return {
    schemaVersion: 1,
    tool: { version: '0.1.0', command: 'weighbridge limits http://203.0.113.7/' },
    startedAt: '2026-12-01T12:00:00.000000Z',
    durationMs: 61_000,
    ended: 'completed',
    target: {
      url: 'http://203.0.113.7/',
      method: 'GET',
      path: '/',
      addresses: ['203.0.113.7:80'],
      host: 'test.devopscube.com',
      sni: null,
      protocol: 'http/1.1',
      tlsVerified: null,
      headers: [],
    },
    verdict: 'pass',
    checks: [{ kind: 'knee', verdict: 'pass', text: 'the knee is at 301 (at least 290)' }],
    generator: null,
    limits: {
      search: 'connections',
      streams: 1,
      afterRefusal: 'wait',
      afterRefusalMs: 101,
      refusalThreshold: 0.001,
      firstRefusalConnections: 180,
      lastAcceptedConnections: 160,
      kneeConnections: 301,
      firstRefusalPerSecond: null,
      lastAcceptedPerSecond: null,
      kneePerSecond: null,
      kneeBounds: [296, 306],
      predictedKnee: 300,
      bindingLimit,
      steps,
      levels: steps
        .filter(({ purpose }) => purpose !== 'recovery')
        .toSorted(
          (a, b) => (a.connections ?? a.ratePerSecond ?? 0) - (b.connections ?? b.ratePerSecond ?? 0),
        ),
      recoveryMs: 40,
      bottleneck: null,
      ...limits,
    },
    predicted: {
      scope: 'version',
      scopeFrom: 'Istio counts each version by itself',
      gatewayReplicas: 1,
      knee: 300,
      binding: bindingLimit,
      next: { binding: { version: 'v2', limits: ['maxRequests'], source: null }, knee: 320 },
      versions: [limitOf('v1'), limitOf('v2')],
      changes: [{ version: 'v1', atOnce: 200, has: 100, text: 'Raise tcp.maxConnections to 200 or more.' }],
    },
    requests: {
      scheduled: 90_000,
      accepted: 72_000,
      refused: 17_900,
      failed: 90,
      cutOff: 10,
      byKind: { overflow: 17_900, timeout: 90 },
    },
    gateway: {
      clusters: [
        {
          cluster: 'outbound|80|v1|backend.istio-test.svc.cluster.local',
          version: 'v1',
          pendingOverflow: 12_000,
          activeOverflow: 900,
          connectionOverflow: 40,
          retryOverflow: 0,
          lowestRemaining: { connections: 0, pending: 1, requests: 2 },
        },
        {
          cluster: 'outbound|80|v2|backend.istio-test.svc.cluster.local',
          version: null,
          pendingOverflow: 5_000,
          activeOverflow: 0,
          connectionOverflow: 0,
          retryOverflow: 0,
          lowestRemaining: null,
        },
      ],
      overflows: { client: 17_900, gateway: 17_900 },
      remarks: ['Equal.'],
    },
    notes: [{ code: 'derived-host', kind: 'explanation', text: 'The host is from the route.' }],
    ...changes,
  };
}

/** Nothing was refused up to 2,000 connections. */
export function noRefusals(
  limits: Partial<FoundLimits> = {},
  changes: Partial<LimitsResult> = {},
): LimitsResult {
  return foundKnee(
    {
      afterRefusalMs: null,
      firstRefusalConnections: null,
      lastAcceptedConnections: 2_000,
      kneeConnections: null,
      kneeBounds: null,
      predictedKnee: null,
      bindingLimit: null,
      steps: [stepOf(1_000, 1_000, 0), stepOf(2_000, 2_000, 0)],
      recoveryMs: null,
      bottleneck: { kind: 'bound', fromLevel: 2_000, goodputPerSecond: 20_000, version: null },
      ...limits,
    },
    {
      verdict: null,
      checks: [],
      predicted: null,
      gateway: null,
      requests: { scheduled: 300_000, accepted: 300_000, refused: 0, failed: 0, cutOff: 0, byKind: {} },
      ...changes,
    },
  );
}

/** Searched by rate: full at 3,000 a second. */
export function foundByRate(): LimitsResult {
  const step = (rate: number, accepted: number, share: number) =>
    stepOf(0, accepted, share, { connections: null, ratePerSecond: rate });
  return foundKnee({
    search: 'rate',
    firstRefusalConnections: null,
    lastAcceptedConnections: null,
    kneeConnections: null,
    firstRefusalPerSecond: 2_000,
    lastAcceptedPerSecond: 1_500,
    kneePerSecond: 3_005,
    kneeBounds: [2_950, 3_060],
    predictedKnee: 3_000,
    steps: [
      step(1_500, 150, 0),
      step(2_000, 199, 0.003),
      step(4_000, 300, 0.25),
      { ...step(1_500, 150, 0), purpose: 'recovery' },
    ],
  });
}
