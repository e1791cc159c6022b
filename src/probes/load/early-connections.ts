/**
 * Connections that an open loop opens before its clock starts: the first requests would be late by the time that this
 * takes.
 */
import type { LoadPlan } from '../../plan/plan.js';
import type { Lane } from '../lane/lane.js';

/**
 * Connections for the requests that are due in this time, ms, will surely be wanted: at least at a stall of the gateway
 * that long.
 */
const FORESEEN_MS = 250;
/** Connections that a worker opens at a time, so that no gateway gets thousands at once. */
const MAX_OPENING = 64;
/** Most time that the start waits for them, ms: a gateway that is dead or slow to accept does not hold it up. */
const MAX_WAIT_MS = 1_000;

/**
 * How many connections of one worker are opened early: as many as requests of its are due in a quarter of a second, and
 * never more than it has. None if each request is to open its own. Each address gets equally many, at least one: the lanes
 * are used in turn, so that an address with one connection more would get more requests.
 *
 * @param most that the worker may have
 * @param ratePerSecond of all workers together
 */
export function earlyConnections(
  { requestsPerConnection, requests, warmup }: LoadPlan,
  ratePerSecond: number,
  workers: number,
  addresses: number,
  most: number,
): number {
  if (requestsPerConnection === 1) return 0;
  const warmups = warmup !== null && 'requests' in warmup ? warmup.requests : 0;
  const all = requests === null ? Number.POSITIVE_INFINITY : requests + warmups;
  const due = Math.min(all, (ratePerSecond * FORESEEN_MS) / 1000);
  if (most < addresses) return most;
  const ofEach = Math.max(1, Math.ceil(due / workers / addresses));
  return addresses * Math.min(ofEach, Math.floor(most / addresses));
}

/** Opens the connections of lanes that have none. */
export class EarlyConnections {
  #unopened: Lane[] = [];
  readonly #opening = new Set<Lane>();
  readonly #opened: Lane[] = [];
  #timer: NodeJS.Timeout | undefined;
  #resolve: (() => void) | null = null;

  /** Resolves when each is open or could not be opened, or after a second, or on `giveUp`. Called once. */
  open(lanes: readonly Lane[]): Promise<void> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#unopened = lanes.toReversed();
      this.#timer = setTimeout(() => this.giveUp(), MAX_WAIT_MS);
      this.#next();
    });
  }

  /** How many connections were opened that no request has come for yet. */
  get unused(): number {
    return this.#opened.filter(({ startUs }) => Number.isNaN(startUs)).length;
  }

  /** Waits no longer: what is not open by now is opened with a request, so that the time that it takes counts there. */
  giveUp(): void {
    const resolve = this.#resolve;
    if (resolve === null) return;
    this.#resolve = null;
    clearTimeout(this.#timer);
    for (const lane of this.#opening) lane.disconnect();
    resolve();
  }

  #next(): void {
    while (this.#resolve !== null && this.#opening.size < MAX_OPENING) {
      const lane = this.#unopened.pop();
      if (lane === undefined) break;
      this.#opening.add(lane);
      lane.open((opened) => {
        if (opened) this.#opened.push(lane);
        this.#opening.delete(lane);
        this.#next();
      });
    }
    if (this.#opening.size === 0) this.giveUp();
  }
}
