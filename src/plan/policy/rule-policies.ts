/** What policies of one kind make of a rule. */
import type { EjectionRule, KeptPolicy, Note } from '../plan.js';

export interface AppliedPolicies {
  readonly policies: readonly KeptPolicy[];
  /** Their versions are names of the rule's backends. */
  readonly ejection: readonly EjectionRule[];
  readonly notes: readonly Note[];
}
