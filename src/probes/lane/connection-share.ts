import type { LoadPlan } from '../../plan/plan.js';

/**
 * Measured requests of a run at most, whatever its time: samples number them, and counts hold them, in 32 bits.
 * That is two days at 25,000 requests a second.
 */
export const MAX_REQUESTS_PER_RUN = 4_000_000_000;

/** Measured requests that end a run. */
export function requestLimit({ requests }: LoadPlan): number {
  return requests ?? MAX_REQUESTS_PER_RUN;
}

/** How much of a whole goes to the parts before `index`: where that part begins. */
function startOf(total: number, index: number, parts: number): number {
  return Math.floor((total * index) / parts);
}

/** Part `index` of `parts` of a whole number: the parts differ by at most one and sum to the whole. */
export function partOf(total: number, index: number, parts: number): number {
  return startOf(total, index + 1, parts) - startOf(total, index, parts);
}

/** A worker's part of a run's connections, and how many requests it may have under way on them. */
export interface LaneShare {
  /** The run's number of its first connection. */
  readonly firstConnection: number;
  readonly connections: number;
  readonly lanes: number;
}

/** Connections of a run: in an open loop as few as carry all that may be in flight. */
export function connectionCount({ mode, connections, maxInFlight, streams }: LoadPlan): number {
  return mode === 'open' ? Math.ceil(maxInFlight / streams) : connections;
}

/** Divides connections evenly; none is split, and the lanes of all workers are as many as the plan has. */
export function laneShare(load: LoadPlan, worker: number, workers: number): LaneShare {
  const all = connectionCount(load);
  const most = load.mode === 'open' ? load.maxInFlight : all * load.streams;
  const lanesBefore = (connection: number) => Math.min(connection * load.streams, most);
  const first = startOf(all, worker, workers);
  const next = startOf(all, worker + 1, workers);
  return { firstConnection: first, connections: next - first, lanes: lanesBefore(next) - lanesBefore(first) };
}
