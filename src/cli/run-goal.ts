/** What a run is to do, for those who watch it. */
import type { Plan } from '../plan/plan.js';
import { shownTarget } from '../plan/target/secrets.js';
import type { LiveGoal } from '../report/live/picture.js';

/**
 * Counted like the progress: from the start of the load, including the warm-up.
 *
 * @param notes what was printed before the load
 */
export function runGoal(plan: Plan, notes: readonly string[]): LiveGoal {
  const { load } = plan;
  const { method, url, host } = shownTarget(plan);
  const warmupMs = load.warmup !== null && 'durationMs' in load.warmup ? load.warmup.durationMs : 0;
  const open = load.mode === 'open';
  // When the verdict will be known is not known.
  const ends = load.untilVerdict ? { requests: null, durationMs: null } : load;
  return {
    notes,
    title: `${method} ${url} · Host ${host}`,
    requests: ends.requests,
    durationMs: ends.durationMs === null ? null : ends.durationMs + warmupMs,
    untilVerdict: load.untilVerdict,
    ratePerSecond: open ? load.ratePerSecond : null,
    atOnce: load.connections * load.streams,
    rampMs: load.rampMs,
    warmup: load.warmup !== null,
  };
}
