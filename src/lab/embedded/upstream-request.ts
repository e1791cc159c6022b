/** What the gateway sends on of a client's request: path, headers and body. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { splitQuery } from '../../plan/routes/request-match.js';
import { endToEndHeaders, type HeaderMap } from './headers.js';

/** A request's body is kept for retries; a rehearsal needs no larger ones. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** The client's headers as Envoy passes them on. */
export function requestHeaders(request: IncomingMessage, scheme: 'http' | 'https'): HeaderMap {
  const headers = endToEndHeaders(request.rawHeaders);
  for (const name of headers.keys()) if (name.startsWith('x-envoy-')) headers.delete(name);
  const client = request.socket.remoteAddress ?? '';
  headers.set('x-forwarded-for', [[...(headers.get('x-forwarded-for') ?? []), client].join(',')]);
  headers.set('x-forwarded-proto', [scheme]);
  headers.set('x-request-id', [randomUUID()]);
  return headers;
}

/** Takes `.` and `..` out of the path, as Envoy's normalize_path does. */
export function normalizeTarget(target: string): string {
  const [path] = splitQuery(target);
  if (!path.startsWith('/')) return target;
  return path.includes('/.') ? new URL(`http://lab${path}`).pathname + target.slice(path.length) : target;
}

/** The whole body; null when the request has none. */
export async function readBody(request: IncomingMessage): Promise<Buffer | null | 'too-large'> {
  const { headers } = request;
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return null;
  const parts: Buffer[] = [];
  let size = 0;
  // The connection stays open for the answer when reading stops early.
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    size += (part as Buffer).length;
    if (size > MAX_BODY_BYTES) return 'too-large';
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}
