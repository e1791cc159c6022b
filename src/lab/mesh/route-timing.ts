/** Timeouts and retries of a rule, as istiod decides them (docs/envoy.md); the gateways carry them out. */
import type { RetryPolicy, RouteRule } from '../../plan/manifests/model.js';

/** Istio's default retries since 1.24: no status of a backend is among the conditions. */
const DEFAULT_RETRIES: RetryPolicy = {
  attempts: 2,
  retryOn: 'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes',
  perTryTimeoutMs: null,
  backoffMs: null,
};

/** Envoy's backoff when none is given. */
export const DEFAULT_BACKOFF_MS = 25;

export interface RouteTiming {
  /** For the whole request, retries included; null: no bound. */
  readonly timeoutMs: number | null;
  /** Null: no retries. */
  readonly retry: {
    /** Attempts after the first; at least one. */
    readonly attempts: number;
    /** Envoy's `retry_on` words. */
    readonly conditions: readonly string[];
    readonly statusCodes: readonly number[];
    /** Null: no bound. */
    readonly perTryTimeoutMs: number | null;
    /** Envoy waits up to this before the first retry, up to three times as long before the second, at most ten times. */
    readonly backoffMs: number;
  } | null;
}

/** @param defaultRetries false: rules without a retry policy get none */
export function routeTiming(rule: RouteRule, defaultRetries: boolean): RouteTiming {
  const { requestMs, backendRequestMs } = rule.timeouts;
  // Without a retry stanza istiod writes backendRequest over the timeout of the whole request.
  const timeoutMs = rule.retries === null ? (backendRequestMs ?? requestMs) : requestMs;
  // 0 means no bound, as for Envoy.
  return { timeoutMs: timeoutMs || null, retry: retryOf(rule.retries, defaultRetries) };
}

function retryOf(given: RetryPolicy | null, defaultRetries: boolean): RouteTiming['retry'] {
  const policy = given ?? (defaultRetries ? DEFAULT_RETRIES : null);
  if (policy === null || policy.attempts === 0) return null;
  const words = (policy.retryOn ?? (DEFAULT_RETRIES.retryOn as string))
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  const isCode = (word: string) => /^\d{3}$/.test(word);
  return {
    attempts: policy.attempts,
    conditions: words.filter((word) => !isCode(word)),
    statusCodes: words.filter(isCode).map(Number),
    perTryTimeoutMs: policy.perTryTimeoutMs || null,
    backoffMs: policy.backoffMs ?? DEFAULT_BACKOFF_MS,
  };
}

/** Lines about default retries, the same for both gateways: the value in force, and what it hides from clients. */
export function defaultRetryRemarks(defaultRetries: boolean): {
  readonly defaults: readonly string[];
  readonly notes: readonly string[];
} {
  if (!defaultRetries) return { defaults: [], notes: [] };
  return {
    defaults: [`retries of routes without a retry policy: ${DEFAULT_RETRIES.attempts} (Istio's default)`],
    notes: [
      'default retries hide refused connections: a client sees no error from a backend that refuses (--no-default-retries removes them)',
    ],
  };
}
