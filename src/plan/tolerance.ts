/** How far a share may be from its weight, where nothing is said. */
import { DEFAULT_TOLERANCE } from './defaults.js';
import type { JudgePlan } from './plan.js';

/**
 * The tolerance that applies, a fraction. By default it is two points, but never more than half of the smallest positive
 * share: with two points, a version of 1 % that got nothing would be within its tolerance.
 */
export function toleranceOf({ tolerance, expected }: Pick<JudgePlan, 'tolerance' | 'expected'>): number {
  if (tolerance !== null) return tolerance;
  const shares = (expected ?? []).map(({ share }) => share).filter((share) => share > 0);
  return Math.min(DEFAULT_TOLERANCE, ...shares.map((share) => share / 2));
}
