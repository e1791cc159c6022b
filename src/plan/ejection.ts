/** The ejection options: checked, laid over the manifests' rules, and by the names of the expected versions. */

import { printable } from '../text/printable.js';
import { makeMatcher } from './labels/labels.js';
import type { EjectionRule, ExpectedVersion, Note } from './plan.js';
import type { EjectionOptions } from './plan-options.js';
import { ruleFor } from './policy/ejection-rule.js';
import { ENVOY_OUTLIER_DEFAULTS } from './policy/envoy-defaults.js';
import { checkCount, checkDurationMs, FAILURES_IN_A_ROW, PERCENT } from './ranges.js';

/** Gateways keep these times in whole milliseconds. */
const MIN_MS = 1;

/** The options that are given; undefined for the others. */
export interface GivenEjection {
  /** 5xx in a row that eject. */
  readonly after: number | undefined;
  readonly baseMs: number | undefined;
  readonly intervalMs: number | undefined;
  readonly maxPercent: number | undefined;
  /** What reports call it: `--eject-after 5 --eject-base 30s` */
  readonly text: string;
}

/** The rule of an outlier detection that sets nothing. */
const DEFAULT_RULE = {
  ...ENVOY_OUTLIER_DEFAULTS,
  consecutiveGatewayErrors: 0,
  consecutiveLocalOriginFailures: null,
  minHealthPercent: 0,
  endpoints: null,
} as const;

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

/**
 * Lays what was given over the rules. Where a version has none, one for all such versions comes from it and
 * Envoy's defaults.
 *
 * @param rules at most one per version
 * @param given null: nothing
 * @param expected the versions; null when they are not known
 */
export function withGiven(
  rules: readonly EjectionRule[],
  given: GivenEjection | null,
  expected: readonly ExpectedVersion[] | null,
): readonly EjectionRule[] {
  if (given === null) return rules;
  const over = (rule: EjectionRule, source: string): EjectionRule => ({
    ...rule,
    source,
    consecutive5xx: given.after ?? rule.consecutive5xx,
    baseEjectionTimeMs: given.baseMs ?? rule.baseEjectionTimeMs,
    intervalMs: given.intervalMs ?? rule.intervalMs,
    maxEjectionPercent: given.maxPercent ?? rule.maxEjectionPercent,
  });
  const laid = rules.map((rule) => over(rule, `${rule.source} with ${given.text}`));
  const all = expected?.every(({ name }) => ruleFor(rules, name) !== null);
  if (all || rules.some(({ version }) => version === null)) return laid;
  return [...laid, over({ version: null, source: '', ...DEFAULT_RULE }, given.text)];
}

/**
 * The rules by the names of the expected versions: with `--expect v1=…` the backend `backend-v1` is `v1`.
 *
 * @returns the rules, and a note for each that is for none of them
 */
export function namedAsExpected(
  rules: readonly EjectionRule[],
  expected: readonly ExpectedVersion[] | null,
): { rules: readonly EjectionRule[]; notes: readonly Note[] } {
  if (expected === null) return { rules, notes: [] };
  // A rule is found by what the version is called, whatever stands for it in responses.
  const match = makeMatcher(expected.map(({ name }) => ({ name, mapped: [] })));
  const named = new Map<string | null, EjectionRule>();
  const notes: Note[] = [];
  for (const rule of rules) {
    const found = rule.version === null ? null : match(rule.version);
    const version = found?.kind === 'match' ? found.name : rule.version;
    if (named.has(version)) continue;
    named.set(version, { ...rule, version });
    if (found === null || found.kind === 'match') continue;
    const text = `${rule.source} is for ${printable(rule.version ?? '')}, which is not expected by that name: it is held against nothing that is called otherwise.`;
    notes.push({ code: 'ejection-rule', text });
  }
  return { rules: [...named.values()], notes };
}
