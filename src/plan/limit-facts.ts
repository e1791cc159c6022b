/** What is known of a gateway's limits before a search for them: for `weighbridge limits`. */
import type { Note, PolicyScope } from './plan.js';
import type { BreakerLimits } from './policy/breaker-limits.js';

/** The limits of one cluster of the gateway; null: no limit. Each replica of the gateway counts by itself. */
export interface ClusterLimits extends BreakerLimits {
  /** What gives them, so that a report can name the fields. */
  readonly from: 'DestinationRule' | 'BackendTrafficPolicy' | 'options';
  /** What the gateway speaks to the backend, whatever the client speaks. */
  readonly backendProtocol: 'http/1.1' | 'h2';
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
