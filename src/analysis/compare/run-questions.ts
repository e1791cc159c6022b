/** What is asked of two runs: shares, percentiles of latency, which answers take longer, error rates. */
import { sum } from '../../collections.js';
import { count, withoutDust } from '../../text/numbers.js';
import { COMPARED_PERCENTILES, percentileDifference, rateDifference } from '../comparisons.js';
import type { Estimate } from '../result.js';
import { shownPercentile } from '../stats/percentile-bounds.js';
import { samplesForUpperBound } from '../stats/quantile-bounds.js';
import type { Rate } from '../stats/rate-limit.js';
import { probabilityAbove } from '../stats/superiority.js';
import { drawsOf } from './draws.js';
import { histogramOf } from './histogram.js';
import type { ComparableRun, ComparableVersion } from './inputs.js';
import { type Direction, higherIsWorse } from './outcome.js';
import type { Question } from './questions.js';
import { designEffect, type Times, thinnedBy } from './spells.js';
import { type CompareTolerances, latencyToleranceUs, shareTolerance } from './tolerances.js';

/** Versions that are compared: a run against a server that invents them has thousands. */
const MAX_COMPARED_VERSIONS = 256;

/** Versions that both have; those with most requests of the reference, if there are too many. */
export function sharedVersions(
  base: ComparableRun,
  own: ComparableRun,
): { readonly shared: readonly string[]; readonly leftOut: number } {
  const names = new Set(own.versions.map(({ version }) => version));
  const both = base.versions.filter(({ version }) => names.has(version));
  const most = both.toSorted((a, b) => b.requests - a.requests).slice(0, MAX_COMPARED_VERSIONS);
  const kept = both.length <= MAX_COMPARED_VERSIONS ? both : both.filter((one) => most.includes(one));
  return { shared: kept.map(({ version }) => version), leftOut: both.length - kept.length };
}

interface Runs {
  readonly base: ComparableRun;
  readonly own: ComparableRun;
  readonly tolerances: CompareTolerances;
}

/** In the order of a report: shares, then each version's times, then errors. Versions are those that both have. */
export function runQuestions(
  base: ComparableRun,
  own: ComparableRun,
  tolerances: CompareTolerances,
): Question[] {
  const runs = { base, own, tolerances };
  const of = (run: ComparableRun, version: string) =>
    run.versions.find((one) => one.version === version) as ComparableVersion;
  const both = sharedVersions(base, own).shared.map((version) => ({
    version,
    base: of(base, version),
    own: of(own, version),
  }));
  const isOne = base.versions.length === 1 && own.versions.length === 1 && both.length === 1;
  return [
    ...both.map(({ base: a, own: b }) => shareQuestion(runs, a, b)).filter(() => !isOne),
    ...both.flatMap(({ version, base: a, own: b }) => timeQuestions(runs, version, a.latencyUs, b.latencyUs)),
    // Of one version they would be the same times twice.
    ...(isOne ? [] : timeQuestions(runs, null, base.backends.latencyUs, own.backends.latencyUs)),
    ...both.map(({ version, base: a, own: b }) => errorQuestion(runs, version, errorsOf(a), errorsOf(b))),
    errorQuestion(runs, null, base.errors, own.errors),
  ];
}

function shareQuestion(
  { base, own, tolerances }: Runs,
  a: ComparableVersion,
  b: ComparableVersion,
): Question {
  const [from, to] = [drawsOf(base, a.version), drawsOf(own, b.version)];
  // With two versions, one share is too high exactly when the other is too low.
  const isPair = base.versions.length === 2 && own.versions.length === 2;
  return {
    figure: 'share',
    version: a.version,
    percentile: null,
    unit: 'percent',
    reference: percentOf(a.share),
    value: percentOf(b.share),
    test: isPair ? 'share' : `share/${a.version}`,
    estimate(alpha) {
      if (from === null || to === null || a.share === null || b.share === null) return null;
      const most = (rate: typeof from): Rate => ({ ...rate, events: rate.events + rate.unknown });
      const [low, high] = [rateDifference(to, most(from), alpha), rateDifference(most(to), from, alpha)];
      if (low === null || high === null) return null;
      return { value: withoutDust((b.share - a.share) * 100), interval: [low.interval[0], high.interval[1]] };
    },
    tolerance: shareTolerance(tolerances, base, a.version),
    direction: (difference) => shareDirection(a, b, difference),
    reason: () => 'one of the two has no shares',
  };
}

