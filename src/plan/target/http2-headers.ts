/** Request headers that HTTP/2 does not allow. */
import type { Note, Target } from '../plan.js';

/** Connection-specific headers of HTTP/1.1. With them, an HTTP/2 request is malformed (RFC 9113, section 8.2.2). */
const CONNECTION_HEADERS = new Set([
  'connection',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

/** Whether a header is left out over HTTP/2. Host is, because `:authority` has its value. */
export function isLeftOutOfHttp2([name, value]: readonly [string, string]): boolean {
  const lower = name.toLowerCase();
  return CONNECTION_HEADERS.has(lower) || (lower === 'te' && value.toLowerCase() !== 'trailers');
}

/** A note that lists the target's headers that are not sent over HTTP/2; empty if there are none. */
export function http2Notes({ protocol, headers }: Target): Note[] {
  const names = protocol === 'h2' ? headers.filter(isLeftOutOfHttp2).map(([name]) => name) : [];
  if (names.length === 0) return [];
  const text = `Not sent, because HTTP/2 has no such header: ${names.join(', ')}.`;
  return [{ code: 'http2-headers', text }];
}
