/** Which of the steps a report speaks of. */
import { levelOf } from '../../analysis/limits/levels.js';
import type { StepResult } from '../../analysis/limits/result.js';
import type { Found } from './words.js';

/** A row per level, lowest first; without the recovery. */
export function loadSteps({ levels }: Found): StepResult[] {
  return levels;
}

export function recoverySteps({ steps }: Found): StepResult[] {
  return steps.filter(({ purpose }) => purpose === 'recovery');
}

export function kneeOf({ search, kneeConnections, kneePerSecond }: Found): number | null {
  return search === 'rate' ? kneePerSecond : kneeConnections;
}

export function firstRefusalOf({
  search,
  firstRefusalConnections,
  firstRefusalPerSecond,
}: Found): number | null {
  return search === 'rate' ? firstRefusalPerSecond : firstRefusalConnections;
}

export function lastAcceptedOf({
  search,
  lastAcceptedConnections,
  lastAcceptedPerSecond,
}: Found): number | null {
  return search === 'rate' ? lastAcceptedPerSecond : lastAcceptedConnections;
}

export function stepAt(limits: Found, level: number): StepResult | undefined {
  return loadSteps(limits).find((step) => levelOf(step) === level);
}

/** The step that shows what each version does: the nearest at or above the knee; without a knee, the highest. */
export function fullStep(limits: Found): StepResult | undefined {
  const steps = loadSteps(limits);
  const knee = kneeOf(limits);
  return (knee === null ? undefined : steps.find((step) => levelOf(step) >= knee)) ?? steps.at(-1);
}

/** The highest step above the knee. */
export function highestAbove(limits: Found): StepResult | undefined {
  const knee = kneeOf(limits);
  const highest = loadSteps(limits).at(-1);
  return knee !== null && highest !== undefined && levelOf(highest) > knee ? highest : undefined;
}

/** Of the other steps, the one whose level is nearest to the knee. */
export function nearestToKnee(limits: Found, other: StepResult): StepResult | undefined {
  const knee = kneeOf(limits);
  if (knee === null) return undefined;
  const distance = (step: StepResult) => Math.abs(levelOf(step) - knee);
  return loadSteps(limits)
    .filter((step) => levelOf(step) !== levelOf(other))
    .sort((a, b) => distance(a) - distance(b))[0];
}
