/** Retry policies as Istio writes them. */
import type { RetryPolicy } from '../../plan/manifests/model.js';
import { type Json, protoDuration } from '../mesh/destinations.js';

/** Istio's default conditions since 1.24: no status of a backend is among them. */
const DEFAULT_RETRY_ON = 'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes';
export const DEFAULT_ATTEMPTS = 2;

const PREVIOUS_HOSTS = {
  name: 'envoy.retry_host_predicates.previous_hosts',
  typed_config: {
    '@type': 'type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate',
  },
};

export interface RetryChoice {
  /** What the manifest says; null when it says nothing. */
  readonly retries: RetryPolicy | null;
  readonly perTryTimeoutMs: number | null;
  /** False: `--no-default-retries`. */
  readonly defaultRetries: boolean;
  /** True when the only backend is chosen by consistent hash: then the same host is tried again. */
  readonly sameHost: boolean;
}

/** Envoy's retry policy, or null for none: `attempts: 0`, or nothing configured and no default wanted. */
export function retryPolicy(choice: RetryChoice): Json | null {
  const { retries, perTryTimeoutMs } = choice;
  if (retries === null ? !choice.defaultRetries : retries.attempts === 0) {
    return null;
  }
  const conditions = (retries?.retryOn ?? DEFAULT_RETRY_ON)
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  const codes = conditions.filter((word) => /^\d{3}$/.test(word)).map(Number);
  const words = conditions.filter((word) => !/^\d{3}$/.test(word));
  if (codes.length > 0 && !words.includes('retriable-status-codes')) {
    words.push('retriable-status-codes');
  }
  return {
    retry_on: words.join(','),
    num_retries: retries?.attempts ?? DEFAULT_ATTEMPTS,
    ...(perTryTimeoutMs === null ? {} : { per_try_timeout: protoDuration(perTryTimeoutMs) }),
    ...(codes.length === 0 ? {} : { retriable_status_codes: codes }),
    ...(choice.sameHost ? {} : { retry_host_predicate: [PREVIOUS_HOSTS] }),
    host_selection_retry_max_attempts: '5',
  };
}
