/**
 * The origin of a response: who made it, the backend or the gateway itself.
 *
 * Envoy stamps every response of a backend, 5xx included, with the header `x-envoy-upstream-service-time`, and none of
 * its own (seen behind Istio; off if debug headers are suppressed). If a gateway stamps, a response without the header
 * is the gateway's. If not, only a known text or header shows that it is the gateway's, and any other response counts
 * as the backend's. A sidecar's own response passes through the gateway like a backend's and counts as such.
 *
 * The texts are from Envoy (router, connection manager, resetReasonToString, filters), from the error pages of HAProxy
 * and nginx, and from Traefik. `404 page not found` is not among them, because every Go server answers that.
 */
import { type OutcomeName, outcomeCode } from '../../blocks/outcome.js';
import { ORIGIN } from '../../blocks/sample-block.js';
import { hasHeader, headerValue } from './raw-headers.js';

/** How a whole response is recorded. */
export interface ReplyClass {
  /** Code of outcome.ts. */
  readonly outcome: number;
  /** Value of ORIGIN. */
  readonly origin: number;
}

const BACKEND: ReplyClass = Object.freeze({ outcome: outcomeCode('ok'), origin: ORIGIN.backend });

function gateway(name: OutcomeName): ReplyClass {
  return Object.freeze({ outcome: outcomeCode(name), origin: ORIGIN.gateway });
}

const OVERFLOW = gateway('overflow');
const NO_HEALTHY_UPSTREAM = gateway('no-healthy-upstream');
const CONNECTION_FAILURE = gateway('connection-failure');
const CONNECTION_TIMEOUT = gateway('connection-timeout');
const CONNECTION_TERMINATION = gateway('connection-termination');
const PROTOCOL_ERROR = gateway('protocol-error');
const UPSTREAM_TIMEOUT = gateway('upstream-timeout');
const ROUTE_NOT_FOUND = gateway('route-not-found');
const BACKEND_REF_INVALID = gateway('backend-ref-invalid');
const ACCESS_DENIED = gateway('access-denied');
const FAULT_INJECTED = gateway('fault-injected');
const RATE_LIMITED = gateway('rate-limited');
const GATEWAY_OTHER = gateway('gateway-other');

/** Bytes at the beginning of a body in which the texts are looked for. */
const MAX_ORIGIN_BODY_BYTES = 512;

/** Bytes of a body to keep: what identifiers may read (`bodyLimitBytes`), and at least what the origin needs. */
export function keptBodyBytes(bodyLimitBytes: number): number {
  return Math.max(bodyLimitBytes, MAX_ORIGIN_BODY_BYTES);
}

/** Whether {@link classifyReply} needs the header fields of responses with this status. */
export function needsHeadersForOrigin(status: number): boolean {
  return status >= 300;
}

/** Whether {@link classifyReply} needs the body of responses with this status. */
export function needsBodyForOrigin(status: number): boolean {
  return status >= 400;
}

/**
 * Decides who made a response, and what the gateway's own response means.
 *
 * With a status below 300 it is always the backend's. A redirect is the gateway's only if the gateway stamps and this
 * response has no stamp.
 *
 * @param headers flat: name, value, name, value, …; not looked at unless they are needed
 * @param body the beginning of the body: at least 512 bytes, or the whole body
 * @param upstreamTimeStamped whether this gateway stamps the responses of backends
 */
export function classifyReply(
  status: number,
  headers: readonly Buffer[],
  body: Buffer,
  upstreamTimeStamped: boolean,
): ReplyClass {
  if (status < 300) return BACKEND;
  if (status < 400 && !upstreamTimeStamped) return BACKEND;
  if (hasHeader(headers, 'x-envoy-upstream-service-time')) return BACKEND;
  if (status < 400) return GATEWAY_OTHER;

  if (headerValue(headers, 'x-envoy-overloaded') === 'true') return OVERFLOW;
  if (headerValue(headers, 'x-envoy-ratelimited') === 'true') return RATE_LIMITED;
  if (body.length > 0) {
    const known = byText(status, body.toString('latin1', 0, Math.min(body.length, MAX_ORIGIN_BODY_BYTES)));
    if (known !== null) return known;
  }
  if (upstreamTimeStamped) return byStatus(status, isEmpty(headers, body));
  if (isEmpty(headers, body) && sentByEnvoy(headers)) return byEmptyEnvoyReply(status);
  return BACKEND;
}

