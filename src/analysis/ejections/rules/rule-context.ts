/** What the checks of a version's rule need, and which windows are certainly ejections by the rule. */

import type { EjectionRule } from '../../../plan/plan.js';
import { isGatewayError } from '../../../plan/policy/counted-status.js';
import { maxOut } from '../../../plan/policy/ejection-rule.js';
import { MERGE_WINDOW_MS } from '../../../plan/policy/envoy-defaults.js';
import { SLACK_MS } from '../../envoy-timing.js';
import type { EjectionWindow } from '../result.js';
import { longestWithAtMost, maxAtOnce, type OutSpan, type Span } from './out-at-once.js';
import type { StreakRecord } from './streak-record.js';

/** Of one version. */
export interface RuleContext {
  readonly rule: EjectionRule;
  /** Windows of the version, in order of start. */
  readonly windows: readonly EjectionWindow[];
  /** Streaks of the version that reached one of the rule's counts. */
  readonly streaks: readonly StreakRecord[];
  readonly counted: Counted;
}

/** The endpoints that the rule's percentages are of: those of the version, or with the scope `route` of all versions. */
export interface Counted {
  /** Their windows. */
  readonly windows: readonly EjectionWindow[];
  /** How many answered. */
  readonly seen: number;
}

/** An endpoint by its names. */
type EndpointOfVersion = Pick<EjectionWindow, 'version' | 'endpoint'>;

/** What is needed to count endpoints that are out. */
type OutContext = Pick<RuleContext, 'rule' | 'counted'>;

/** Windows that followed 5xx. */
export function ejectedOf({ windows }: Pick<RuleContext, 'windows'>): readonly EjectionWindow[] {
  return windows.filter(({ kind }) => kind === 'ejected');
}

/** Whether the windows show that several gateways eject separately. */
export function severalGateways({ counted }: Pick<RuleContext, 'counted'>): boolean {
  return counted.windows.some(({ fraction }) => fraction < 1);
}

/** Whether `consecutiveGatewayErrors` ejects before the count of all 5xx does. */
export function gatewayBinds({
  consecutive5xx: any,
  consecutiveGatewayErrors: gateway,
}: EjectionRule): boolean {
  return gateway > 0 && (any === 0 || gateway < any);
}

/** The rule's count that the streak before the window filled, and its size; null: none. */
export function causeOf(
  { trigger }: EjectionWindow,
  rule: EjectionRule,
): { readonly cause: NonNullable<StreakRecord['cause']>; readonly asked: number } | null {
  const { consecutive5xx: any, consecutiveGatewayErrors: gateway } = rule;
  const all = Object.entries(trigger?.statuses ?? {});
  const byGateway = all
    .filter(([status]) => isGatewayError(Number(status)))
    .reduce((sum, [, n]) => sum + n, 0);
  const onlyGateway = all.every(([status]) => isGatewayError(Number(status)));
  if (gatewayBinds(rule) && (onlyGateway || byGateway >= gateway)) {
    return { cause: 'gateway-errors', asked: gateway };
  }
  return any > 0 ? { cause: '5xx', asked: any } : null;
}

/** Whether at least as many 5xx of the endpoint preceded the window as the rule requires. */
export function followsRule(window: EjectionWindow, rule: EjectionRule): boolean {
  const { trigger } = window;
  const cause = causeOf(window, rule);
  return trigger !== null && cause !== null && trigger.endpointKnown && trigger.consecutive >= cause.asked;
}

/**
 * Whether the window is certainly an ejection by the rule. It began as soon as Envoy can eject, the rule's maximum allowed
 * it, and it had not ended when Envoy had certainly applied it. Otherwise the endpoint may have been ejected later, or absent
 * for another reason; and each of several gateways ejects separately.
 */
export function isCertainlyByRule(window: EjectionWindow, context: OutContext): boolean {
  // With a panic threshold, ejected endpoints may be sent requests too.
  if (severalGateways(context) || context.rule.minHealthPercent > 0) return false;
  const { trigger, endBoundsMs } = window;
  if (trigger === null || !isAtOnce(window, context.rule)) return false;
  const { lastErrorMs } = trigger;
  const takenUp = (endBoundsMs[1] ?? Number.POSITIVE_INFINITY) > lastErrorMs + MERGE_WINDOW_MS + SLACK_MS;
  return takenUp && mayGo(context, window, lastErrorMs);
}

