/** Refusals that are no limit's: a backend that fails makes them at any load. */
import type { OutcomeName } from '../../blocks/outcome.js';
import { sum } from '../../collections.js';
import type { StepResult } from './result.js';

const OTHER_KINDS: readonly OutcomeName[] = [
  'no-healthy-upstream',
  'connection-failure',
  'connection-timeout',
  'connection-termination',
  'protocol-error',
  'upstream-timeout',
  'route-not-found',
  'backend-ref-invalid',
  'access-denied',
  'fault-injected',
];

/** With more of them than this part of all refusals, these do not show when a limit is full. */
const MANY = 0.1;

/** Refusals that a full limit may explain: overflows, rate limits, and replies whose cause is not known. */
export function limitRefusalsOf({
  refused,
  refusedByKind,
}: Pick<StepResult, 'refused' | 'refusedByKind'>): number {
  return refused - sum(OTHER_KINDS.map((kind) => refusedByKind[kind] ?? 0));
}

/**
 * Those of other kinds by name, where they are many among the refusals of the steps; else none.
 *
 * @param areBreakersAsked rate limits count as others too: what is asked is about circuit breakers
 */
export function manyOthersIn(
  steps: readonly StepResult[],
  areBreakersAsked: boolean,
): Readonly<Record<string, number>> {
  const kinds: readonly OutcomeName[] = areBreakersAsked ? [...OTHER_KINDS, 'rate-limited'] : OTHER_KINDS;
  const refused = sum(steps.map((step) => step.refused));
  const others = sum(steps.map(({ refusedByKind }) => sum(kinds.map((kind) => refusedByKind[kind] ?? 0))));
  if (others <= MANY * refused) return {};
  return Object.fromEntries(
    kinds
      .map((kind) => [kind, sum(steps.map(({ refusedByKind }) => refusedByKind[kind] ?? 0))] as const)
      .filter(([, number]) => number > 0),
  );
}
