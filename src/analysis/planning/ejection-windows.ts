/** What to expect of ejections by their rules. */
import type { EjectionRule } from '../../plan/plan.js';
import { maxOut } from '../../plan/policy/ejection-rule.js';
import { MAX_EJECTION_MS } from '../../plan/policy/envoy-defaults.js';
import { ruleFigures } from '../ejections/rules/rule-figures.js';
import { ejectionMs } from '../ejections/rules/sequence.js';
import type { EjectionExpectation } from './result.js';

export function expectedEjections(rules: readonly EjectionRule[]): EjectionExpectation[] {
  return rules.map((rule) => {
    const first = ejectionMs(rule, 1);
    return {
      version: rule.version,
      ...ruleFigures(rule),
      endpoints: rule.endpoints,
      // An endpoint is put back at a sweep.
      firstMs: [first, first + rule.intervalMs],
      longestMs: Math.max(MAX_EJECTION_MS, rule.baseEjectionTimeMs) + rule.intervalMs,
      maxOut: rule.endpoints === null ? null : maxOut(rule.endpoints, rule),
    };
  });
}
