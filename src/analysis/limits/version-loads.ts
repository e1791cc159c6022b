/** Which versions are full, where responses tell versions apart: from the shares that the gateway gives them below the knee. */
import { sum } from '../../collections.js';
import { NONE_NAME } from '../version-slots.js';
import { levelOf } from './levels.js';
import type { StepResult } from './result.js';

/** Steps with at most this part of refusals show the shares of versions. */
const CALM = 0.01;
/** A version is surely full at a level if it refuses more than this part of what it takes, and chance cannot explain it. */
const SURELY_FULL = 0.08;
/** Versions that are full at nearly the same load, to this part, are full together: shares and times are never quite equal. */
const TOGETHER = 0.1;
/** In standard errors: what chance can make of a difference. */
const BY_CHANCE = 3;
/** A version has a queue before it is full. */
const NEARLY_FULL = 0.95;

export interface VersionLoads {
  /** By version name. */
  readonly shares: ReadonlyMap<string, number>;
  /** So many requests per second, of all versions together, fill a version that is not full at the knee; null: none was seen full. */
  readonly nextFull: number | null;
  /** All versions are full together. */
  readonly areAllFull: boolean;
}

/** All requests that came per second, refused ones included. */
export function attemptsOf({ goodput, refused, windowMs }: StepResult): number {
  return goodput + (refused / windowMs) * 1000;
}

/** Whether a step shows in which shares versions are sent requests: where a version is full, it accepts less than its share. */
export function isCalm({ refused, accepted }: StepResult): boolean {
  return refused <= CALM * accepted;
}

/** @returns null if responses name no version, or no step is calm */
export function versionLoads(steps: readonly StepResult[]): VersionLoads | null {
  const counts = calmCounts(steps);
  const all = sum([...counts.values()]);
  if (all === 0) return null;
  const shares = new Map([...counts].map(([version, count]) => [version, count / all]));
  const filling = [...shares].flatMap(([version, share]) =>
    fillingOf(steps, version, share, counts.get(version) ?? 0),
  );
  const first = filling.toSorted((a, b) => a.attempts - b.attempts)[0];
  const later = filling.filter((own) => first !== undefined && isLater(own, first));
  const nextFull =
    later.length === 0 ? null : NEARLY_FULL * Math.min(...later.map(({ attempts }) => attempts));
  return { shares, nextFull, areAllFull: filling.length === shares.size && later.length === 0 };
}

function calmCounts(steps: readonly StepResult[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const step of steps.filter(isCalm)) {
    for (const { version, accepted } of step.versions) {
      if (version !== NONE_NAME) counts.set(version, (counts.get(version) ?? 0) + accepted);
    }
  }
  return counts;
}

/** How many requests per second of all versions fill one. */
interface Filling {
  readonly attempts: number;
  /** Relative. */
  readonly error: number;
}

/** None if the version was never surely full. */
function fillingOf(steps: readonly StepResult[], name: string, share: number, calm: number): Filling[] {
  const levels = new Map<number, { came: number; accepted: number; ms: number }>();
  for (const step of steps) {
    const own = step.versions.find(({ version }) => version === name);
    const level = levels.get(levelOf(step)) ?? { came: 0, accepted: 0, ms: 0 };
    level.came += share * (step.accepted + step.refused);
    level.accepted += own?.accepted ?? 0;
    level.ms += step.windowMs;
    levels.set(levelOf(step), level);
  }
  const full = [...levels.values()].filter(
    ({ came, accepted }) => came - accepted >= SURELY_FULL * accepted + BY_CHANCE * Math.sqrt(came),
  );
  const accepted = sum(full.map((level) => level.accepted));
  if (accepted === 0) return [];
  const perSecond = (accepted / sum(full.map(({ ms }) => ms))) * 1000;
  return [{ attempts: perSecond / share, error: Math.sqrt(1 / accepted + 1 / calm) }];
}

function isLater(own: Filling, first: Filling): boolean {
  const error = Math.hypot(own.error, first.error);
  return own.attempts > first.attempts * (1 + TOGETHER + BY_CHANCE * error);
}
