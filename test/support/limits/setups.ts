/** Gateways with known knees: connections 100, pending 50 for each version, as in samples/. */
import type { SimulatedSetup, SimulatedVersion } from './simulated-breakers.js';

const SAMPLE = { serviceMs: 100, connections: 100, pending: 50 };

export interface KnownSetup {
  readonly versions: readonly SimulatedVersion[];
  /** In the fluid limit: DESIGN's formula min over v of K_v + the others' requests in flight then. */
  readonly knee: number;
}

export const SETUPS = {
  '50/50': { versions: [0.5, 0.5].map((share) => ({ ...SAMPLE, share })), knee: 300 },
  '50/50, times of 10 ms': {
    versions: [0.5, 0.5].map((share) => ({ ...SAMPLE, share, serviceMs: 10 })),
    knee: 300,
  },
  '90/10': { versions: [0.9, 0.1].map((share) => ({ ...SAMPLE, share })), knee: 161.1 },
  '50/50, v2 ten times slower': {
    versions: [
      { ...SAMPLE, share: 0.5 },
      { ...SAMPLE, share: 0.5, serviceMs: 1000 },
    ],
    knee: 160,
  },
  '50/50, a limit on requests only': {
    versions: [0.5, 0.5].map((share) => ({ serviceMs: 100, requests: 100, share })),
    knee: 200,
  },
  'one version': { versions: [{ ...SAMPLE, share: 1 }], knee: 150 },
  'one version, limits of 1': {
    versions: [{ share: 1, serviceMs: 100, connections: 1, pending: 1 }],
    knee: 2,
  },
  '50/50, limits of 1': {
    versions: [0.5, 0.5].map((share) => ({ share, serviceMs: 100, connections: 1, pending: 1 })),
    knee: 4,
  },
  '60/40': { versions: [0.6, 0.4].map((share) => ({ ...SAMPLE, share })), knee: 216.7 },
  '52/48': { versions: [0.52, 0.48].map((share) => ({ ...SAMPLE, share })), knee: 242 },
  'no limit': { versions: [{ share: 1, serviceMs: 100 }], knee: Number.POSITIVE_INFINITY },
  'nothing is accepted for long': {
    versions: [{ share: 1, serviceMs: 100, connections: 0, pending: 0 }],
    knee: 0,
  },
} as const satisfies Record<string, KnownSetup>;

export function closedLoop(
  name: keyof typeof SETUPS,
  service: SimulatedSetup['service'] = 'exponential',
): SimulatedSetup {
  return { versions: SETUPS[name].versions, service, search: 'connections' };
}
