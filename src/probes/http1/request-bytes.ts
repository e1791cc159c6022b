/** The bytes of a request. */
import type { Target } from '../../plan/plan.js';

/** Larger bodies are written beside the head, so that there is one copy of them. */
const MAX_JOINED_BODY_BYTES = 16 * 1024;

/** Methods that have a body: without one they say so. */
const WITH_BODY = new Set(['PUT', 'POST', 'PATCH', 'QUERY', 'PROPFIND', 'PROPPATCH']);

/** A request as it is written. */
export interface RequestBytes {
  /** The head, with the body if that is small: of a request that keeps the connection open, and of one that closes it. */
  readonly keep: Buffer;
  readonly last: Buffer;
  /** A body that is written behind them; null if there is none. */
  readonly body: Buffer | null;
  /** The method is HEAD. */
  readonly headMethod: boolean;
  /** Servers may take the body for another request: no other one follows on the connection. */
  readonly oddBody: boolean;
}

/** Prepares the request of a target. Texts are Latin-1. */
export function requestBytes({ method, path, host, headers, body }: Target): RequestBytes {
  const withBody = WITH_BODY.has(method);
  const length = body?.length ?? 0;
  const fields = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const lengthField = length > 0 || withBody ? `content-length: ${length}\r\n` : '';
  const bytes = body === null ? Buffer.alloc(0) : Buffer.from(body.buffer, body.byteOffset, length);
  const joined = length <= MAX_JOINED_BODY_BYTES;
  const withConnection = (connection: string) => {
    const head = Buffer.from(
      `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: ${connection}\r\n${fields}${lengthField}\r\n`,
      'latin1',
    );
    return joined ? Buffer.concat([head, bytes]) : head;
  };
  return {
    keep: withConnection('keep-alive'),
    last: withConnection('close'),
    body: joined ? null : bytes,
    headMethod: method === 'HEAD',
    oddBody: length > 0 && !withBody,
  };
}
