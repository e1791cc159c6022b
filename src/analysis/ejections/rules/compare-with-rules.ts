/** Compares windows with the rules: each window gets its n, its expected duration and a verdict. */

import type { EjectionRule } from '../../../plan/plan.js';
import { countedTogether, ruleFor } from '../../../plan/policy/ejection-rule.js';
import type { EjectionWindow, RuleCheck, RuleResult } from '../result.js';
import { allowedMs, judgeDuration, judgeReported } from './duration.js';
import { checksOf } from './rule-checks.js';
import { type Counted, isCertainlyByRule, type RuleContext } from './rule-context.js';
import { ruleFigures } from './rule-figures.js';
import { type Sequence, sequencesOf } from './sequence.js';
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

/** Windows with what the rules say of them, and a result per version that was seen or has its own rule. */
export interface ComparedWindows {
  readonly windows: EjectionWindow[];
  readonly rules: RuleResult[];
}

/** @returns the windows in the same order */
export function compareWithRules({ windows, streaks, endpointsSeen, rules }: RuleInput): ComparedWindows {
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
      const numbered = {
        ...window,
        sequence: sequence.estimate,
        sequenceBounds: [lo, hi] as [number, number],
      };
      held.set(
        window,
        window.kind === 'ejected'
          ? { ...numbered, ...judged(window, rule, sequence, isSure(window)) }
          : { ...numbered, expectedDurationMs: null, verdict: null },
      );
    });
  }
  return windows.map((window) => held.get(window) as EjectionWindow);
}

/** The verdict on a window's length: the client's, or the gateway's where the client's bounds leave it open. */
function judged(
  window: EjectionWindow,
  rule: EjectionRule,
  sequence: Sequence,
  isSure: boolean,
): Pick<EjectionWindow, 'expectedDurationMs' | 'verdict' | 'reported'> {
  const { reported } = window;
  const expectedDurationMs = allowedMs(rule, sequence);
  const verdict = judgeDuration(window, rule, sequence, isSure);
  if (verdict !== 'inconclusive' || reported === null) return { expectedDurationMs, verdict, reported };
  const byGateway = judgeReported(reported, rule, sequence);
  if (byGateway === 'inconclusive') return { expectedDurationMs, verdict, reported };
  const settles = [...reported.settles, 'verdict' as const];
  return { expectedDurationMs, verdict: byGateway, reported: { ...reported, settles } };
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
    ...ruleFigures(rule),
    checks,
  };
}
