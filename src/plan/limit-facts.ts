/** What is known of a gateway's limits before a search for them: for `weighbridge limits`. */
import type { Note, PolicyScope, Target } from './plan.js';

/** Limits of one cluster of the gateway; null: no limit. Each replica of the gateway counts by itself. */
export interface BreakerLimits {
  /** Name of the backend; null: all versions of the rule together. */
  readonly version: string | null;
  /** The resource that gives them; null: they are the gateway's defaults, or options. */
  readonly source: string | null;
  /** Connections to all endpoints; soft, each worker thread of the gateway may open one to each endpoint. */
  readonly maxConnections: number | null;
  /** Requests waiting for a connection. */
  readonly maxPendingRequests: number | null;
  /** Requests under way. */
  readonly maxRequests: number | null;
}

/** What the gateway speaks to backends, whatever the client speaks. */
export type BackendProtocol = Target['protocol'];

/** The limits of a cluster, and what else decides how many requests it takes at once. */
export interface ClusterLimits extends BreakerLimits {
  /** What gives them, so that a report can name the fields; `options` as soon as one of them is given by hand. */
  readonly from: 'DestinationRule' | 'BackendTrafficPolicy' | 'options';
  readonly backendProtocol: BackendProtocol;
  /** Over HTTP/2: requests at once on a connection. Null: as many as the backend allows, which is not known. */
  readonly maxConcurrentStreams: number | null;
  /** Requests after which a connection to a backend is closed; null: any number. */
  readonly maxRequestsPerConnection: number | null;
  /** Retries under way at once; null: no limit, or not known. Of no effect with a retry budget. */
  readonly maxRetries: number | null;
}

export interface LimitFacts {
  /** What the limits are counted over. */
  readonly scope: PolicyScope;
  /** Why, in words. */
  readonly scopeFrom: string;
  /**
   * One for each expected version with weight; or one with version null, if the scope is `route`, or for each version that answers. None:
   * no limit is known.
   */
  readonly clusters: readonly ClusterLimits[];
  /** Of the expected versions with weight; null: nothing is expected. */
  readonly shares: readonly { readonly version: string; readonly share: number }[] | null;
  /** What else the manifests have that refuses requests, and what of the limits is assumed. */
  readonly notes: readonly Note[];
}
