/** A rule's retries as Envoy's retry policy, the way istiod writes it. */
import { DEFAULT_BACKOFF_MS, type RouteTiming } from '../mesh/route-timing.js';
import { type Json, protoDuration } from './json.js';

const PREVIOUS_HOSTS = {
  name: 'envoy.retry_host_predicates.previous_hosts',
  typed_config: {
    '@type': 'type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate',
  },
};

/** @param sameHost the only backend is chosen by consistent hash: then the same host is tried again */
export function retryPolicy(retry: NonNullable<RouteTiming['retry']>, sameHost: boolean): Json {
  const { attempts, conditions, statusCodes, perTryTimeoutMs, backoffMs } = retry;
  const needsWord = statusCodes.length > 0 && !conditions.includes('retriable-status-codes');
  return {
    retry_on: [...conditions, ...(needsWord ? ['retriable-status-codes'] : [])].join(','),
    num_retries: attempts,
    ...(perTryTimeoutMs === null ? {} : { per_try_timeout: protoDuration(perTryTimeoutMs) }),
    ...(backoffMs === DEFAULT_BACKOFF_MS
      ? {}
      : { retry_back_off: { base_interval: protoDuration(backoffMs) } }),
    ...(statusCodes.length === 0 ? {} : { retriable_status_codes: statusCodes }),
    ...(sameHost ? {} : { retry_host_predicate: [PREVIOUS_HOSTS] }),
    host_selection_retry_max_attempts: '5',
  };
}
