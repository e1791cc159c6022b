/** The plan's request in the form that HTTP/2 needs. */
import type { OutgoingHttpHeaders } from 'node:http2';
import type { Target } from '../../plan/plan.js';
import { isLeftOutOfHttp2 } from '../../plan/target/http2-headers.js';

export interface Http2Request {
  /** Pseudo headers first, names in lower case. */
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer | null;
}

/** Prepares the request of a target. It is the same for every stream. */
export function http2Request(target: Target): Http2Request {
  const headers: OutgoingHttpHeaders = {
    ':method': target.method,
    ':scheme': target.scheme,
    ':authority': target.host,
    ':path': target.path,
  };
  for (const header of target.headers) {
    if (isLeftOutOfHttp2(header)) continue;
    const name = header[0].toLowerCase();
    const before = headers[name];
    headers[name] = before === undefined ? header[1] : [before as string | string[], header[1]].flat();
  }
  const body = target.body === null ? null : Buffer.from(target.body);
  if (body !== null) headers['content-length'] = String(body.length);
  return { headers, body };
}
