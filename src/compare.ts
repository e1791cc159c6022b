/** Compares results: a first one with each of the others. For the command line and for library users. */
import { compareResults } from './analysis/compare/compare-results.js';
import {
  type Comparable,
  type ComparableLimits,
  type ComparableRun,
  isLimits,
  type Named,
} from './analysis/compare/inputs.js';
import type { CompareResult } from './analysis/compare/result.js';
import {
  type CompareTolerances,
  compareTolerances,
  standIn,
  type ToleranceOptions,
} from './analysis/compare/tolerances.js';
import { UserError } from './errors.js';
import { packageVersion } from './io/package-root.js';
import { DEFAULT_CONFIDENCE } from './plan/defaults.js';
import { CONFIDENCE, checkRange } from './plan/ranges.js';
import { checkToleranceVersions } from './plan/tolerance.js';
import { printable } from './text/printable.js';

export type { LatencyTolerance } from './analysis/compare/tolerances.js';
export type { Comparable, ComparableLimits, ComparableRun };

/** More than a table of one screen has room for. */
const MAX_COMPARED = 16;

/** The options of {@link compare}. Times are in ms, rates and parts are fractions. */
export interface CompareOptions extends ToleranceOptions {
  /** What the results are called, in their order; default: `1`, `2`, … */
  readonly names?: readonly string[] | undefined;
  /** With which all intervals hold together, a fraction from 0.5 to 0.9999; default 0.95. */
  readonly confidence?: number | undefined;
}

/**
 * How results of `run`, `analyze` or `findLimits` differ from the first one: which differences are shown, which are too small to
 * count, and which cannot be told. `readResult` reads results from files.
 *
 * @param results 2 to 16, all of runs or all of searches for limits
 * @throws OptionError naming an option that is wrong
 * @throws UserError for results that cannot be compared
 */
export function compare(results: readonly Comparable[], options: CompareOptions = {}): CompareResult {
  const { names = results.map((_, i) => String(i + 1)), confidence = DEFAULT_CONFIDENCE } = options;
  const tolerances = compareTolerances(options);
  checkRange(confidence, 'confidence', CONFIDENCE);
  const named = results.map((result, i): Named<Comparable> => ({ name: names[i] ?? String(i + 1), result }));
  checkNumber(named.map(({ name }) => name));
  const [runs, limits] = [named.filter(isRun), named.filter(isSearch)];
  const [run, search] = [runs[0], limits[0]];
  if (run !== undefined && search !== undefined) {
    throw new UserError(
      `${printable(search.name)} is a result of 'weighbridge limits', and ${printable(run.name)} one of a run: give results of one kind.`,
    );
  }
  checkVersions(tolerances, runs);
  const tool = { version: packageVersion(), command: null };
  return compareResults(run === undefined ? limits : runs, { tolerances, confidence, tool });
}

function isRun(named: Named<Comparable>): named is Named<ComparableRun> {
  return !isLimits(named.result);
}

function isSearch(named: Named<Comparable>): named is Named<ComparableLimits> {
  return isLimits(named.result);
}

/**
 * @param names of the results
 * @throws UserError for fewer than two, or too many
 */
export function checkNumber(names: readonly string[]): void {
  if (names.length >= 2 && names.length <= MAX_COMPARED) return;
  const [only] = names;
  throw new UserError(
    names.length < 2
      ? `Nothing to compare with: give at least two results, the reference first${only === undefined ? '' : ` (only ${printable(only)} was given)`}.`
      : `At most ${MAX_COMPARED} results are compared, not ${names.length}.`,
  );
}

/** A tolerance of a version that no result has is a typing error. */
function checkVersions({ shares }: CompareTolerances, runs: readonly Named<ComparableRun>[]): void {
  if (shares === null || runs.length === 0) return;
  const versions = runs.flatMap(({ result }) => result.versions);
  const names = new Set(versions.map(({ version }) => version));
  checkToleranceVersions(
    shares,
    [...names].map((name) => standIn(name, 0)),
  );
}
