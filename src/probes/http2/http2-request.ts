/** A plan's request as HTTP/2 sends it. */
import type { OutgoingHttpHeaders } from 'node:http2';
import type { Target } from '../../plan/plan.js';

export interface Http2Request {
  /** Pseudo headers first, names in lower case. */
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer | null;
}

/** Headers about one connection of HTTP/1.1: a server takes a request with them for malformed (RFC 9113, 8.2.2). */
const OF_THE_CONNECTION = new Set([
  'connection',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

function isLeftOut([name, value]: readonly [string, string]): boolean {
  const lower = name.toLowerCase();
  return OF_THE_CONNECTION.has(lower) || (lower === 'te' && value.toLowerCase() !== 'trailers');
}

/** Names of the target's headers that HTTP/2 has no place for; `:authority` says what Host would. */
export function headersLeftOutOfHttp2(target: Target): string[] {
  return target.headers.filter(isLeftOut).map(([name]) => name);
}

/** The same for every request: made once. */
export function http2Request(target: Target): Http2Request {
  const headers: OutgoingHttpHeaders = {
    ':method': target.method,
    ':scheme': target.scheme,
    ':authority': target.host,
    ':path': target.path,
  };
  for (const header of target.headers) {
    if (isLeftOut(header)) continue;
    const name = header[0].toLowerCase();
    const before = headers[name];
    headers[name] = before === undefined ? header[1] : [before as string | string[], header[1]].flat();
  }
  const body = target.body === null ? null : Buffer.from(target.body);
  if (body !== null) headers['content-length'] = String(body.length);
  return { headers, body };
}
