/** Notes on ejection rules that were made before the load and still apply after the run. */

import type { EjectionRule, LoadPlan, Note } from '../../plan/plan.js';
import { withoutSettled } from '../../plan/policy/ejection-notes.js';
import type { Visibility } from './result.js';

/** Removes notes on too few endpoints if enough endpoints answered. `rules`, `load`: those of the plan. */
export function withoutSettledNotes(
  notes: readonly Note[],
  rules: readonly EjectionRule[],
  load: LoadPlan,
  visibility: readonly Visibility[],
): Note[] {
  const answered = (version: string | null): number => {
    const own =
      version === null
        ? visibility.filter((seen) => !rules.some((rule) => rule.version === seen.version))
        : visibility.filter((seen) => seen.version === version);
    return own.length === 0 ? 0 : Math.min(...own.map(({ endpoints }) => endpoints));
  };
  return withoutSettled(notes, rules, load, answered);
}
