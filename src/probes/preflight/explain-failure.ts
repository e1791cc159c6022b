/** Explains to the user why a single request failed, and what to do about it. */
import { type ErrorExit, type OptionNamer, systemReason } from '../../errors.js';
import type { ConnectTo, Plan } from '../../plan/plan.js';
import { maskSecrets } from '../../plan/target/secrets.js';
import { RequestFailure } from '../response/failure.js';
import { explainHttp2Failure } from './explain-http2-failure.js';
import type { PreflightFailure } from './reply.js';

/** The plan's first address, which single requests are sent to: `203.0.113.7:80`. */
export function firstAddress({ target }: Plan): string {
  const to = target.connectTo[0] as ConnectTo;
  return to.kind === 'unix' ? `the socket ${to.path}` : `${to.host}:${to.port}`;
}

function hostOf(to: ConnectTo): string {
  return to.kind === 'tcp' ? to.host : '';
}

/** The message for a host that has no address; `why` is the resolver's code. */
export function hostNotFound(host: string, why: string, name: OptionNamer): string {
  return `The name ${host} could not be looked up (${why}). Check its spelling, or give the address with ${name('resolve')} or ${name('connectTo')}.`;
}

/** How to exit after this failure: one of this machine says nothing about the gateway. */
export function failureExit({ outcome }: PreflightFailure): ErrorExit {
  return outcome === 'no-file-descriptor' ? 'usage' : 'unreachable';
}

/**
 * Explains why there was no response.
 *
 * @param name names the options that the advice is about
 */
export function explainFailure(plan: Plan, failure: PreflightFailure, name: OptionNamer): string {
  const { target } = plan;
  const at = firstAddress(plan);
  const why = maskSecrets(plan)(failure.error.message);
  if (target.protocol === 'h2') {
    const aboutH2 = explainHttp2Failure(plan, failure, at, why, name);
    if (aboutH2 !== null) return aboutH2;
  }
  switch (failure.outcome) {
    case 'dns':
      return hostNotFound(hostOf(target.connectTo[0] as ConnectTo), failure.error.code ?? why, name);
    case 'refused':
      if (failure.error.code === 'ECONNRESET') return explainClosed(plan, at, why, name);
      return `${at} refuses connections: nothing listens there. Check the address and the port of the gateway's Service.`;
    case 'unreachable':
      return `${at} cannot be reached (${failure.error.code ?? why}).`;
    case 'connect-timeout':
      return target.scheme === 'https'
        ? `${at} did not accept a connection and finish the TLS handshake within ${plan.load.timeoutMs} ms. The cause may be a firewall, a wrong address or a port that does not speak TLS; ${name('load.timeoutMs', 'short')} sets a longer time-out.`
        : `${at} did not accept a connection within ${plan.load.timeoutMs} ms. The cause may be a firewall or a wrong address; ${name('load.timeoutMs', 'short')} sets a longer time-out.`;
    case 'timeout':
      return `${at} accepted the connection and did not answer within ${plan.load.timeoutMs} ms. ${name('load.timeoutMs', 'short')} sets a longer time-out.`;
    case 'tls':
      return explainTls(plan, failure, at, why, name);
    case 'malformed':
      return explainMalformed(plan, failure, at, why);
    case 'too-large':
      return `${at} answered with response headers of more than 64 KiB or 1,000 lines.`;
    case 'closed':
    case 'reset':
      return explainClosed(plan, at, why, name);
    case 'no-file-descriptor':
      return `No connection to ${at} could be opened: ${systemReason(failure.error)}.`;
    case 'truncated':
      return `The connection to ${at} broke off in the middle of the answer (${why}).`;
    default:
      return `The first request to ${at} failed: ${why}`;
  }
}

function explainTls(
  plan: Plan,
  failure: PreflightFailure,
  at: string,
  why: string,
  name: OptionNamer,
): string {
  const { target } = plan;
  const code = failure.error.code ?? '';
  const sni =
    target.sni === null
      ? 'no server name (an IP address is never sent as one)'
      : `the server name '${target.sni}'`;
  if (code === 'ECONNRESET' || code === 'EPIPE' || /ALERT_UNRECOGNIZED_NAME|UNRECOGNIZED_NAME/.test(code)) {
    return `${at} closed the connection during the TLS handshake, with ${sni}. Istio and Envoy do this if no listener has that name: give the listener's hostname with ${name('host')} or ${name('sni')}.`;
  }
  if (
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|ERR_SSL_INVALID/.test(code) ||
    code === 'EPROTO'
  ) {
    return `${at} does not speak TLS: what it answered is not TLS. If it is the plain HTTP port, use http://.`;
  }
  if (/ALTNAME_INVALID/.test(code)) {
    return `The certificate of ${at} is for other names: ${why}. Set ${name('host')} or ${name('sni')} to a name that it covers, or ${name('tls.verify', 'short')} to accept any.`;
  }
  if (/EXPIRED/.test(code)) {
    return `The certificate of ${at} has expired. Renew it, or accept it with ${name('tls.verify', 'short')}.`;
  }
  if (/SELF_SIGNED|UNABLE_TO|CERT_UNTRUSTED/.test(code)) {
    return `The certificate of ${at} is not signed by an authority that this machine trusts (${why}). Give the authority with ${name('tls.ca')} FILE, or accept any certificate with ${name('tls.verify', 'short')}.`;
  }
  if (/CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|BAD_CERTIFICATE/.test(code)) {
    return `${at} refused the TLS handshake (${code}). It may require a client certificate: ${name('tls.cert')} and ${name('tls.key')}.`;
  }
  return `The TLS handshake with ${at} failed, with ${sni}: ${why}`;
}

function explainMalformed(plan: Plan, failure: PreflightFailure, at: string, why: string): string {
  const received = failure.error instanceof RequestFailure ? failure.error.received : null;
  // A TLS record begins with its type (21 for an alert) and 3 for the major version.
  if (plan.target.scheme === 'http' && received?.[0] === 0x15 && received[1] === 3) {
    return `${at} speaks TLS: it answered plain HTTP with a TLS alert. Use https://.`;
  }
  return `${at} did not answer with HTTP/1.1 (${why}).`;
}

function explainClosed(plan: Plan, at: string, why: string, name: OptionNamer): string {
  const { scheme, tls } = plan.target;
  let hint = '';
  if (scheme === 'http') hint = ' A TLS port does this with plain HTTP: if it is one, use https://.';
  // In TLS 1.3 the server checks the client certificate after the client's handshake has ended.
  else if (tls.cert === null)
    hint = ` It may require a client certificate: ${name('tls.cert')} and ${name('tls.key')}.`;
  return `${at} closed the connection without an answer (${why}).${hint}`;
}
