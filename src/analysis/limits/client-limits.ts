/** Whether this machine, and not the gateway, was the limit. */
import { OUTCOMES, type OutcomeInfo } from '../../blocks/outcome.js';
import { sum } from '../../collections.js';
import type { StepResult } from './result.js';

/** A rate was not all sent if more than this part of it is missing, and more requests than the ends of a window explain. */
const MISSING = 0.03;
const AT_THE_ENDS = 3;

const OWN_FAULTS: readonly string[] = OUTCOMES.filter(
  (outcome: OutcomeInfo) => outcome.ownFault === true,
).map(({ name }) => name);

/** Requests that this machine could not send, by the outcomes' names. */
export function ownFaultsIn(byKind: Readonly<Record<string, number>>): number {
  return sum(OWN_FAULTS.map((name) => byKind[name] ?? 0));
}

/** Search by rate: fewer requests ended than were due. */
export function isBehind({
  ratePerSecond,
  windowMs,
  requests,
}: Pick<StepResult, 'ratePerSecond' | 'windowMs' | 'requests'>): boolean {
  if (ratePerSecond === null) return false;
  const due = (ratePerSecond * windowMs) / 1000;
  return due - requests > Math.max(AT_THE_ENDS, MISSING * due);
}