/** Whether the window began as soon as Envoy can eject after the rule's count was filled. */
function isAtOnce(window: EjectionWindow, rule: EjectionRule): boolean {
  const { trigger, startBoundsMs } = window;
  const [startMs] = startBoundsMs;
  if (trigger === null || startMs === null || !followsRule(window, rule)) return false;
  return startMs - trigger.lastErrorMs <= MERGE_WINDOW_MS + SLACK_MS;
}

/**
 * The largest number of endpoints that were out at once: after 5xx, certainly ejected, and possibly ejected. An endpoint that
 * crashes after its 5xx is out as well. So an endpoint is certainly ejected only if it went out at exactly the rule's count,
 * and for a time that the rule gives.
 */
export function outAtOnce({ counted, rule }: OutContext): { out: number; sure: number; possible: number } {
  const { windows } = counted;
  const after5xx = windows.filter(({ kind, fraction }) => kind === 'ejected' && fraction >= 1);
  const sure = after5xx.filter(
    (window) =>
      window.verdict === 'pass' &&
      isAtOnce(window, rule) &&
      (window.leaked ?? 0) <= (window.trigger?.inFlight ?? 0),
  );
  const possible = windows.filter(({ kind }) => kind !== 'left');
  return {
    out: maxAtOnce(after5xx.map(certainlyOut)),
    sure: maxAtOnce(sure.map(certainlyOut)),
    possible: maxAtOnce(possible.map((window) => possiblyOut(window, 0))),
  };
}

/** When it was certainly out. */
function certainlyOut(window: EjectionWindow): OutSpan {
  const { startBoundsMs, endBoundsMs } = window;
  return { endpoint: keyOf(window), span: [startBoundsMs[1] + SLACK_MS, endBoundsMs[0] - SLACK_MS] };
}

/**
 * The longest part of a span in which the rule allowed one more ejection, ms, for any endpoints that may have been out.
 *
 * @param endpoint the one to be ejected
 */
export function longestAllowed(context: OutContext, endpoint: EndpointOfVersion, span: Span): number {
  return longestWithAtMost(othersOut(context, endpoint, span), span, maxCertainlyAllowed(context) - 1);
}

/** Whether the rule certainly allowed the endpoint's ejection at that time. */
function mayGo(context: OutContext, endpoint: EndpointOfVersion, atMs: number): boolean {
  const others = othersOut(context, endpoint, [atMs, atMs]);
  return new Set(others.map((other) => other.endpoint)).size < maxCertainlyAllowed(context);
}

/** How many endpoints the rule certainly allows out, even if those that never answered are out too. */
function maxCertainlyAllowed({ rule, counted: { seen } }: OutContext): number {
  const unseen = Math.max(0, (rule.endpoints ?? seen) - seen);
  return Math.min(maxOut(seen + unseen, rule) - unseen, maxOut(Math.min(rule.endpoints ?? seen, seen), rule));
}

/** When the gateway may have had other endpoints out. */
function othersOut({ counted }: OutContext, own: EndpointOfVersion, [fromMs, toMs]: Span): OutSpan[] {
  const lateMs = MERGE_WINDOW_MS + SLACK_MS;
  const others = counted.windows.filter(
    ({ version, endpoint, startBoundsMs: [begin], endBoundsMs: [, end] }) =>
      (endpoint !== own.endpoint || version !== own.version) &&
      (begin === null || begin - lateMs <= toMs) &&
      (end === null || end + lateMs >= fromMs),
  );
  return others.map((window) => possiblyOut(window, lateMs));
}

/** When the gateway may have had it out. */
function possiblyOut(window: EjectionWindow, lateMs: number): OutSpan {
  const { startBoundsMs, endBoundsMs } = window;
  const from = startBoundsMs[0] ?? Number.NEGATIVE_INFINITY;
  const to = endBoundsMs[1] ?? Number.POSITIVE_INFINITY;
  return { endpoint: keyOf(window), span: [from - lateMs, to + lateMs] };
}

/** Names an endpoint among those of all versions. */
function keyOf({ version, endpoint }: EndpointOfVersion): string {
  // Labels have no line breaks.
  return `${version}\n${endpoint}`;
}
