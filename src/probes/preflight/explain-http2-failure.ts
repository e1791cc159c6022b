/** Explains to the user why a single request over HTTP/2 failed, if HTTP/2 is the reason. */
import type { OptionNamer } from '../../errors.js';
import type { Plan } from '../../plan/plan.js';
import type { PreflightFailure } from './reply.js';

/**
 * Explains the failure.
 *
 * @param at the address, for the message
 * @param why the error's message
 * @param name names the options that the advice is about
 * @returns null if it would fail over HTTP/1.1 in the same way
 */
export function explainHttp2Failure(
  plan: Plan,
  failure: PreflightFailure,
  at: string,
  why: string,
  name: OptionNamer,
): string | null {
  const secure = plan.target.scheme === 'https';
  const instead = secure ? '' : ' If it is a TLS port, use https://.';
  switch (failure.outcome) {
    case 'no-http2':
      return secure
        ? `${at} does not speak HTTP/2: ${why}. Leave out ${name('http2')}, or have the gateway offer h2 in its TLS settings.`
        : `${at} does not speak HTTP/2 without TLS (h2c): ${why}. Leave out ${name('http2')}.${instead}`;
    case 'closed':
      if (failure.connected) return null;
      return `${at} closed the connection without any HTTP/2 response (${why}). It may not speak HTTP/2${secure ? '' : ' without TLS (h2c)'}: leave out ${name('http2')} to use HTTP/1.1.${instead}`;
    case 'connect-timeout':
      return `${at} did not open an HTTP/2 connection within ${plan.load.timeoutMs} ms. The cause may be a firewall, a wrong address or a port with another protocol; ${name('load.timeoutMs', 'short')} sets a longer time-out.${instead}`;
    case 'refused-stream':
      return `${at} did not process the first request (${why}), so it can be sent again. A gateway that is shutting down does this.`;
    case 'malformed':
    case 'reset':
      return failure.connected ? `${at} ended the first request before it was answered: ${why}.` : null;
    default:
      return null;
  }
}
