/** What the steps above the knee say of it. */
import { levelOf } from './levels.js';
import { limitRefusalsOf } from './other-refusals.js';
import type { SearchKind, StepResult } from './result.js';
import { attemptsOf, type VersionLoads, versionLoads } from './version-loads.js';

export interface OverloadedStep {
  readonly level: number;
  readonly refusedPerSecond: number;
  /** What the gateway took: accepted requests in flight, or accepted requests per second. */
  readonly taken: number;
  /** How much more it would take if a version that is full were full at every moment: the expected value, of the same unit. */
  readonly missing: number;
  /** Refused ÷ accepted requests. */
  readonly overload: number;
}

export interface Overload {
  readonly steps: OverloadedStep[];
  /** From this level on a version fills that is not full at the knee: such steps are left out if there are others; null: not seen. */
  readonly bentFrom: number | null;
  /** All versions are full together, so that what the gateway takes does not grow any more. */
  readonly isPlateau: boolean;
}

/** A step with fewer refusals than this part of the accepted requests says little: versions are full by turns. */
const MIN_OVERLOAD = 0.1;
/** So does one in which more than this part of what the gateway takes is missing: limits are small, and often not used. */
const MAX_MISSING_PART = 0.15;
/** Where versions are not known: the share of the one that is full. */
const UNKNOWN_SHARE = 0.5;

/** The steps in which refusals are many. */
export function overloadOf(steps: readonly StepResult[], kind: SearchKind): Overload {
  const measured = steps.filter(
    (step) => step.purpose !== 'recovery' && step.accepted > 0 && step.windowMs > 0,
  );
  const loads = versionLoads(measured);
  const calmMs = calmTimeMs(measured);
  const overloaded = measured.filter((step) => limitRefusalsOf(step) >= MIN_OVERLOAD * step.accepted);
  const nextFull = loads?.nextFull ?? Number.POSITIVE_INFINITY;
  const bent = overloaded.filter((step) => attemptsOf(step) >= nextFull).map(levelOf);
  const bentFrom = bent.length === 0 ? null : Math.min(...bent);
  const straight = overloaded.filter((step) => bentFrom === null || levelOf(step) < bentFrom);
  // Where every level is bent, the lowest is the nearest to the knee that there is.
  const used = straight.length > 0 ? straight : overloaded.filter((step) => levelOf(step) === bentFrom);
  return {
    bentFrom,
    isPlateau: loads?.areAllFull === true,
    steps: used
      .map((step) => ({
        level: levelOf(step),
        refusedPerSecond: (step.refused / step.windowMs) * 1000,
        taken: kind === 'connections' ? step.acceptedInFlight : step.goodput,
        missing: missingOf(step, kind, loads, calmMs),
        overload: step.refused / step.accepted,
      }))
      .filter(({ missing, taken }) => missing <= MAX_MISSING_PART * taken),
  };
}

/** Mean time in the lowest level: nothing waits there. */
function calmTimeMs(steps: readonly StepResult[]): number {
  const lowest = steps.toSorted((a, b) => levelOf(a) - levelOf(b))[0];
  return (lowest?.latencyUs.accepted.mean ?? 0) / 1000;
}

function missingOf(step: StepResult, kind: SearchKind, loads: VersionLoads | null, calmMs: number): number {
  const attempts = attemptsOf(step);
  const known = step.versions.filter(({ version }) => loads?.shares.has(version) === true);
  const parts =
    loads === null || known.length === 0
      ? [{ ...step, share: UNKNOWN_SHARE, refusals: attempts - step.goodput }]
      : known.map((own) => {
          const share = loads.shares.get(own.version) ?? 0;
          return { ...own, share, refusals: share * attempts - own.goodput };
        });
  return parts
    .filter(({ goodput, refusals }) => goodput > 0 && refusals >= (MIN_OVERLOAD / 2) * goodput)
    .reduce((sum, { share, goodput, refusals, acceptedInFlight }) => {
      if (kind === 'connections')
        return sum + freePlaces(((1 - share) * goodput) / refusals, acceptedInFlight);
      return (
        sum + unusedRate(freePlaces(goodput / refusals, acceptedInFlight), goodput, acceptedInFlight, calmMs)
      );
    }, 0);
}

/**
 * A version that is full is not full at every moment: places become free, and the next request takes one. Their number is about
 * geometric, with the mean x = f ÷ r, where r is the rate of refusals and f is how often a place becomes free: g, the goodput, at a
 * fixed rate; in a closed loop (1 − s) g, because the client of a request that ends sends the next one at once, which goes to the same
 * version with the probability s, its share. There are at most as many as the version has: for small limits the
 * mean is about x ÷ (1 + 2x ÷ n) (simulated).
 */
function freePlaces(mean: number, taken: number): number {
  return mean / (1 + (2 * mean) / Math.max(taken, 1));
}

/** Goodput is lost only while the queue is empty and more places are free: a geometric number is that large with (x ÷ (1 + x))^queue. */
function unusedRate(free: number, goodput: number, taken: number, calmMs: number): number {
  if (calmMs <= 0 || taken <= 0) return 0;
  const serving = Math.min((goodput * calmMs) / 1000, taken);
  return (1000 / calmMs) * free * (free / (1 + free)) ** (taken - serving);
}
