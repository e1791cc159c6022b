/** What is asked of two searches for limits: the knee. */
import type { Estimate } from '../result.js';
import { normalQuantile } from '../stats/normal.js';
import { type Bounded, quantileDifference } from '../stats/quantile-difference.js';
import type { ComparableLimits } from './inputs.js';
import { lowerIsWorse } from './outcome.js';
import type { Question } from './questions.js';
import type { CompareTolerances } from './tolerances.js';

/** Of a knee's bounds as results have them: each side of 95 %. */
const BOUNDS_ALPHA = 0.025;

export function limitsQuestions(
  { limits: base }: ComparableLimits,
  { limits: own }: ComparableLimits,
  tolerances: CompareTolerances,
): Question[] {
  const byRate = base.search === 'rate';
  const isSame = base.search === own.search;
  const [reference, value] = [kneeOf(base), isSame ? kneeOf(own) : null];
  return [
    {
      figure: 'knee',
      version: null,
      percentile: null,
      unit: byRate ? 'per-second' : 'connections',
      reference,
      value,
      test: 'knee',
      estimate: (alpha) => kneeDifference(bounded(own, value, alpha), bounded(base, reference, alpha)),
      tolerance: tolerances.knee * (reference ?? 0),
      direction: lowerIsWorse,
      reason: () => (isSame ? withoutKnee(base, own) : 'one was searched by connections, the other by rate'),
    },
  ];
}

function kneeOf(limits: ComparableLimits['limits']): number | null {
  return limits.search === 'rate' ? limits.kneePerSecond : limits.kneeConnections;
}

/** The knee's bounds at another level, as if it were normally distributed on each side. */
function bounded(
  { kneeBounds }: ComparableLimits['limits'],
  knee: number | null,
  alpha: number,
): Bounded | null {
  if (knee === null || kneeBounds === null) return null;
  const factor = normalQuantile(alpha) / normalQuantile(BOUNDS_ALPHA);
  const [low, high] = kneeBounds;
  return {
    figure: knee,
    low: knee - Math.max(0, knee - low) * factor,
    high: knee + Math.max(0, high - knee) * factor,
  };
}

function kneeDifference(own: Bounded | null, base: Bounded | null): Estimate | null {
  if (own === null || base === null) return null;
  const { figure, low, high } = quantileDifference(own, base);
  return { value: figure, interval: [low, high] };
}

function withoutKnee(base: ComparableLimits['limits'], own: ComparableLimits['limits']): string {
  const without = [base, own].map((limits) => kneeOf(limits) === null);
  if (without.every((none) => none)) return 'neither found a knee';
  if (without[0] === true) return 'the reference found no knee';
  return without[1] === true ? 'it found no knee' : 'a knee has no bounds';
}
