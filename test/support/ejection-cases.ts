/** What is done to a real Envoy's endpoints, drawn at random: the same for the same seed. */
import { app, destinationRule, tutorialRoute } from '../lab/manifests.js';
import { seededRandom } from './blocks.js';
import { sample } from './envoy-lab.js';

export interface EjectionCase {
  readonly seed: number;
  readonly manifests: readonly string[];
  readonly intervalMs: number;
  readonly baseMs: number;
  readonly maxPercent: number;
  readonly balancer: 'ROUND_ROBIN' | 'LEAST_REQUEST' | 'RANDOM';
  /** Of backend-v2, which gets half of the requests; v1 has two, and nothing happens to them. */
  readonly endpoints: number;
  readonly failing: number;
  readonly ratePerSecond: number;
  readonly durationMs: number;
  /** As `--fault` takes them; their times count from about the start. */
  readonly faults: readonly string[];
}

/** The three settings that are gone through. */
const SETTINGS = [
  { intervalMs: 1000, baseMs: 1000 },
  { intervalMs: 2000, baseMs: 3000 },
  { intervalMs: 5000, baseMs: 5000 },
] as const;

/** Up to this seed endpoints come in turn, as in the samples; from then on they are drawn. */
const LAST_IN_TURN = 30;

/** @param seed also chooses the setting: three in a row have all */
export function drawCase(seed: number, durationMs?: number): EjectionCase {
  const random = seededRandom(seed);
  const among = <T>(...values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const setting = SETTINGS[seed % SETTINGS.length] as (typeof SETTINGS)[number];
  const lengthMs = durationMs ?? 20_000 + Math.floor(random() * 10_000);
  const endpoints = among(2, 3, 4);
  const failing = Math.min(endpoints, among(1, 1, 2, 3));
  const atRandom = among('LEAST_REQUEST', 'RANDOM');
  const balancer = seed <= LAST_IN_TURN ? 'ROUND_ROBIN' : atRandom;
  const maxPercent = among(50, 67, 100);
  const ratePerSecond = Math.round(200 * 10 ** random());
  const slowMs = among(0, 0, 5, 30);
  const faults = Array.from({ length: failing }, (_, pod) =>
    Array.from({ length: among(1, 2) }, () => {
      const forMs = Math.round(200 * 40 ** random());
      const afterMs = Math.round(500 + random() * (lengthMs * 0.75));
      return `v2-${pod}:status=${among(500, 503)},after=${afterMs}ms,for=${forMs}ms`;
    }),
  ).flat();
  const rule =
    `{loadBalancer: {simple: ${balancer}}, outlierDetection: {consecutive5xxErrors: 5, ` +
    `interval: ${setting.intervalMs}ms, baseEjectionTime: ${setting.baseMs}ms, maxEjectionPercent: ${maxPercent}}}`;
  return {
    seed,
    ...setting,
    manifests: [
      tutorialRoute({ weights: [1, 1] }) +
        app('backend-v1', 'v1', 2) +
        app('backend-v2', 'v2', endpoints) +
        destinationRule('backend-v2', rule),
    ],
    maxPercent,
    balancer,
    endpoints,
    failing,
    ratePerSecond,
    durationMs: lengthMs,
    faults: [...(slowMs === 0 ? [] : [`*:slow=${slowMs}ms`]), ...faults],
  };
}

/** The samples as they are, 5 / 30 s / 30 s / 50 %, in real time: v2-0 fails twice, the second time right after its return. */
export function sampleRuleCase(): EjectionCase {
  return {
    seed: 0,
    manifests: ['deployments', 'destinationrules', 'gateway', 'httproute-50-50'].map(sample),
    intervalMs: 30_000,
    baseMs: 30_000,
    maxPercent: 50,
    balancer: 'ROUND_ROBIN',
    endpoints: 2,
    failing: 1,
    ratePerSecond: 400,
    durationMs: 180_000,
    faults: ['v2-0:status=503,after=10s,for=80s'],
  };
}