/** Whether the response has no body, and not only because it answers a HEAD request (then it has a length). */
function isEmpty(headers: readonly Buffer[], body: Buffer): boolean {
  if (body.length > 0) return false;
  const length = headerValue(headers, 'content-length');
  return length === null || length === '0';
}

function sentByEnvoy(headers: readonly Buffer[]): boolean {
  const server = headerValue(headers, 'server');
  return server === 'istio-envoy' || server === 'envoy';
}

function byText(status: number, text: string): ReplyClass | null {
  const reason = text.indexOf('reset reason: ');
  if (reason !== -1 && text.startsWith('upstream connect error'))
    return byResetReason(text.slice(reason + 14));
  // An injected fault has the status that its manifest sets.
  if (text === 'fault filter abort') return FAULT_INJECTED;
  switch (status) {
    case 401:
      return /^Jw(?:t|ks) /.test(text) ? ACCESS_DENIED : null;
    case 403:
      return text.startsWith('RBAC: access denied') || text.startsWith('Audiences in Jwt ')
        ? ACCESS_DENIED
        : byErrorPage(status, text);
    case 404:
      return null;
    case 426:
      return text === 'Upgrade Required' ? GATEWAY_OTHER : null;
    case 429:
      return text === 'local_rate_limited' ? RATE_LIMITED : byErrorPage(status, text);
  }
  if (status === 503) {
    if (text.startsWith('no healthy upstream')) return NO_HEALTHY_UPSTREAM;
    if (text.trimEnd() === 'no available server') return NO_HEALTHY_UPSTREAM;
    if (text.startsWith('upstream connect error')) return GATEWAY_OTHER;
  }
  if (status === 504) {
    if (text === 'upstream request timeout' || text === 'upstream max stream duration reached') {
      return UPSTREAM_TIMEOUT;
    }
    if (text === 'stream timeout') return UPSTREAM_TIMEOUT;
  }
  return byErrorPage(status, text);
}

/** Some reasons are followed by more text: `remote connection failure, transport failure reason: …`. */
function byResetReason(reason: string): ReplyClass {
  if (reason.startsWith('overflow')) return OVERFLOW;
  if (reason.startsWith('connection timeout')) return CONNECTION_TIMEOUT;
  if (reason.startsWith('connection termination') || reason.startsWith('remote reset')) {
    return CONNECTION_TERMINATION;
  }
  if (reason.startsWith('HTTP/1 premature upstream half close')) return CONNECTION_TERMINATION;
  if (reason.startsWith('protocol error')) return PROTOCOL_ERROR;
  if (/^(?:(?:local|remote) )?connection failure/.test(reason)) return CONNECTION_FAILURE;
  return GATEWAY_OTHER;
}

/** HAProxy's and nginx's own pages. */
function byErrorPage(status: number, text: string): ReplyClass | null {
  if (text.startsWith('<html><body><h1>')) {
    if (text.includes('No server is available to handle this request.')) return NO_HEALTHY_UPSTREAM;
    if (text.includes("The server didn't respond in time.")) return UPSTREAM_TIMEOUT;
    if (text.includes('The server returned an invalid or incomplete response.'))
      return CONNECTION_TERMINATION;
    if (text.includes('Request forbidden by administrative rules.')) return ACCESS_DENIED;
    if (text.includes('You have sent too many requests in a given amount of time.')) return RATE_LIMITED;
  }
  // nginx serves the same pages for its own files. Only statuses that come from a proxy are certain.
  if (text.startsWith('<html>') && text.includes('<hr><center>nginx')) {
    if (status === 502) return GATEWAY_OTHER;
    if (status === 504) return UPSTREAM_TIMEOUT;
  }
  return null;
}

/** A response of the gateway (no stamp) without a known text: status and empty body show the usual cause. */
function byStatus(status: number, empty: boolean): ReplyClass {
  switch (status) {
    case 401:
    case 403:
      return ACCESS_DENIED;
    case 404:
      return ROUTE_NOT_FOUND;
    case 429:
      return RATE_LIMITED;
    case 500:
    case 503:
      return empty ? BACKEND_REF_INVALID : GATEWAY_OTHER;
    case 504:
      return UPSTREAM_TIMEOUT;
    default:
      return GATEWAY_OTHER;
  }
}

/**
 * An empty error from an Envoy that stamped no response so far: either all were its own, or stamping is switched off.
 * Three statuses are those of Envoy's own empty responses, and count as the gateway's.
 */
function byEmptyEnvoyReply(status: number): ReplyClass {
  if (status === 404) return ROUTE_NOT_FOUND;
  return status === 500 || status === 503 ? BACKEND_REF_INVALID : BACKEND;
}
