/** What a prediction is made from. */
import type { ClusterLimits } from '../../plan/limit-facts.js';
import type { Taken } from '../breakers/at-once.js';
import type { LoadedCluster } from '../breakers/knee.js';
import type { SearchKind } from './result.js';

export interface PredictOptions {
  readonly search: SearchKind;
  /** Requests at once on each of the client's connections. */
  readonly streams: number;
  readonly gatewayReplicas: number;
  /** The knee that is wanted, in the unit of the search; null: none is. */
  readonly wanted: number | null;
}

/** A cluster with its limits and its part of the load. */
export interface PredictedCluster extends LoadedCluster, Taken {
  readonly version: string | null;
  readonly serviceTimeMs: number | null;
  readonly limits: ClusterLimits;
}
