/** The checks of a run and its split: of a run until its verdict, those of the look that decided. */
import type { CheckInput } from './checks/check-input.js';
import { isJudged, makeChecks } from './checks/index.js';
import { splitResult, strangerChecks } from './checks/split.js';
import type { Looks } from './looks/looks.js';
import type { Check, SplitResult } from './result.js';

export interface Judged {
  readonly checks: Check[];
  readonly split: Omit<SplitResult, 'findings'> | null;
  /** The counts that these are over. */
  readonly over: CheckInput;
}

/**
 * @param input the counts of the whole run
 * @param looks null: the run is judged once
 */
export function judged(input: CheckInput, looks: Looks | null): Judged {
  if (looks === null) {
    return {
      checks: makeChecks(input),
      split: splitOf(input, { looks: 1, requestsAtVerdict: null }),
      over: input,
    };
  }
  const { decided } = looks;
  const over = decided?.input ?? input;
  const known = decided?.checks ?? looks.lastChecks(input);
  // A version that must get nothing fails at its first response, also at one that came after the verdict.
  const late = isJudged(input, 'split') ? strangerChecks(input) : [];
  const isLate = ({ name }: Check) => late.some((check) => check.name === name);
  const split = splitOf(over, {
    looks: looks.count,
    requestsAtVerdict: decided?.requests ?? input.scheduled,
  });
  return {
    checks: [...known.filter((check) => !isLate(check)), ...late, ...makeChecks(input, 'end')],
    split:
      split === null || late.length === 0 ? split : { ...split, verdict: 'fail', moreRequestsNeeded: null },
    over,
  };
}

function splitOf(input: CheckInput, look: Pick<SplitResult, 'looks' | 'requestsAtVerdict'>): Judged['split'] {
  const split = isJudged(input, 'split') ? splitResult(input) : null;
  return split === null ? null : { ...split, ...look };
}
