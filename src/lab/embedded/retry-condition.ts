/** Whether the end of an attempt is worth another one. */
import type { RouteTiming } from '../mesh/route-timing.js';
import type { AttemptEnd } from './attempt.js';

/**
 * Envoy's `retry_on` words. Those about gRPC and HTTP/2 streams never apply here: the embedded gateway
 * speaks HTTP/1.1 to its backends.
 */
export function isRetriable(end: AttemptEnd, retry: NonNullable<RouteTiming['retry']>): boolean {
  const has = (word: string) => retry.conditions.includes(word);
  const anyFailure = has('5xx') || has('gateway-error') || has('reset');
  switch (end.kind) {
    case 'reset':
      return anyFailure || (has('connect-failure') && end.reason === 'remote connection failure');
    case 'timeout':
      return anyFailure;
    case 'response': {
      const status = end.response.statusCode ?? 0;
      return (
        retry.statusCodes.includes(status) ||
        (has('5xx') && status >= 500) ||
        (has('gateway-error') && status >= 502 && status <= 504) ||
        (has('retriable-4xx') && status === 409)
      );
    }
    case 'aborted':
      return false;
  }
}
