/** What results show of an ejection rule. */
import type { EjectionRule } from '../../../plan/plan.js';
import type { RuleResult } from '../result.js';

/** Without the version and the checks: a rule may be for every version, and what is planned has no checks yet. */
export function ruleFigures(rule: EjectionRule): Omit<RuleResult, 'version' | 'checks'> {
  return {
    scope: rule.scope,
    source: rule.source,
    errorCodes: rule.errorCodes === null ? null : [...rule.errorCodes],
    consecutive5xx: rule.consecutive5xx,
    consecutiveGatewayErrors: rule.consecutiveGatewayErrors,
    consecutiveLocalOriginFailures: rule.consecutiveLocalOriginFailures,
    intervalMs: rule.intervalMs,
    baseEjectionTimeMs: rule.baseEjectionTimeMs,
    maxEjectionPercent: rule.maxEjectionPercent,
  };
}
