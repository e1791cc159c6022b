/**
 * Limits and corrections for undici's response parser, set on the parser of each new connection. The parser can only
 * be reached by undici's internal symbol; undici's version is pinned exactly (package.json), and each of these
 * corrections has a test.
 */
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { MAX_HEADERS } from './response-head.js';

const require = createRequire(import.meta.url);
const { kParser } = require('undici/lib/core/symbols.js') as { kParser: symbol };
const { HeadersOverflowError } = require('undici/lib/core/errors.js') as typeof import('undici').errors;

interface Parser {
  /** Flat: name, value, name, value, … of the head or the trailers that are being read. */
  readonly headers: readonly Buffer[];
  headersSize: number;
  readonly headersMaxSize: number;
  contentLength: string;
  trackHeader(bytes: number): void;
}

function parserOf(socket: Socket): Parser | undefined {
  return (socket as unknown as Record<symbol, Parser | undefined>)[kParser];
}

/**
 * Replaces undici's method of this name, which limits only the bytes of a head. Each header also costs two objects:
 * 60,000 headers of one letter are within that limit and take 25 MB per connection. Past the limit undici would read
 * on to the end of the bytes at hand; the thrown error stops it, because undici destroys the socket on any error
 * that is thrown while it parses.
 */
function trackHeader(this: Parser, bytes: number): void {
  this.headersSize += bytes;
  if (this.headersSize >= this.headersMaxSize || this.headers.length > 2 * MAX_HEADERS) {
    throw new HeadersOverflowError();
  }
}

/** Limits the response headers on a socket. Call it when undici has taken the socket over, before any response. */
export function limitHeaders(socket: Socket): void {
  const parser = parserOf(socket);
  if (parser !== undefined) parser.trackHeader = trackHeader;
}

/**
 * Call it with the head of a response that has no body, whatever its Content-Length says: in a 304 that is the length
 * that the body would have (RFC 9110, section 8.6), but undici compares it with the bytes received.
 */
export function expectNoBody(socket: Socket): void {
  const parser = parserOf(socket);
  if (parser !== undefined) parser.contentLength = '';
}
