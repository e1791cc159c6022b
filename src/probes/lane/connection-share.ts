/** Divides a run's connections among its workers. */
import type { LoadPlan } from '../../plan/plan.js';

/** Where part `index` of `parts` of a whole number begins. */
function startOf(total: number, index: number, parts: number): number {
  return Math.floor((total * index) / parts);
}

/** Size of part `index` (from 0) of `parts` of a whole number. The parts differ by at most one and sum to `total`. */
export function partOf(total: number, index: number, parts: number): number {
  return startOf(total, index + 1, parts) - startOf(total, index, parts);
}

/** How many of `total` things, dealt to `workers` in turn, worker number `worker` (from 0) gets. */
export function dealtPart(total: number, worker: number, workers: number): number {
  return Math.max(0, Math.ceil((total - worker) / workers));
}

/** A worker's part of a run's connections. */
export interface LaneShare {
  /** Number of its first connection within the run, from 0. */
  readonly firstConnection: number;
  /** From each of its connections to the next. */
  readonly connectionStep: number;
  readonly connections: number;
  /** Requests that it may have in flight on them at once. */
  readonly lanes: number;
}

/** Connections of a run. An open loop has as few as can carry all requests that may be in flight. */
export function connectionCount({ mode, connections, maxInFlight, streams }: LoadPlan): number {
  return mode === 'open' ? Math.ceil(maxInFlight / streams) : connections;
}

/** Workers of a run. A worker without a connection could not send its part of the requests. */
export function workerCount(load: LoadPlan): number {
  return Math.min(load.threads, connectionCount(load));
}

/**
 * The share of worker number `worker` (from 0) of `workers`. Connections are divided evenly and none is split; all
 * workers together have exactly the lanes of the plan.
 *
 * @param steered the number of connections in use changes during the run (level.ts). In a closed loop connections are then
 *   dealt in turn, so that the first c of the run are the first ones of each worker, whatever c is.
 */
export function laneShare(load: LoadPlan, worker: number, workers: number, steered = false): LaneShare {
  const all = connectionCount(load);
  if (steered && load.mode === 'closed') {
    const connections = dealtPart(all, worker, workers);
    const lanes = connections * load.streams;
    return { firstConnection: worker, connectionStep: workers, connections, lanes };
  }
  const most = load.mode === 'open' ? load.maxInFlight : all * load.streams;
  const lanesBefore = (connection: number) => Math.min(connection * load.streams, most);
  const first = startOf(all, worker, workers);
  const next = startOf(all, worker + 1, workers);
  return {
    firstConnection: first,
    connectionStep: 1,
    connections: next - first,
    lanes: lanesBefore(next) - lanesBefore(first),
  };
}
