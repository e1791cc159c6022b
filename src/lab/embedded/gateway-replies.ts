/** Replies that the gateway makes itself, as Envoy writes them (docs/envoy.md, "What the gateway answers by itself"). */
import type { ServerResponse } from 'node:http';
import type { OwnReply } from '../../plan/manifests/model.js';
import { type RedirectedRequest, redirectTo } from '../mesh/redirects.js';
import { type HeaderMap, toNodeHeaders } from './headers.js';

export interface GatewayReply {
  readonly status: number;
  readonly body: string;
  /** A circuit breaker refused. */
  readonly overloaded?: boolean;
  /** Where the client is sent. */
  readonly location?: string;
}

/** Why a request to a pod got no response. */
export type ResetReason =
  | 'remote connection failure'
  | 'connection termination'
  | 'protocol error'
  | 'overflow';

const BEFORE_HEADERS = 'upstream connect error or disconnect/reset before headers.';

export const NOT_FOUND: GatewayReply = { status: 404, body: '' };
export const NO_HEALTHY_UPSTREAM: GatewayReply = { status: 503, body: 'no healthy upstream' };
export const UPSTREAM_TIMEOUT: GatewayReply = { status: 504, body: 'upstream request timeout' };
export const FAULT_ABORT = 'fault filter abort';
export const UPGRADE_REQUIRED: GatewayReply = { status: 426, body: 'Upgrade Required' };
export const BODY_TOO_LARGE: GatewayReply = { status: 413, body: 'Payload Too Large' };

/** To the same host, port and path with https, as Envoy's `require_tls`. */
export function httpsRedirect(host: string, target: string): GatewayReply {
  return { status: 301, body: '', location: `https://${host}${target}` };
}

/** What a rule answers itself. */
export function ownReply(reply: OwnReply, request: RedirectedRequest): GatewayReply {
  return reply.kind === 'response'
    ? reply
    : { status: reply.status, body: '', location: redirectTo(reply, request) };
}

/** Where no backend has weight, or where it does not exist. */
export function emptyReply(status: number): GatewayReply {
  return { status, body: '' };
}

/** @param retried whether the last attempt was not the first */
export function upstreamReset(reason: ResetReason, retried: boolean): GatewayReply {
  const reset = retried ? `retried and the latest reset reason: ${reason}` : `reset reason: ${reason}`;
  return {
    status: reason === 'protocol error' ? 502 : 503,
    body: `${BEFORE_HEADERS} ${reset}`,
    overloaded: reason === 'overflow',
  };
}

/** Writes the reply. @param modify applies the route's response header modifiers */
export function sendGatewayReply(
  response: ServerResponse,
  reply: GatewayReply,
  modify: (headers: HeaderMap) => void = () => {},
): void {
  if (response.headersSent || response.destroyed) return;
  const headers: HeaderMap = new Map([['content-length', [String(Buffer.byteLength(reply.body))]]]);
  if (reply.body !== '') headers.set('content-type', ['text/plain']);
  if (reply.overloaded) headers.set('x-envoy-overloaded', ['true']);
  if (reply.location !== undefined) headers.set('location', [reply.location]);
  headers.set('server', ['istio-envoy']);
  modify(headers);
  response.writeHead(reply.status, toNodeHeaders(headers));
  response.end(reply.body);
}
