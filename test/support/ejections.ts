/** Made-up ejections, for the tests of reports. */
import type {
  EjectionsResult,
  EjectionTrigger,
  EjectionWindow,
  GatewayWindow,
  RuleResult,
  VersionEpisode,
} from '../../src/analysis/ejections/result.js';
import type { RunResult } from '../../src/analysis/result.js';
import { answers, resultOf } from './results.js';

/** Five 500 in a row from 12.41 s. */
export function triggerOf(changes: Partial<EjectionTrigger> = {}): EjectionTrigger {
  return {
    consecutive: 5,
    firstErrorMs: 12_412,
    lastErrorMs: 12_433,
    statuses: { 500: 5 },
    inFlight: 0,
    endpointKnown: true,
    ...changes,
  };
}

/** The first window of the issue's example: out from 12.43 s to 46.2 s. */
export function windowOf(changes: Partial<EjectionWindow> = {}): EjectionWindow {
  return {
    version: 'backend-v2',
    endpoint: 'pod-7c9',
    kind: 'ejected',
    startMs: 12_433,
    startBoundsMs: [12_433, 12_451],
    endMs: 46_212,
    endBoundsMs: [46_095, 46_212],
    durationMs: 33_779,
    trigger: triggerOf(),
    errorsBefore: {},
    leaked: 0,
    leakedForMs: 0,
    sequence: 1,
    sequenceBounds: [1, 1],
    outAtOnce: { out: 1, of: 2 },
    fraction: 1,
    expectedDurationMs: [30_000, 60_000],
    verdict: 'pass',
    source: 'client',
    reported: null,
    ...changes,
  };
}

export function episodeOf(changes: Partial<VersionEpisode> = {}): VersionEpisode {
  return {
    version: 'backend-v2',
    kind: '5xx',
    startMs: 12_412,
    endMs: 12_433,
    requests: 5,
    share: 0.5556,
    serviceTimeUs: { before: 1204.2, after: 1310.7 },
    ...changes,
  };
}

export function ruleOf(changes: Partial<RuleResult> = {}): RuleResult {
  return {
    version: 'backend-v2',
    scope: 'version',
    source: 'DestinationRule istio-test/backend-v2 (destinationrules.yaml, line 34)',
    errorCodes: null,
    consecutive5xx: 5,
    consecutiveGatewayErrors: 0,
    consecutiveLocalOriginFailures: null,
    intervalMs: 30_000,
    baseEjectionTimeMs: 30_000,
    maxEjectionPercent: 50,
    checks: [
      {
        name: 'trigger',
        verdict: 'pass',
        figure: 5,
        bound: [5, 5],
        text: '2 of 2 windows came after 5 × 5xx in a row.',
      },
      {
        name: 'duration',
        verdict: 'pass',
        figure: 33_779,
        bound: [30_000, 60_000],
        text: '2 of 2 windows lasted as long as the rule says.',
      },
      {
        name: 'max-ejection-percent',
        verdict: 'inconclusive',
        figure: 1,
        bound: [null, 1],
        text: '1 of 2 endpoints was out at once, 1 may be; how many there are is not known from the manifests.',
      },
    ],
    ...changes,
  };
}

export function gatewayWindowOf(changes: Partial<GatewayWindow> = {}): GatewayWindow {
  const { window = 0 } = changes;
  return {
    cluster: 'outbound|80||backend-v2.istio-test.svc.cluster.local',
    address: '10.0.3.17:8080',
    endpoint: 'pod-7c9',
    ejectedMs: [12_434, 12_434],
    unejectedMs: [46_190, 46_190],
    from: 'event-log',
    window,
    windows: window === null ? [] : [window],
    differenceMs: { start: -1, end: 22 },
    explanation: 'Both say the same.',
    ...changes,
  };
}

const NOTHING: EjectionsResult = {
  windows: [],
  episodes: [],
  visibility: [],
  rules: [],
  timeline: { sliceMs: 500, rows: [] },
  gateway: null,
  remarks: [],
};

