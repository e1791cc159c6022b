/** Runs that are steered: the main thread changes the load step by step while connections stay open. */
import type { LoadPlan } from '../../plan/plan.js';

/** What a load holds from now on. What is left out stays as it is; at first it is the plan's. */
export interface LoadLevel {
  /** Closed loop: connections in use, of all workers together, from 1 to the plan's. */
  readonly connections?: number;
  /** Open loop: requests per second, of all workers together; above 0. */
  readonly ratePerSecond?: number;
  /** Closed loop: how long a lane waits after a reply that the gateway made itself (a refusal), ms; 0: not at all. */
  readonly pauseAfterRefusalMs: number;
}

/** Steers a run. */
export interface LoadControl {
  /**
   * Changes the load. Connections beyond the level finish their requests and are closed; those that are needed again are
   * opened anew. Requests are due at another rate from now on, and what was due before stays due.
   *
   * @returns when workers were told, µs on the run clock
   * @throws RangeError if the plan's load cannot have this level
   */
  setLevel(level: LoadLevel): number;
  /** Sends nothing more and ends the run when what is in flight is finished. */
  finish(): void;
}

/** @throws RangeError if a run of this load cannot have the level */
export function checkLevel(level: LoadLevel, { mode, connections: most }: LoadPlan): void {
  const { connections, ratePerSecond, pauseAfterRefusalMs } = level;
  if (connections !== undefined) {
    if (mode === 'open') throw new RangeError('an open loop has no level of connections');
    if (!Number.isInteger(connections) || connections < 1 || connections > most) {
      throw new RangeError(`a level of ${connections} connections is not from 1 to the plan's ${most}`);
    }
  }
  if (ratePerSecond !== undefined) {
    if (mode === 'closed') throw new RangeError('a closed loop has no rate');
    if (!(ratePerSecond > 0 && Number.isFinite(ratePerSecond))) {
      throw new RangeError(`a rate of ${ratePerSecond} requests per second is not above 0`);
    }
  }
  if (!(pauseAfterRefusalMs >= 0 && Number.isFinite(pauseAfterRefusalMs))) {
    throw new RangeError(`a pause of ${pauseAfterRefusalMs} ms is not possible`);
  }
}
