/** What was said of ejection rules before the load, as far as the run left it open. */

import type { EjectionRule, Note } from '../../plan/plan.js';
import { withoutSettled } from '../../plan/policy/ejection-notes.js';
import type { Visibility } from './result.js';

/** The notes without those on too few endpoints where enough answered. */
export function openNotes(
  notes: readonly Note[],
  rules: readonly EjectionRule[],
  visibility: readonly Visibility[],
): Note[] {
  const answered = (version: string | null): number => {
    const own =
      version === null
        ? visibility.filter((told) => !rules.some((rule) => rule.version === told.version))
        : visibility.filter((told) => told.version === version);
    return own.length === 0 ? 0 : Math.min(...own.map(({ endpoints }) => endpoints));
  };
  return withoutSettled(notes, rules, answered);
}