/** Slices of half a second over three minutes, with endpoints out or failing in some of them. */
function slices(out: readonly (readonly [fromS: number, toS: number])[]): string {
  return Array.from({ length: 360 }, (_, i) => {
    const second = i / 2;
    if (out.some(([from, to]) => second >= from && second < to)) return '_';
    return out.some(([from]) => second >= from - 0.5 && second < from) ? 'x' : '.';
  }).join('');
}

/** What the issue asks for: a pod that is out twice, the second time late; with the gateway's word. */
export function issueEjections(): EjectionsResult {
  return {
    windows: [
      windowOf({ source: 'client+gateway' }),
      windowOf({
        startMs: 47_262,
        startBoundsMs: [47_262, 47_281],
        endMs: 108_331,
        endBoundsMs: [108_250, 108_331],
        durationMs: 61_069,
        trigger: triggerOf({
          firstErrorMs: 46_212,
          lastErrorMs: 46_251,
          statuses: { 500: 118 },
          inFlight: 2,
        }),
        leaked: 113,
        leakedForMs: 1_011,
        sequence: 2,
        sequenceBounds: [2, 2],
        expectedDurationMs: [60_000, 90_000],
      }),
    ],
    episodes: [episodeOf(), episodeOf({ startMs: 46_212, endMs: 47_262, requests: 118, share: 0.2781 })],
    visibility: [
      {
        version: 'backend-v2',
        endpoints: 2,
        withoutEndpoint: 0,
        shortestMs: 210,
        ratePerSecondNeeded: null,
      },
    ],
    rules: [ruleOf()],
    timeline: {
      sliceMs: 500,
      rows: [
        { version: 'backend-v1', endpoint: 'pod-1fd', slices: slices([]) },
        { version: 'backend-v1', endpoint: 'pod-4b2', slices: slices([]) },
        { version: 'backend-v2', endpoint: 'pod-2aa', slices: slices([]) },
        {
          version: 'backend-v2',
          endpoint: 'pod-7c9',
          slices: slices([
            [12.5, 46],
            [47, 108],
          ]),
        },
      ],
    },
    gateway: {
      windows: [
        gatewayWindowOf(),
        gatewayWindowOf({
          ejectedMs: [46_253, 46_253],
          unejectedMs: [108_310, 108_310],
          window: 1,
          differenceMs: { start: 1_009, end: 21 },
          explanation:
            'The gateway merges changes of its host set within 1 s: it went on sending to the endpoint until then.',
        }),
      ],
      clockOffsetMs: { estimate: 0, bounds: [-0.6, 1.3] },
      unknownAfterMs: null,
      counters: {
        'outbound|80||backend-v2.istio-test.svc.cluster.local': {
          'outlier_detection.ejections_enforced_total': 2,
          'outlier_detection.ejections_overflow': 0,
        },
      },
      remarks: [],
    },
    remarks: [],
  };
}

/** A result with these ejections: of a run of three minutes, half to each of two versions. */
export function withEjections(changes: Partial<EjectionsResult>): RunResult {
  base ??= resultOf(answers(2_000, { 'backend-v1': 0.5, 'backend-v2': 0.5 }), {
    'backend-v1': 50,
    'backend-v2': 50,
  });
  return { ...base, durationMs: 180_000, ejections: { ...NOTHING, ...changes } };
}

let base: RunResult | undefined;

/** A result as of the issue's example, its checks among the run's. */
export function ejected(): RunResult {
  const ejections = issueEjections();
  const result = withEjections(ejections);
  const own = ejections.rules.flatMap(({ version, checks }) =>
    checks
      .filter(({ verdict }) => verdict !== 'inconclusive')
      .map(({ name, verdict, figure, bound }) => ({
        name: `ejections/${version}/${name}`,
        verdict,
        figure,
        bound,
        interval: null,
        requestsNeeded: null,
        text: '',
      })),
  );
  return { ...result, checks: [...result.checks, ...own] };
}
