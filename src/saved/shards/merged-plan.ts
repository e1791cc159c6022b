/** The plan of the run that several shards are. */
import type { LoadPlan, Plan } from '../../plan/plan.js';
import type { SavedRun } from '../saved-run.js';
import { mergedNotes } from './shard-notes.js';

/**
 * The plan of the first shard, with the sums of what all shards sent and with the notes of all.
 *
 * @param runs at least one
 */
export function mergedPlan(runs: readonly SavedRun[]): Plan {
  const [first] = runs as [SavedRun, ...SavedRun[]];
  if (runs.length === 1) return first.plan;
  const loads = runs.map(({ plan }) => plan.load);
  const sum = (of: (load: LoadPlan) => number | null): number | null => {
    const values = loads.map(of);
    return values.some((value) => value === null) ? null : values.reduce<number>((a, b) => a + (b ?? 0), 0);
  };
  return {
    ...first.plan,
    load: {
      ...first.plan.load,
      connections: sum(({ connections }) => connections) as number,
      maxInFlight: sum(({ maxInFlight }) => maxInFlight) as number,
      ratePerSecond: sum(({ ratePerSecond }) => ratePerSecond),
      requests: sum(({ requests }) => requests),
      threads: sum(({ threads }) => threads) as number,
    },
    notes: mergedNotes(runs.map(({ file, plan }) => ({ file, notes: plan.notes }))),
  };
}
