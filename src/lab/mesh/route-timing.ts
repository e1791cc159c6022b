/** Timeouts and retries of a rule, as istiod decides them (docs/envoy.md); the gateways carry them out. */
import { holdsInIstio, nameIstio } from '../../plan/gateways/istio-versions.js';
import type { IstioVersion, RetryPolicy, RouteRule } from '../../plan/manifests/model.js';

const DEFAULT_ATTEMPTS = 2;

/** What Istio retries on if a policy does not say it. */
function defaultRetryOn(istio: IstioVersion | undefined): string {
  const failures = 'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes';
  return holdsInIstio('no default retry of 503', istio) ? failures : `${failures},503`;
}

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

/**
 * @param defaultRetries false: rules without a retry policy get none
 * @param istio undefined: the newest version that is known
 */
export function routeTiming(
  rule: RouteRule,
  defaultRetries: boolean,
  istio: IstioVersion | undefined,
): RouteTiming {
  const { requestMs, backendRequestMs } = rule.timeouts;
  // Without a retry stanza istiod writes backendRequest over the timeout of the whole request.
  const timeoutMs = rule.retries === null ? (backendRequestMs ?? requestMs) : requestMs;
  // 0 means no bound, as for Envoy.
  return { timeoutMs: timeoutMs || null, retry: retryOf(rule.retries, defaultRetries, istio) };
}

function retryOf(
  given: RetryPolicy | null,
  defaultRetries: boolean,
  istio: IstioVersion | undefined,
): RouteTiming['retry'] {
  const byDefault = { attempts: DEFAULT_ATTEMPTS, retryOn: null, perTryTimeoutMs: null, backoffMs: null };
  const policy = given ?? (defaultRetries ? byDefault : null);
  if (policy === null || policy.attempts === 0) return null;
  const words = (policy.retryOn ?? defaultRetryOn(istio))
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
export function defaultRetryRemarks(
  defaultRetries: boolean,
  istio: IstioVersion | undefined,
): {
  readonly defaults: readonly string[];
  readonly notes: readonly string[];
} {
  if (!defaultRetries) return { defaults: [], notes: [] };
  return {
    defaults: [`retries of routes without a retry policy: ${DEFAULT_ATTEMPTS} (Istio's default)`],
    notes: [
      'default retries hide refused connections: a client sees no error from a backend that refuses (--no-default-retries removes them)',
      ...(istio === undefined || holdsInIstio('no default retry of 503', istio)
        ? []
        : [`default retries are also made for a 503 of a backend, as in ${nameIstio(istio)}`]),
    ],
  };
}
