/** Says in words for people why a pre-flight request over HTTP/2 failed, where that is about HTTP/2. */
import type { Plan } from '../../plan/plan.js';
import type { PreflightFailure } from './single-request.js';

/** @returns null for what fails over HTTP/1.1 in the same way */
export function explainHttp2Failure(plan: Plan, failure: PreflightFailure, at: string): string | null {
  const secure = plan.target.scheme === 'https';
  const why = failure.error.message;
  const instead = secure ? '' : ' If it is a TLS port, use https://.';
  switch (failure.outcome) {
    case 'no-http2':
      return secure
        ? `${at} does not speak HTTP/2: ${why}. Leave out --http2, or have the gateway offer h2 in its TLS settings.`
        : `${at} does not speak HTTP/2 without TLS (h2c): ${why}. Leave out --http2.${instead}`;
    case 'closed':
      if (failure.connected) return null;
      return `${at} closed the connection without a word of HTTP/2 (${why}). Does it speak it${secure ? '' : ' without TLS (h2c)'}? Without --http2, HTTP/1.1 is used.${instead}`;
    case 'connect-timeout':
      return `${at} did not open an HTTP/2 connection within ${plan.load.timeoutMs} ms. A firewall, a wrong address or a port with another protocol does this; -t gives it longer.${instead}`;
    case 'refused-stream':
      return `${at} did not take the first request (${why}): it was not processed and can be sent again. A gateway that shuts down does this.`;
    case 'malformed':
    case 'reset':
      return failure.connected ? `${at} broke off the first request: ${why}.` : null;
    default:
      return null;
  }
}
