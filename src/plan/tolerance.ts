/** How far shares may be from their weights: the option checked, and what applies where nothing is said. */
import { DEFAULT_TOLERANCE } from './defaults.js';
import { checkExpected } from './expectations.js';
import type { ExpectedVersion, JudgePlan, Tolerance, Tolerances } from './plan.js';
import type { GivenTolerance, GivenTolerances } from './plan-options.js';
import { checkPositive } from './ranges.js';

/** @throws OptionError naming `tolerance` */
export function tolerances(given: GivenTolerances): Tolerances {
  if (typeof given === 'number' || 'relative' in given) return { all: checked(given), versions: [] };
  const { all, versions = {} } = given;
  const entries = versions instanceof Map ? [...versions] : Object.entries(versions);
  return {
    all: all === undefined ? null : checked(all),
    versions: entries.map(([version, value]) => ({ version, tolerance: checked(value) })),
  };
}

function checked(given: GivenTolerance): Tolerance {
  return typeof given === 'number'
    ? { fraction: checkPositive(given, 'tolerance', 1), of: 'requests' }
    : { fraction: checkPositive(given.relative, 'tolerance', 1), of: 'share' };
}

/** @throws OptionError naming `tolerance`, for a version that is not expected */
export function checkToleranceVersions(
  { versions }: Tolerances,
  expected: readonly ExpectedVersion[] | null,
): void {
  for (const { version } of versions) checkExpected(version, expected, 'tolerance');
}

/**
 * The tolerance of each expected version, in their order: fractions of all requests. By default it is two points, but never more
 * than half of the smallest positive share: with two points, a version of 1 % that got nothing would be within its tolerance.
 */
export function tolerancesOf({ tolerance, expected }: Pick<JudgePlan, 'tolerance' | 'expected'>): number[] {
  const versions = expected ?? [];
  const shares = versions.map(({ share }) => share).filter((share) => share > 0);
  const byDefault = Math.min(DEFAULT_TOLERANCE, ...shares.map((share) => share / 2));
  const own = versions.map(({ name, share }) => {
    const { fraction, of } = toleranceFor(tolerance, name) ?? { fraction: byDefault, of: 'requests' };
    return of === 'share' ? fraction * share : fraction;
  });
  // A part of weight 0 is nothing: then as much as the strictest of the others.
  const least = Math.min(...own.filter((fraction) => fraction > 0));
  return own.map((fraction) => (fraction > 0 ? fraction : least));
}

function toleranceFor(tolerance: Tolerances | null, version: string): Tolerance | null {
  return tolerance?.versions.find((own) => own.version === version)?.tolerance ?? tolerance?.all ?? null;
}

/** In words: `2`, `20%`, `2, v2=1`; null: the default. For people, with `points` for a plain number. */
export function tolerancesInWords({ all, versions }: Tolerances): string {
  const one = ({ fraction, of }: Tolerance) => {
    const percent = Number((fraction * 100).toPrecision(6));
    return of === 'share' ? `${percent} % of each share` : `${percent} points`;
  };
  return [
    ...(all === null ? [] : [one(all)]),
    ...versions.map(({ version, tolerance }) => `${version} ${one(tolerance).replace('each', 'its')}`),
  ].join(', ');
}
