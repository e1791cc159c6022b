/** Timeouts and retries of a rule, as istiod translates them (docs/envoy.md). */
import type { RouteRule } from '../../plan/manifests/model.js';
import type { AttemptEnd } from '../embedded/attempt.js';
import { DEFAULT_ATTEMPTS } from '../envoy/retry-policy.js';

/** Of Istio's default conditions (envoy/retries.ts) the one that HTTP/1.1 backends can meet. */
const DEFAULT_RETRY_ON = 'connect-failure';

export interface RouteTiming {
  /** For the whole request, retries included; null: no bound. */
  readonly timeoutMs: number | null;
  readonly perTryTimeoutMs: number | null;
  /** Attempts after the first. */
  readonly retries: number;
  /** Whether this end is worth another attempt. */
  readonly retryOn: (end: AttemptEnd) => boolean;
}

/** @param defaultRetries false: rules without a retry policy get none */
export function routeTiming(rule: RouteRule, defaultRetries: boolean): RouteTiming {
  const { requestMs, backendRequestMs } = rule.timeouts;
  const { retries } = rule;
  return {
    // Without a retry stanza istiod writes backendRequest over the timeout of the whole request.
    timeoutMs: (retries === null ? (backendRequestMs ?? requestMs) : requestMs) || null,
    perTryTimeoutMs: retries?.perTryTimeoutMs || null,
    retries: retries?.attempts ?? (defaultRetries ? DEFAULT_ATTEMPTS : 0),
    retryOn: retryCondition(retries?.retryOn ?? DEFAULT_RETRY_ON),
  };
}

/**
 * Envoy's `retry_on` words. Those about gRPC and HTTP/2 streams never apply here: the embedded gateway
 * speaks HTTP/1.1 to its backends.
 */
function retryCondition(retryOn: string): (end: AttemptEnd) => boolean {
  const words = new Set(retryOn.split(',').map((word) => word.trim()));
  const anyFailure = words.has('5xx') || words.has('gateway-error') || words.has('reset');
  return (end) => {
    switch (end.kind) {
      case 'reset':
        return anyFailure || (words.has('connect-failure') && end.reason === 'remote connection failure');
      case 'timeout':
        return anyFailure;
      case 'response': {
        const status = end.response.statusCode ?? 0;
        return (
          words.has(String(status)) ||
          (words.has('5xx') && status >= 500) ||
          (words.has('gateway-error') && status >= 502 && status <= 504) ||
          (words.has('retriable-4xx') && status === 409)
        );
      }
      case 'aborted':
        return false;
    }
  };
}