/** Farther from the expected share is worse. Nothing is, where none is expected or not the same. */
function shareDirection(a: ComparableVersion, b: ComparableVersion, difference: number): Direction {
  const { expectedShare } = b;
  if (expectedShare === null || a.expectedShare !== expectedShare || a.share === null || b.share === null) {
    return { up: true, down: true, isWorse: null };
  }
  const isFarther = Math.abs(b.share - expectedShare) > Math.abs(a.share - expectedShare);
  return { up: true, down: true, isWorse: difference !== 0 && isFarther };
}

/** None if neither of the two has an answer of it. */
function timeQuestions(
  { base: reference, own: other, tolerances }: Runs,
  version: string | null,
  a: ComparableVersion['latencyUs'],
  b: ComparableVersion['latencyUs'],
): Question[] {
  if (a.count === 0 && b.count === 0) return [];
  const [whole, wholeOwn] = [histogramOf(a), histogramOf(b)];
  const base = thinnedBy(whole, designEffect(reference, version, whole));
  const own = thinnedBy(wholeOwn, designEffect(other, version, wholeOwn));
  const percentiles = COMPARED_PERCENTILES.map(
    (percent): Question => ({
      figure: 'latency',
      version,
      percentile: percent,
      unit: 'us',
      reference: shownPercentile(whole, percent),
      value: shownPercentile(wholeOwn, percent),
      test: `latency/${percent}/${version ?? ''}`,
      estimate: (alpha) => percentileDifference(own, base, percent, alpha),
      tolerance: latencyToleranceUs(tolerances.latency, whole.percentile(percent) ?? 0),
      direction: higherIsWorse,
      reason: (alpha) => tooFew([whole, wholeOwn], [base, own], samplesForUpperBound(percent / 100, alpha)),
    }),
  );
  return [...percentiles, slowerQuestion(version, base, own)];
}

/** It is shown and not judged: how much longer answers take is what counts. */
function slowerQuestion(version: string | null, base: Times, own: Times): Question {
  const value = probabilityAbove(own, base, 0.5)?.value ?? null;
  return {
    figure: 'slower',
    version,
    percentile: null,
    unit: 'percent',
    reference: 50,
    value: percentOf(value),
    test: `slower/${version ?? ''}`,
    estimate: (alpha) => aroundHalf(probabilityAbove(own, base, alpha)),
    tolerance: null,
    direction: higherIsWorse,
    reason: () => 'one of the two has no answers',
  };
}

function aroundHalf(part: Estimate | null): Estimate | null {
  if (part === null) return null;
  const points = (fraction: number) => withoutDust((fraction - 0.5) * 100);
  return { value: points(part.value), interval: [points(part.interval[0]), points(part.interval[1])] };
}

interface Errors {
  readonly requests: number;
  readonly errors: number;
  readonly errorRate: number | null;
}

function errorQuestion({ tolerances }: Runs, version: string | null, a: Errors, b: Errors): Question {
  const rate = ({ errors, requests }: Errors): Rate => ({ events: errors, trials: requests });
  const isKnown = a.errorRate !== null && b.errorRate !== null;
  return {
    figure: 'error-rate',
    version,
    percentile: null,
    unit: 'percent',
    reference: percentOf(a.errorRate),
    value: percentOf(b.errorRate),
    test: `errors/${version ?? ''}`,
    estimate: (alpha) => (isKnown ? rateDifference(rate(b), rate(a), alpha) : null),
    tolerance: tolerances.errors * 100,
    direction: higherIsWorse,
    reason: () => 'one of the two has no error rate',
  };
}

function errorsOf({ requests, failures, errors, errorRate }: ComparableVersion): Errors {
  return { requests: requests + sum(Object.values(failures)), errors, errorRate };
}

/** @param as what they count as: fewer, where there are slow and fast spells */
function tooFew(all: readonly Counted[], as: readonly Counted[], needed: number): string {
  const [a, b] = all.map((one) => count(one.count));
  const [x, y] = as.map((one) => count(one.count));
  const spells = a === x && b === y ? '' : ` (in slow and fast spells, so that they count as ${x} and ${y})`;
  return `too few answers: ${count(needed)} in each are needed, and there are ${a} and ${b}${spells}`;
}

interface Counted {
  readonly count: number;
}

function percentOf(fraction: number | null): number | null {
  return fraction === null ? null : withoutDust(fraction * 100);
}
