/** Request headers that HTTP/2 does not have. */
import type { Note, Target } from '../plan.js';

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

/** Whether HTTP/2 has no place for the header; `:authority` says what Host would. */
export function isLeftOutOfHttp2([name, value]: readonly [string, string]): boolean {
  const lower = name.toLowerCase();
  return OF_THE_CONNECTION.has(lower) || (lower === 'te' && value.toLowerCase() !== 'trailers');
}

/** A note on headers of the target that are not sent because of its protocol. */
export function http2Notes({ protocol, headers }: Target): Note[] {
  const names = protocol === 'h2' ? headers.filter(isLeftOutOfHttp2).map(([name]) => name) : [];
  if (names.length === 0) return [];
  const text = `Not sent, because HTTP/2 has no such header: ${names.join(', ')}.`;
  return [{ code: 'http2-headers', text }];
}
