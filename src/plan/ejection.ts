/** The ejection options: checked, and named for reports. */
import type { EjectionOptions } from './plan-options.js';
import type { GivenEjection } from './policy/ejection-rules.js';
import { checkCount, checkDurationMs, FAILURES_IN_A_ROW, PERCENT } from './ranges.js';

/** Gateways keep these times in whole milliseconds. */
const MIN_MS = 1;

/**
 * @returns null when none is given
 * @throws OptionError naming the option that is out of range
 */
export function makeEjection(options: EjectionOptions | undefined): GivenEjection | null {
  const { after, baseMs, intervalMs, maxPercent } = options ?? {};
  const given = Object.entries({ after, baseMs, intervalMs, maxPercent }).filter(
    ([, value]) => value !== undefined,
  );
  if (given.length === 0) return null;
  if (after !== undefined) checkCount(after, 'ejection.after', FAILURES_IN_A_ROW);
  if (baseMs !== undefined) checkDurationMs(baseMs, 'ejection.baseMs', MIN_MS);
  if (intervalMs !== undefined) checkDurationMs(intervalMs, 'ejection.intervalMs', MIN_MS);
  if (maxPercent !== undefined) checkCount(maxPercent, 'ejection.maxPercent', PERCENT);
  const text = options?.source ?? given.map(([key, value]) => `ejection.${key} ${value}`).join(', ');
  return { after, baseMs, intervalMs, maxPercent, text };
}
