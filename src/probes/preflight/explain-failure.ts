/** Says in words for people why a pre-flight request failed, and what to do about it. */
import type { ConnectTo, Plan } from '../../plan/plan.js';
import { hostnameOf } from '../../plan/target/target.js';
import { describeBody } from '../identifier/detect.js';
import { RequestFailure } from '../response/failure.js';
import { headerValue } from '../response/raw-headers.js';
import { explainHttp2Failure } from './explain-http2-failure.js';
import type { PreflightFailure, PreflightReply } from './single-request.js';

/** `203.0.113.7:80`: the first address, which is the one that is asked first. */
function place({ target }: Plan): string {
  const to = target.connectTo[0] as ConnectTo;
  return to.kind === 'unix' ? `the socket ${to.path}` : `${to.host}:${to.port}`;
}

function hostOf(to: ConnectTo): string {
  return to.kind === 'tcp' ? to.host : '';
}

/** That a name has no address; `why` is the resolver's code. */
export function nameNotFound(name: string, why: string): string {
  return `The name ${name} could not be looked up (${why}). Check its spelling, or give the address with --resolve or --connect-to.`;
}

/** Why no answer came. */
export function explainFailure(plan: Plan, failure: PreflightFailure): string {
  const { target } = plan;
  const at = place(plan);
  const why = failure.error.message;
  if (target.protocol === 'h2') {
    const aboutH2 = explainHttp2Failure(plan, failure, at);
    if (aboutH2 !== null) return aboutH2;
  }
  switch (failure.outcome) {
    case 'dns':
      return nameNotFound(hostOf(target.connectTo[0] as ConnectTo), failure.error.code ?? why);
    case 'refused':
      if (failure.error.code === 'ECONNRESET') return explainClosed(plan, at, why);
      return `${at} refuses connections: nothing listens there. Check the address and the port of the gateway's Service.`;
    case 'unreachable':
      return `${at} cannot be reached (${failure.error.code ?? why}).`;
    case 'connect-timeout':
      return target.scheme === 'https'
        ? `${at} did not accept a connection and finish the TLS handshake within ${plan.load.timeoutMs} ms. A firewall, a wrong address or a port that speaks no TLS does this; -t gives it longer.`
        : `${at} did not accept a connection within ${plan.load.timeoutMs} ms. A firewall or a wrong address does this; -t gives it longer.`;
    case 'timeout':
      return `${at} accepted the connection and did not answer within ${plan.load.timeoutMs} ms. -t gives it longer.`;
    case 'tls':
      return explainTls(plan, failure, at);
    case 'malformed':
      return explainMalformed(plan, failure, at);
    case 'too-large':
      return `${at} answered with response headers larger than 64 KiB, or of more than 1,000 lines.`;
    case 'closed':
    case 'reset':
      return explainClosed(plan, at, why);
    case 'truncated':
      return `The connection to ${at} broke off in the middle of the answer (${why}).`;
    default:
      return `The first request to ${at} failed: ${why}`;
  }
}

function explainTls(plan: Plan, failure: PreflightFailure, at: string): string {
  const { target } = plan;
  const code = failure.error.code ?? '';
  const sni =
    target.sni === null
      ? 'no server name (an IP address is never sent as one)'
      : `the server name '${target.sni}'`;
  if (code === 'ECONNRESET' || code === 'EPIPE' || /ALERT_UNRECOGNIZED_NAME|UNRECOGNIZED_NAME/.test(code)) {
    return `${at} closed the connection during the TLS handshake, with ${sni}. Istio and Envoy do this when no listener has that name: give the listener's hostname with --host or --sni.`;
  }
  if (
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|ERR_SSL_INVALID/.test(code) ||
    code === 'EPROTO'
  ) {
    return `${at} does not speak TLS: it answered https with something else. Is it the plain HTTP port? Try http:// instead.`;
  }
  if (/ALTNAME_INVALID/.test(code)) {
    return `The certificate of ${at} is for other names: ${failure.error.message}. Set --host or --sni to a name that it covers, or -k to accept any.`;
  }
  if (/EXPIRED/.test(code)) {
    return `The certificate of ${at} has expired. Renew it, or accept it with -k.`;
  }
  if (/SELF_SIGNED|UNABLE_TO|CERT_UNTRUSTED/.test(code)) {
    return `The certificate of ${at} is not signed by an authority that is trusted here (${failure.error.message}). Give the authority with --cacert FILE, or accept any certificate with -k.`;
  }
  if (/CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|BAD_CERTIFICATE/.test(code)) {
    return `${at} refused the TLS handshake (${code}). It may want a client certificate: --cert and --key.`;
  }
  return `The TLS handshake with ${at} failed, with ${sni}: ${failure.error.message}`;
}

