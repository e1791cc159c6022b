/** What the gateway answers itself, in Envoy's words (docs/envoy.md, "The gateway's own replies"). */
import type { ServerResponse } from 'node:http';
import { type HeaderMap, toNodeHeaders } from './headers.js';

export interface OwnReply {
  readonly status: number;
  readonly body: string;
  /** A circuit breaker refused. */
  readonly overloaded?: boolean;
}

/** Why a request to a pod came to nothing. */
export type ResetReason =
  | 'remote connection failure'
  | 'connection termination'
  | 'protocol error'
  | 'overflow';

const BEFORE_HEADERS = 'upstream connect error or disconnect/reset before headers.';

export const NOT_FOUND: OwnReply = { status: 404, body: '' };
export const ALL_WEIGHTS_ZERO: OwnReply = { status: 500, body: '' };
export const NO_HEALTHY_UPSTREAM: OwnReply = { status: 503, body: 'no healthy upstream' };
export const UPSTREAM_TIMEOUT: OwnReply = { status: 504, body: 'upstream request timeout' };
export const FAULT_ABORT = 'fault filter abort';
export const UPGRADE_REQUIRED: OwnReply = { status: 426, body: 'Upgrade Required' };
export const BODY_TOO_LARGE: OwnReply = { status: 413, body: 'Payload Too Large' };

/** For a backend that does not exist. */
export function missingCluster(status: number): OwnReply {
  return { status, body: '' };
}

/** @param retried whether the last attempt was not the first */
export function upstreamReset(reason: ResetReason, retried: boolean): OwnReply {
  const told = retried ? `retried and the latest reset reason: ${reason}` : `reset reason: ${reason}`;
  return {
    status: reason === 'protocol error' ? 502 : 503,
    body: `${BEFORE_HEADERS} ${told}`,
    overloaded: reason === 'overflow',
  };
}

/** Writes the reply. @param modify applies the route's response header modifiers */
export function sendOwnReply(
  response: ServerResponse,
  reply: OwnReply,
  modify: (headers: HeaderMap) => void = () => {},
): void {
  if (response.headersSent || response.destroyed) return;
  const headers: HeaderMap = new Map([['content-length', [String(Buffer.byteLength(reply.body))]]]);
  if (reply.body !== '') headers.set('content-type', ['text/plain']);
  if (reply.overloaded) headers.set('x-envoy-overloaded', ['true']);
  headers.set('server', ['istio-envoy']);
  modify(headers);
  response.writeHead(reply.status, toNodeHeaders(headers));
  response.end(reply.body);
}
