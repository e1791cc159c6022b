/** How an HTTP/2 stream, or the opening of a session, failed: errors with the outcome that they mean. */
import { type ClientHttp2Stream, constants } from 'node:http2';
import { RequestFailure } from '../response/failure.js';

const {
  NGHTTP2_NO_ERROR,
  NGHTTP2_PROTOCOL_ERROR,
  NGHTTP2_REFUSED_STREAM,
  NGHTTP2_CANCEL,
  NGHTTP2_ENHANCE_YOUR_CALM,
} = constants;

/** Names of the error codes, by number (RFC 9113, section 7). */
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

/** The failure when the TLS handshake agreed on another protocol than h2, or on none. */
export function alpnMismatch(alpnProtocol: string | false | null): RequestFailure {
  const instead = alpnProtocol ? `agreed on ${alpnProtocol}` : 'agreed on no protocol';
  return new RequestFailure('no-http2', `the TLS handshake (ALPN) ${instead}, not on h2`);
}

/** The failure when the server ended the TLS handshake because it has no protocol that was offered; else null. */
export function alpnFailure(error: Error): RequestFailure | null {
  return codeOf(error).endsWith('ALERT_NO_APPLICATION_PROTOCOL') ? alpnMismatch(null) : null;
}

/**
 * The failure when the connection was open but no HTTP/2 session began.
 *
 * @param error null if the connection was closed without an error
 * @param goawayCode error code of the server's GOAWAY; null if there was none
 * @param secure the connection was over TLS, where ALPN had agreed on h2
 */
export function sessionOpenFailure(error: Error | null, goawayCode: number | null, secure: boolean): Error {
  if (goawayCode !== null) {
    return new RequestFailure('refused-stream', `the server sent GOAWAY (${codeName(goawayCode)}) at once`);
  }
  if (error === null) return new RequestFailure('closed', 'closed before the server sent SETTINGS');
  if (!isProtocolError(error)) return error;
  return secure
    ? new RequestFailure('malformed', `not HTTP/2 after ALPN had agreed on it (${error.message})`)
    : new RequestFailure('no-http2', 'the bytes that it sent are not HTTP/2');
}

/** How a session ended. */
interface SessionEnd {
  /** The server has not processed streams above this number (GOAWAY, RFC 9113, section 6.8). */
  readonly lastStreamId: number;
  /** Its connection is closed. */
  readonly disconnected: boolean;
}

/** The failure of a stream that was closed before its response was complete. `headSeen`: its head was received. */
export function streamFailure(stream: ClientHttp2Stream, session: SessionEnd, headSeen: boolean): Error {
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
      ? new RequestFailure('malformed', `the server violated the protocol (${errored.message})`)
      : errored;
  }
  if (errored !== null && codeOf(errored) === 'ERR_HTTP2_SESSION_ERROR') {
    return new RequestFailure('reset', `the server ended the connection: ${errored.message}`);
  }
  // When a connection is closed without an error, node:http2 cancels its streams.
  if (rstCode === NGHTTP2_NO_ERROR || (rstCode === NGHTTP2_CANCEL && session.disconnected)) {
    return headSeen
      ? new RequestFailure('truncated', 'closed in the middle of the response')
      : new RequestFailure('closed', 'closed without a response');
  }
  if (!headSeen && rstCode === NGHTTP2_PROTOCOL_ERROR) {
    return new RequestFailure('malformed', 'the stream ended with PROTOCOL_ERROR');
  }
  // node:http2 itself resets a stream with this code if its head is too large.
  const orTooLarge =
    !headSeen && rstCode === NGHTTP2_ENHANCE_YOUR_CALM ? ', or its headers are beyond 1 MiB' : '';
  return new RequestFailure('reset', `the stream was reset with ${codeName(rstCode)}${orTooLarge}`);
}

/** The failure when the request's HEADERS could not be written; `code` is node:http2's. */
export function headersNotWritten(code: number): RequestFailure {
  return new RequestFailure('other', `the request could not be written (${codeName(code)})`);
}

function codeOf(error: Error): string {
  return (error as { code?: string }).code ?? '';
}

/** nghttp2 could not read what the server sent, or it exceeded a limit. */
function isProtocolError(error: Error): boolean {
  return /^ERR_HTTP2_(ERROR|TOO_MANY_)/.test(codeOf(error));
}

/** The error concerns the whole connection, not only one stream. */
function isConnectionError(error: Error): boolean {
  return isProtocolError(error) || !codeOf(error).startsWith('ERR_HTTP2_');
}
