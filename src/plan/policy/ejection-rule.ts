/** Reading and wording of ejection rules. */
import { inSeconds } from '../../text/durations.js';
import { errorsInWords } from '../../text/statuses.js';
import type { EjectionRule } from '../plan.js';
import { isGatewayError } from './counted-status.js';
import type { OutlierDetection } from './outlier-detection.js';

/** The rule that an outlier detection makes for a version. */
export function ejectionRuleFrom(
  detection: OutlierDetection,
  about: Pick<EjectionRule, 'version' | 'scope' | 'source' | 'endpoints'>,
): EjectionRule {
  const { errorCodes, consecutiveGatewayErrors } = detection;
  const hasGatewayErrors = errorCodes === null || errorCodes.some(isGatewayError);
  return {
    version: about.version,
    scope: about.scope,
    source: about.source,
    errorCodes,
    consecutive5xx: detection.consecutive5xxErrors,
    consecutiveGatewayErrors: hasGatewayErrors ? consecutiveGatewayErrors : 0,
    consecutiveLocalOriginFailures: detection.consecutiveLocalOriginFailures,
    intervalMs: detection.intervalMs,
    baseEjectionTimeMs: detection.baseEjectionTimeMs,
    maxEjectionPercent: detection.maxEjectionPercent,
    alwaysEjectsOne: detection.alwaysEjectsOne,
    minHealthPercent: detection.minHealthPercent,
    endpoints: about.endpoints,
    asked: false,
  };
}

/** The rule that a version's ejections are compared with: its own, else the one for all versions; null without either. */
export function ruleFor(rules: readonly EjectionRule[], version: string): EjectionRule | null {
  return (
    rules.find((rule) => rule.version === version) ?? rules.find((rule) => rule.version === null) ?? null
  );
}

/** How many of so many endpoints the rule lets be out at once, as Envoy 1.40 counts. */
export function maxOut(
  endpoints: number,
  { maxEjectionPercent, alwaysEjectsOne }: Pick<EjectionRule, 'maxEjectionPercent' | 'alwaysEjectsOne'>,
): number {
  // Whole numbers first: 100 × 0.29 is less than 29.
  const allowed = Math.floor((endpoints * maxEjectionPercent) / 100);
  return alwaysEjectsOne && endpoints > 0 ? Math.max(1, allowed) : allowed;
}

/** Whether the endpoints of both versions are counted together for a rule's percentages. */
export function countedTogether(a: EjectionRule | null, b: EjectionRule | null): boolean {
  return a?.scope === 'route' && b?.scope === 'route';
}

/** `5 × 5xx in a row, base 30 s, interval 10 s, at most 50 % out` */
export function ejectionRuleInWords(rule: EjectionRule): string {
  const { consecutive5xx: any, consecutiveGatewayErrors: gateway, maxEjectionPercent } = rule;
  return [
    `${any} × ${errorsInWords(rule.errorCodes)} in a row`,
    ...(gateway > 0 ? [`${gateway} gateway errors in a row`] : []),
    `base ${inSeconds(rule.baseEjectionTimeMs)}`,
    `interval ${inSeconds(rule.intervalMs)}`,
    `at most ${maxEjectionPercent} % out`,
  ].join(', ');
}
