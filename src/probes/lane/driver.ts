/** A driver: one way to send requests over the wire. Drivers are registered in ../drivers.ts. */
import type { ConnectTo, LoadPlan, Target } from '../../plan/plan.js';
import type { VaryingRequest } from '../request/varying-request.js';
import type { Connector } from './connector.js';
import type { Lane, LaneOwner } from './lane.js';

/** Where one connection of the plan goes, and how its sockets are opened. */
export interface ConnectionPlace {
  readonly connectTo: ConnectTo;
  readonly connector: Connector;
}

/** What a driver makes its lanes from. */
interface LaneOptions {
  readonly target: Target;
  readonly load: LoadPlan;
  /** Null if all requests are the same. */
  readonly varying: VaryingRequest | null;
  readonly owner: LaneOwner;
  /** Number of connections that the lanes may have together. */
  readonly connections: number;
  /**
   * Gives the place of the next connection: called once for each connection that is made, which then keeps its
   * place for all of its sockets. So connections are divided evenly among the plan's addresses.
   */
  readonly nextPlace: () => ConnectionPlace;
}

export interface Driver {
  /**
   * Prepares a worker's lanes. Nothing is opened before a lane is started.
   *
   * @returns a function that makes the next lane; it is called at most as often as the worker has lanes
   */
  laneFactory(options: LaneOptions): () => Lane;
}
