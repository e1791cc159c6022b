/**
 * Bounds and corrections for undici's response parser, set on the parser of each new connection. It can be reached by
 * one symbol only; the version is pinned exactly (see undici-client.ts), and a test holds each of these.
 */
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';

const require = createRequire(import.meta.url);
const { kParser } = require('undici/lib/core/symbols.js') as { kParser: symbol };
const { HeadersOverflowError } = require('undici/lib/core/errors.js') as typeof import('undici').errors;

/** Header lines of a response, or trailers; more fail as `too-large`. Envoy allows 100, Node's own client 2,000. */
const MAX_HEADERS = 1000;

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
 * undici bounds the bytes of a head, but each header costs it two objects: 60,000 headers of a letter are within the
 * bound and 25 MB for each connection. And past the bound it reads on to the end of what came at once. Thrown, the
 * error ends the reading: undici destroys the socket with what is thrown while it parses.
 */
function trackHeader(this: Parser, bytes: number): void {
  this.headersSize += bytes;
  if (this.headersSize >= this.headersMaxSize || this.headers.length > 2 * MAX_HEADERS) {
    throw new HeadersOverflowError();
  }
}

/** To be called when undici has taken the socket over, before a response can come. */
export function boundParser(socket: Socket): void {
  const parser = parserOf(socket);
  if (parser !== undefined) parser.trackHeader = trackHeader;
}

/**
 * To be called with the head of an answer that has no body, whatever Content-Length it carries: that of a 304 is
 * the length the body would have (RFC 9110, 8.6), which undici holds against the bytes that came.
 */
export function expectNoBody(socket: Socket): void {
  const parser = parserOf(socket);
  if (parser !== undefined) parser.contentLength = '';
}
