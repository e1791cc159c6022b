/** What was noted on ejection rules before the load, as far as it is still open after the run. */

import type { EjectionRule, LoadPlan, Note } from '../../plan/plan.js';
import { withoutSettled } from '../../plan/policy/ejection-notes.js';
import type { Visibility } from './result.js';

/** The notes without those on too few endpoints where enough answered. `rules`, `load`: of the plan. */
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
