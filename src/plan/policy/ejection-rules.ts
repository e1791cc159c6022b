/** What ejections are held against: the outlier detection of manifests, and what `--eject-*` say. */

import { printable } from '../../text/printable.js';
import { makeMatcher } from '../labels/labels.js';
import type { ManifestSet, RouteRule } from '../manifests/model.js';
import type { EjectionRule, ExpectedVersion, Note } from '../plan.js';
import { backendHost } from './destination-rules.js';
import { effectiveOutlierRule } from './effective-policy.js';
import { ruleFor } from './ejection-rule.js';
import { endpointCount, serviceOf } from './endpoint-count.js';
import { ENVOY_OUTLIER_DEFAULTS } from './envoy-defaults.js';
import { sourceOf } from './kept-policies.js';

/** Port of a backend when neither it nor its Service tells. */
const USUAL_PORT = 80;

/**
 * The rule of each backend that has outlier detection, merged as istiod does, by the backend's name.
 *
 * @returns the rules, and notes on what is in force though nobody wrote it
 * @throws UserError for a value of the wrong type or out of range, naming resource and field
 */
export function ejectionRulesOf(
  set: ManifestSet,
  rule: RouteRule,
): { rules: readonly EjectionRule[]; notes: readonly Note[] } {
  const rules = new Map<string, EjectionRule>();
  const notes = new Map<string, Note>();
  for (const backend of rule.backends) {
    const host = backendHost(backend);
    if (host === null || rules.has(backend.name)) continue;
    const { namespace, subset } = backend;
    const known = serviceOf(set, backend);
    const onlyPort = known?.ports.length === 1 ? known.ports[0]?.port : undefined;
    const port = backend.port ?? onlyPort ?? USUAL_PORT;
    const found = effectiveOutlierRule(set, { namespace, host }, port, subset);
    if (found === null) continue;
    const { detection, from, subsetLabels } = found;
    const source = sourceOf({ ref: from });
    rules.set(backend.name, {
      version: backend.name,
      source,
      consecutive5xx: detection.consecutive5xxErrors,
      consecutiveGatewayErrors: detection.consecutiveGatewayErrors,
      consecutiveLocalOriginFailures: detection.consecutiveLocalOriginFailures,
      intervalMs: detection.intervalMs,
      baseEjectionTimeMs: detection.baseEjectionTimeMs,
      maxEjectionPercent: detection.maxEjectionPercent,
      minHealthPercent: detection.minHealthPercent,
      endpoints: endpointCount(set, backend, subsetLabels),
    });
    const note = (text: string) => notes.set(text, { code: 'ejection-rule', text: `${source}: ${text}` });
    const { consecutiveGatewayErrors, minHealthPercent, given } = detection;
    if (consecutiveGatewayErrors > 0 && !given.includes('consecutive5xxErrors')) {
      note(
        "consecutiveGatewayErrors alone leaves Envoy's own count in force: 5 × 5xx of any kind in a row eject as well " +
          '(consecutive5xxErrors: 0 switches that off).',
      );
    }
    if (minHealthPercent > 0) {
      note(
        `when fewer than ${minHealthPercent} % of the endpoints are healthy (minHealthPercent), Envoy sends requests to ejected ones too.`,
      );
    }
  }
  return { rules: [...rules.values()], notes: [...notes.values()] };
}

/** What `--eject-*` say; undefined for what is not given. */
export interface GivenEjection {
  /** 5xx in a row that eject. */
  readonly after: number | undefined;
  readonly baseMs: number | undefined;
  readonly intervalMs: number | undefined;
  readonly maxPercent: number | undefined;
  /** As typed: `--eject-after 5 --eject-base 30s` */
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
