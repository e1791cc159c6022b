/** Limits of error rates, and which statuses are errors: the options checked, and what applies where they are not given. */
import { OptionError } from '../errors.js';
import { printable } from '../text/printable.js';
import { DEFAULT_MAX_ERROR_RATE } from './defaults.js';
import { checkExpected } from './expectations.js';
import type { ErrorLimits, ExpectedVersion, JudgePlan } from './plan.js';
import type { GivenErrorLimits } from './plan-options.js';
import { checkBetween } from './ranges.js';

/** `5xx`, or a status. */
const STATUS = /^([1-9]xx|[1-9]\d\d)$/;
/** Statuses and classes that can be given. */
export const MAX_ERROR_STATUSES = 100;

/** @throws OptionError naming `maxErrorRate` */
export function errorLimits(given: GivenErrorLimits): ErrorLimits {
  const limit = (value: number | 'off') =>
    value === 'off' ? null : checkBetween(value, 'maxErrorRate', 0, 1);
  if (typeof given !== 'object') return { all: limit(given), versions: [] };
  const { all = DEFAULT_MAX_ERROR_RATE, versions = {} } = given;
  const entries = versions instanceof Map ? [...versions] : Object.entries(versions);
  return {
    all: limit(all),
    versions: entries.map(([version, value]) => ({ version, limit: limit(value) })),
  };
}

/** @throws OptionError naming `maxErrorRate`, for a version that is not expected */
export function checkErrorLimits(limits: ErrorLimits, expected: readonly ExpectedVersion[] | null): void {
  for (const { version } of limits.versions) checkExpected(version, expected, 'maxErrorRate');
}

/**
 * The limit of a version's error rate, a fraction; null for none.
 *
 * @param version null: the whole run's
 */
export function errorLimit({ maxErrorRate, expected }: JudgePlan, version: string | null): number | null {
  if (maxErrorRate === null) return expected === null ? null : DEFAULT_MAX_ERROR_RATE;
  const own = maxErrorRate.versions.find((limit) => limit.version === version);
  return own === undefined ? maxErrorRate.all : own.limit;
}

/** @throws OptionError naming `errorStatuses` */
export function errorStatuses(given: readonly string[]): readonly string[] {
  if (given.length === 0 || given.length > MAX_ERROR_STATUSES) {
    throw new OptionError(
      (name) => `${name('errorStatuses')}: ${given.length} statuses were given: 1 to ${MAX_ERROR_STATUSES}.`,
    );
  }
  for (const status of given) {
    if (STATUS.test(status)) continue;
    throw new OptionError(
      (name) =>
        `${name('errorStatuses')}: '${printable(status)}' is not a status. Write statuses such as 429, or classes such as 4xx.`,
    );
  }
  return given;
}

/** A function that says whether a status is an error, by a list such as `['4xx', '503']`. */
export function errorStatusTest(statuses: readonly string[]): (status: number) => boolean {
  const known = new Set(statuses);
  return (status) => known.has(String(status)) || known.has(`${Math.floor(status / 100)}xx`);
}
