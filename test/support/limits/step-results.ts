/** Results of steps, of made-up or simulated requests. */

import { refusedBounds } from '../../../src/analysis/limits/levels.js';
import type {
  SearchKind,
  StepPurpose,
  StepResult,
  StepTimes,
  StepVersion,
} from '../../../src/analysis/limits/result.js';
import type { Ended } from './simulated-breakers.js';

/** The default of `--refusal-threshold`. */
const THRESHOLD = 0.001;

export interface StepHead {
  readonly purpose: StepPurpose;
  readonly kind: SearchKind;
  readonly level: number;
  readonly startMs: number;
  readonly windowMs: number;
}

/** @param versions their number: `v1`, `v2`, …; refusals name none */
export function stepResult(
  { kind, level, ...head }: StepHead,
  ended: readonly Ended[],
  versions: number,
): StepResult {
  const accepted = ended.filter(({ refused }) => !refused);
  const refused = ended.filter((request) => request.refused);
  const perSecond = (count: number) => (count / head.windowMs) * 1000;
  return {
    ...head,
    connections: kind === 'connections' ? level : null,
    ratePerSecond: kind === 'rate' ? level : null,
    requests: ended.length,
    offered: perSecond(ended.length),
    goodput: perSecond(accepted.length),
    accepted: accepted.length,
    acceptedInFlight: inFlight(accepted, head.windowMs),
    refused: refused.length,
    refusedShare: ended.length === 0 ? 0 : refused.length / ended.length,
    refusedBounds: refusedBounds({ requests: ended.length, refused: refused.length }, THRESHOLD),
    refusedByKind: refused.length > 0 ? { overflow: refused.length } : {},
    failed: 0,
    errors: 0,
    openConnections: kind === 'connections' ? level : 0,
    latencyUs: { accepted: times(accepted), refused: times(refused) },
    versions: Array.from({ length: versions }, (_, version) => ofVersion(version, accepted, head.windowMs)),
    overflows: null,
  };
}

function ofVersion(version: number, all: readonly Ended[], windowMs: number): StepVersion {
  const own = all.filter((request) => request.version === version);
  return {
    version: `v${version + 1}`,
    goodput: (own.length / windowMs) * 1000,
    accepted: own.length,
    acceptedInFlight: inFlight(own, windowMs),
    refused: 0,
    refusedByKind: {},
    latencyUs: { accepted: times(own), refused: times([]) },
  };
}

/** Little's law: their number per time × their mean time. */
function inFlight(accepted: readonly Ended[], windowMs: number): number {
  return accepted.reduce((sum, { ms }) => sum + ms, 0) / windowMs;
}

function times(requests: readonly Ended[]): StepTimes {
  const count = requests.length;
  const mean = count === 0 ? null : (requests.reduce((sum, { ms }) => sum + ms, 0) / count) * 1000;
  const sorted = requests.map(({ ms }) => ms * 1000).sort((a, b) => a - b);
  return { count, mean, p50: sorted[count >> 1] ?? null, p90: null, p99: null, max: null };
}