function explainMalformed(plan: Plan, failure: PreflightFailure, at: string): string {
  const received = failure.error instanceof RequestFailure ? failure.error.received : null;
  // A TLS record begins with its type (21 for an alert) and 3 for the major version.
  if (plan.target.scheme === 'http' && received?.[0] === 0x15 && received[1] === 3) {
    return `${at} speaks TLS: it answered http with a TLS alert. Try https:// instead.`;
  }
  return `${at} did not answer with HTTP/1.1 (${failure.error.message}).`;
}

function explainClosed(plan: Plan, at: string, why: string): string {
  const { scheme, tls } = plan.target;
  let hint = '';
  if (scheme === 'http') hint = ' A TLS port does this to plain HTTP: if it is one, use https://.';
  // In TLS 1.3 the server looks at the client's certificate after the client's handshake has ended.
  else if (tls.cert === null) hint = ' It may want a client certificate: --cert and --key.';
  return `${at} closed the connection without an answer (${why}).${hint}`;
}

/**
 * Why an answer means that no load can be sent, or null when it can. Errors of backends do not stop a run:
 * they are what it measures.
 */
export function explainReply(plan: Plan, reply: PreflightReply): string | null {
  const { target } = plan;
  const at = place(plan);
  const said = `${at} answered ${reply.status}`;
  if (
    plan.target.scheme === 'http' &&
    reply.status === 400 &&
    /HTTP request (was )?(sent )?to (an )?HTTPS|plain HTTP request was sent to HTTPS/i.test(
      reply.body.toString('latin1'),
    )
  ) {
    return `${at} speaks TLS, and got plain HTTP. Try https:// instead.`;
  }
  if (reply.status === 301 || reply.status === 302 || reply.status === 307 || reply.status === 308) {
    const location = headerValue(reply.headers, 'location') ?? '';
    if (location.startsWith('https:') && target.scheme === 'http') {
      return `${said}, a redirect to https (${describeBody(Buffer.from(location, 'latin1'))}). Measure there: use https:// and the gateway's TLS port.`;
    }
    return `${said}, a redirect to ${describeBody(Buffer.from(location, 'latin1'))}. Redirects are not followed: give the place itself.`;
  }
  if (reply.status === 404 && (reply.outcome === 'route-not-found' || reply.body.length === 0)) {
    const port =
      target.host.includes(':') && hostnameOf(target.host) !== target.host
        ? ` The Host carries a port: some gateways (not Istio) know it only without: --host ${hostnameOf(target.host)}.`
        : '';
    return `${said} for Host '${target.host}' and path '${target.path}': the gateway has no route for them. Give the route's hostname with --host.${port}`;
  }
  if (reply.status === 401 || reply.status === 403) {
    const text = describeBody(reply.body);
    const rbac = /RBAC: access denied/.test(text)
      ? 'an AuthorizationPolicy of the gateway denies it'
      : 'the request is not allowed';
    return `${said} ('${text}'): ${rbac}. Give what it asks for, e.g. -H 'Authorization: Bearer …'.`;
  }
  if (reply.outcome === 'backend-ref-invalid') {
    return `${said} with an empty body: the gateway has the route but no backend for it (a missing Service or port, or a reference that is not permitted).`;
  }
  if (reply.outcome === 'no-healthy-upstream') {
    return `${said} 'no healthy upstream': no endpoint of the backend is ready.`;
  }
  if (reply.outcome === 'connection-failure' || reply.outcome === 'connection-timeout') {
    return `${said} by itself: it got no connection to the backend. Do its pods listen on the Service's targetPort?`;
  }
  if (reply.status === 426)
    return `${said}: it wants another protocol than ${target.protocol === 'h2' ? 'HTTP/2' : 'HTTP/1.1'}.`;
  if (reply.fromGateway)
    return `${said} by itself ('${describeBody(reply.body)}'), without asking a backend.`;
  return null;
}
