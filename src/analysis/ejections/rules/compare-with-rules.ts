/** Compares windows with the rules: each window gets its n, its expected duration and a verdict. */

import type { EjectionRule } from '../../../plan/plan.js';
import { countedTogether, ruleFor } from '../../../plan/policy/ejection-rule.js';
import { printable } from '../../../text/printable.js';
import type { Check } from '../../result.js';
import type { EjectionWindow, RuleCheck, RuleResult } from '../result.js';
import { allowedMs, judgeDuration } from './duration.js';
import { checksOf } from './rule-checks.js';
import { type Counted, isCertainlyByRule, type RuleContext } from './rule-context.js';
import { sequencesOf } from './sequence.js';
import type { StreakRecord } from './streak-record.js';

/** What the client saw, and the rules that it is compared with. */
export interface RuleInput {
  /** In order of start. `sequence`, `sequenceBounds`, `expectedDurationMs` and `verdict` are ignored. */
  readonly windows: readonly EjectionWindow[];
  readonly streaks: readonly StreakRecord[];
  /** How many endpoints answered, by version; 0 if the version's responses name none. */
  readonly endpointsSeen: ReadonlyMap<string, number>;
  readonly rules: readonly EjectionRule[];
}

/**
 * @returns the windows in the same order, and a result per version that was seen or has its own rule
 */
export function compareWithRules({ windows, streaks, endpointsSeen, rules }: RuleInput): {
  windows: EjectionWindow[];
  rules: RuleResult[];
} {
  const versions = new Set([
    ...endpointsSeen.keys(),
    ...windows.map(({ version }) => version),
    ...rules.flatMap(({ version }) => version ?? []),
  ]);
  /** The endpoints that the rule of a version counts, with these windows. */
  const countedFor = (version: string, all: readonly EjectionWindow[]): Counted => {
    const rule = ruleFor(rules, version);
    const together = [...versions].filter(
      (other) => other === version || countedTogether(rule, ruleFor(rules, other)),
    );
    return {
      windows: all.filter((window) => together.includes(window.version)),
      seen: together.reduce((sum, other) => sum + (endpointsSeen.get(other) ?? 0), 0),
    };
  };
  const streaksOf = (version: string) =>
    streaks.filter((streak) => streak.version === version && streak.triggerMs !== null);
  const judged = new Map<EjectionWindow, EjectionWindow>();
  for (const version of versions) {
    const own = windows.filter((window) => window.version === version);
    const rule = ruleFor(rules, version);
    const held =
      rule === null ? numbered(own) : withRule(own, streaksOf(version), rule, countedFor(version, windows));
    own.forEach((window, i) => {
      judged.set(window, held[i] as EjectionWindow);
    });
  }
  const all = windows.map((window) => judged.get(window) as EjectionWindow);
  const results: RuleResult[] = [];
  for (const version of versions) {
    const rule = ruleFor(rules, version);
    if (rule === null) continue;
    const context: RuleContext = {
      rule,
      windows: all.filter((window) => window.version === version),
      streaks: streaksOf(version),
      counted: countedFor(version, all),
    };
    results.push(
      ruleResult(
        version,
        rule,
        checksOf(context).map((check) => mildIfPanicking(check, rule)),
      ),
    );
  }
  return { windows: all, rules: results };
}

/** The checks that count in a run's verdict. Inconclusive ones do not change it, nor the exit status. */
export function ejectionChecks(rules: readonly RuleResult[]): Check[] {
  return rules.flatMap(({ version, checks }) =>
    checks
      .filter(({ verdict }) => verdict !== 'inconclusive')
      .map(({ name, verdict, figure, bound }) => ({
        name: `ejections/${version}/${name}`,
        verdict,
        figure,
        bound: [...bound],
        interval: null,
        requestsNeeded: null,
        text: `the ejections of ${printable(version, 40)} ${verdict === 'pass' ? 'keep' : 'break'} their rule (${name})`,
      })),
  );
}

/** With a panic threshold, ejected endpoints may be sent requests too, so the client cannot see that a rule is broken. */
function mildIfPanicking(check: RuleCheck, { minHealthPercent }: EjectionRule): RuleCheck {
  if (minHealthPercent === 0 || check.verdict !== 'fail') return check;
  const why = `With fewer than ${minHealthPercent} % healthy endpoints (minHealthPercent) Envoy sends requests to ejected ones too.`;
  return { ...check, verdict: 'inconclusive', text: `${check.text} ${why}` };
}

/** Without a rule: numbers the windows of each endpoint. */
function numbered(windows: readonly EjectionWindow[]): EjectionWindow[] {
  const counts = new Map<string, number>();
  return windows.map((window) => {
    const n = (counts.get(window.endpoint) ?? 0) + 1;
    counts.set(window.endpoint, n);
    return { ...window, sequence: n, sequenceBounds: [n, n], expectedDurationMs: null, verdict: null };
  });
}

/** @param windows of one version, as `streaks` */
function withRule(
  windows: readonly EjectionWindow[],
  streaks: readonly StreakRecord[],
  rule: EjectionRule,
  counted: Counted,
): EjectionWindow[] {
  const isSure = (window: EjectionWindow) => isCertainlyByRule(window, { rule, counted });
  const held = new Map<EjectionWindow, EjectionWindow>();
  const streaksOf = byEndpoint(streaks);
  for (const [endpoint, own] of byEndpoint(windows)) {
    const sequences = sequencesOf(own, streaksOf.get(endpoint) ?? [], rule, isSure);
    own.forEach((window, i) => {
      const sequence = sequences[i] as (typeof sequences)[number];
      const [lo, hi] = sequence.bounds;
      const ejected = window.kind === 'ejected';
      held.set(window, {
        ...window,
        sequence: sequence.estimate,
        sequenceBounds: [lo, hi],
        expectedDurationMs: ejected ? allowedMs(rule, sequence) : null,
        verdict: ejected ? judgeDuration(window, rule, sequence, isSure(window)) : null,
      });
    });
  }
  return windows.map((window) => held.get(window) as EjectionWindow);
}

function byEndpoint<T extends { readonly endpoint: string }>(all: readonly T[]): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const one of all) {
    const own = found.get(one.endpoint);
    if (own === undefined) found.set(one.endpoint, [one]);
    else own.push(one);
  }
  return found;
}

function ruleResult(version: string, rule: EjectionRule, checks: RuleResult['checks']): RuleResult {
  return {
    version,
    scope: rule.scope,
    source: rule.source,
    errorCodes: rule.errorCodes === null ? null : [...rule.errorCodes],
    consecutive5xx: rule.consecutive5xx,
    consecutiveGatewayErrors: rule.consecutiveGatewayErrors,
    consecutiveLocalOriginFailures: rule.consecutiveLocalOriginFailures,
    intervalMs: rule.intervalMs,
    baseEjectionTimeMs: rule.baseEjectionTimeMs,
    maxEjectionPercent: rule.maxEjectionPercent,
    checks,
  };
}
