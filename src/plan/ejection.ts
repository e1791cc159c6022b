/** The ejection options: checks them, and puts their values into the manifests' rules. */
import { OptionError } from '../errors.js';
import { printable } from '../text/printable.js';
import { MAX_VERSIONS } from './expectations.js';
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
  /** How reports name these values: `--eject-after 5 --eject-base 30s`. */
  readonly text: string;
}

/** The rule of an outlier detection without any field. */
const DEFAULT_RULE = {
  scope: 'version',
  errorCodes: null,
  ...ENVOY_OUTLIER_DEFAULTS,
  consecutiveGatewayErrors: 0,
  consecutiveLocalOriginFailures: null,
  alwaysEjectsOne: false,
  minHealthPercent: 0,
  endpoints: null,
  asked: false,
} as const;

/**
 * @returns null if none is given
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
 * Replaces values of the rules by the given ones. Versions without a rule get one together: the given values, and
 * Envoy's defaults for the others.
 *
 * @param rules at most one per version
 * @param given null: nothing is replaced
 * @param expected the expected versions; null if they are not known
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
    asked: true,
    consecutive5xx: given.after ?? rule.consecutive5xx,
    baseEjectionTimeMs: given.baseMs ?? rule.baseEjectionTimeMs,
    intervalMs: given.intervalMs ?? rule.intervalMs,
    maxEjectionPercent: given.maxPercent ?? rule.maxEjectionPercent,
  });
  const replaced = rules.map((rule) => over(rule, `${rule.source} with ${given.text}`));
  const all = expected?.every(({ name }) => ruleFor(rules, name) !== null);
  if (all || rules.some(({ version }) => version === null)) return replaced;
  return [...replaced, over({ version: null, source: '', ...DEFAULT_RULE }, given.text)];
}

/**
 * @returns the rules
 * @throws OptionError naming `ejection`, if a version has two, or if there are more than versions can be expected
 */
export function checkRules(rules: readonly EjectionRule[]): readonly EjectionRule[] {
  const fail = (why: string) => new OptionError((name) => `${name('ejection')} ${why}.`);
  if (rules.length > MAX_VERSIONS + 1) {
    throw fail(
      `has ${rules.length} rules; at most ${MAX_VERSIONS}, and one for all other versions, are compared`,
    );
  }
  if (new Set(rules.map(({ version }) => version)).size < rules.length)
    throw fail('has two rules for one version');
  return rules;
}

/**
 * Renames the rules' versions to the expected versions: with `--expect v1=…`, the rule for `backend-v1` is for `v1`.
 *
 * @returns the rules, and a note for each that is not for an expected version
 */
export function namedAsExpected(
  rules: readonly EjectionRule[],
  expected: readonly ExpectedVersion[] | null,
): { rules: readonly EjectionRule[]; notes: readonly Note[] } {
  if (expected === null) return { rules, notes: [] };
  // Rules are matched by the version's name. Its labels in responses do not matter here.
  const match = makeMatcher(expected.map(({ name }) => ({ name, mapped: [] })));
  const named = new Map<string | null, EjectionRule>();
  const notes: Note[] = [];
  for (const rule of rules) {
    const found = rule.version === null ? null : match(rule.version);
    const version = found?.kind === 'match' ? found.name : rule.version;
    if (named.has(version)) continue;
    named.set(version, { ...rule, version });
    if (found === null || found.kind === 'match') continue;
    const text = `${rule.source} is for ${printable(rule.version ?? '')}, which is not the name of an expected version: no other version is compared with it.`;
    notes.push({ code: 'ejection-rule', text });
  }
  return { rules: [...named.values()], notes };
}
