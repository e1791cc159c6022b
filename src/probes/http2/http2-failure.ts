/** Names for the ways in which an HTTP/2 stream, or the opening of its connection, can fail. */
import { type ClientHttp2Stream, constants } from 'node:http2';
import { RequestFailure } from '../response/failure.js';

const {
  NGHTTP2_NO_ERROR,
  NGHTTP2_PROTOCOL_ERROR,
  NGHTTP2_REFUSED_STREAM,
  NGHTTP2_CANCEL,
  NGHTTP2_ENHANCE_YOUR_CALM,
} = constants;

/** Error codes by number (RFC 9113, 7). */
const CODES = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
];

function codeName(code: number): string {
  return CODES[code] ?? `error code ${code}`;
}

/** The TLS handshake did not agree on h2. */
export function alpnMismatch(alpnProtocol: string | false | null): RequestFailure {
  const instead = alpnProtocol ? `agreed on ${alpnProtocol}` : 'agreed on no protocol';
  return new RequestFailure('no-http2', `the TLS handshake (ALPN) ${instead}, not on h2`);
}

/** The server ended the TLS handshake because it has none of the protocols that were offered; null otherwise. */
export function alpnFailure(error: Error): RequestFailure | null {
  return codeOf(error).endsWith('ALERT_NO_APPLICATION_PROTOCOL') ? alpnMismatch(null) : null;
}

/**
 * The connection stood and its session did not begin.
 *
 * @param error null when the connection was closed without one
 * @param goawayCode of the server's GOAWAY, if one came
 */
export function sessionOpenFailure(error: Error | null, goawayCode: number | null, secure: boolean): Error {
  if (goawayCode !== null) {
    return new RequestFailure('refused-stream', `the server said GOAWAY (${codeName(goawayCode)}) at once`);
  }
  if (error === null) return new RequestFailure('closed', 'closed before its SETTINGS came');
  if (!isProtocolError(error)) return error;
  return secure
    ? new RequestFailure('malformed', `not HTTP/2 after ALPN had agreed on it (${error.message})`)
    : new RequestFailure('no-http2', 'what it sent is not HTTP/2');
}

/** What a session knows of its end. */
interface SessionState {
  /** The server has not processed streams above this (GOAWAY, RFC 9113, 6.8). */
  readonly lastStreamId: number;
  /** Its connection is closed. */
  readonly disconnected: boolean;
}

/** Of the stream's response all that came: nothing, a head, or a head and some of its body. */
export function streamFailure(
  stream: ClientHttp2Stream,
  session: SessionState,
  came: { readonly status: number },
): Error {
  const headSeen = came.status !== 0;
  const { rstCode } = stream;
  const id = stream.id ?? 0;
  if (!headSeen && (rstCode === NGHTTP2_REFUSED_STREAM || id > session.lastStreamId)) {
    return new RequestFailure(
      'refused-stream',
      rstCode === NGHTTP2_REFUSED_STREAM && session.lastStreamId >= id
        ? 'the server refused the stream (REFUSED_STREAM)'
        : `the server ended the connection (GOAWAY) at stream ${session.lastStreamId}, before this one`,
    );
  }
  const { errored } = stream;
  if (errored !== null && isConnectionError(errored)) {
    return isProtocolError(errored)
      ? new RequestFailure('malformed', `the server broke the protocol (${errored.message})`)
      : errored;
  }
  if (errored !== null && codeOf(errored) === 'ERR_HTTP2_SESSION_ERROR') {
    return new RequestFailure('reset', `the server ended the connection: ${errored.message}`);
  }
  // A connection that closes in order cancels what is under way.
  if (rstCode === NGHTTP2_NO_ERROR || (rstCode === NGHTTP2_CANCEL && session.disconnected)) {
    return headSeen
      ? new RequestFailure('truncated', 'closed in the middle of the response')
      : new RequestFailure('closed', 'closed without a response');
  }
  if (!headSeen && rstCode === NGHTTP2_PROTOCOL_ERROR) {
    return new RequestFailure('malformed', 'the stream ended with PROTOCOL_ERROR');
  }
  // So ends node:http2 itself a stream whose head is beyond its bounds.
  const orUs = !headSeen && rstCode === NGHTTP2_ENHANCE_YOUR_CALM ? ', or its headers are beyond 1 MiB' : '';
  return new RequestFailure('reset', `the stream was reset with ${codeName(rstCode)}${orUs}`);
}

/** The request's HEADERS could not be written. */
export function headersNotWritten(code: number): RequestFailure {
  return new RequestFailure('other', `the request could not be written (${codeName(code)})`);
}

function codeOf(error: Error): string {
  return (error as { code?: string }).code ?? '';
}

/** What nghttp2 could not read, or does not put up with. */
function isProtocolError(error: Error): boolean {
  return /^ERR_HTTP2_(ERROR|TOO_MANY_)/.test(codeOf(error));
}

/** Not this stream's own, but the connection's. */
function isConnectionError(error: Error): boolean {
  return isProtocolError(error) || !codeOf(error).startsWith('ERR_HTTP2_');
}
