/** What the checks of a run are made of, from its totals: at its end, and while it goes on. */
import type { CheckInput } from './checks/check-input.js';
import type { ConnectionFold } from './connections.js';
import { type Counted, checkInput, type RunFacts } from './counted.js';
import type { FoldContext } from './fold-context.js';
import type { Looks } from './looks/looks.js';
import type { ConnectionsResult } from './result.js';

/** Counts of a run, and what a draw of its gateway may be. */
export interface JudgedTotals extends Omit<Counted, 'judge' | 'method'> {
  readonly context: FoldContext;
  readonly connections: ConnectionFold;
  /** Null: the run is judged once, at its end. */
  readonly looks: Looks | null;
}

/** @param connections how the connections compare; null: nothing can be compared */
export function judgedInput(
  totals: JudgedTotals,
  connections: ConnectionsResult | null,
  facts: Omit<RunFacts, 'draws'>,
): CheckInput {
  const { judge, untilVerdict } = totals.context;
  const counted: Counted = { ...totals, judge, method: untilVerdict === undefined ? 'fixed' : 'sequential' };
  return checkInput(counted, {
    draws:
      totals.looks?.lastDraws(connections) ??
      (connections?.keepVersion === true ? totals.connections.draws() : null),
    ...facts,
  });
}
