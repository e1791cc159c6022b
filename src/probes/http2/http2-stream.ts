/**
 * The events of node:http2's streams, passed to their lanes. All streams share these listeners, and a stream refers
 * to its lane, so that this code makes no closure per request.
 */
import { type ClientHttp2Stream, constants, type IncomingHttpHeaders } from 'node:http2';
import { Readable } from 'node:stream';
import type { Http2Session } from './http2-session.js';

const RECEIVER = Symbol('receiver');
const UPLOADING_ON = Symbol('uploading on');

/** What a lane learns about its stream. */
export interface StreamReceiver {
  /** A response head, flat: `:status`, value, name, value, … */
  onHead(status: number, flat: readonly string[]): void;
  onBody(chunk: Buffer): void;
  /** END_STREAM was received. node:http2 may report it before the head, above all over TLS. */
  onEndStream(): void;
  /** The request's HEADERS could not be written; `code` is node:http2's. `onClosed` follows. */
  onHeadersNotWritten(code: number): void;
  /** The stream was closed before the lane was done with it. */
  onClosed(stream: ClientHttp2Stream): void;
}

export type LaneStream = ClientHttp2Stream & {
  /** Null when the receiver is done with the stream. */
  [RECEIVER]: StreamReceiver | null;
  /** The session of a stream whose response was complete before its request body was sent. */
  [UPLOADING_ON]?: Http2Session;
};

/** Passes the events of a new stream to the receiver, and lets its body flow. */
export function attach(opened: ClientHttp2Stream, receiver: StreamReceiver): LaneStream {
  const stream = opened as LaneStream;
  stream[RECEIVER] = receiver;
  stream.push = onPush;
  stream.on('response', onResponse);
  stream.on('frameError', onFrameError);
  stream.on('error', onError);
  stream.on('close', onClose);
  return stream;
}

/** Its receiver gets no more events. */
export function detach(stream: LaneStream): void {
  stream[RECEIVER] = null;
}

/** When the stream is closed, `uploadEnded` of the session's owner is called. */
export function reportUploadEnd(stream: LaneStream, session: Http2Session): void {
  stream[UPLOADING_ON] = session;
}

/** Resets the stream if it is still open. */
export function cancel(stream: ClientHttp2Stream): void {
  if (!stream.closed) stream.close(constants.NGHTTP2_CANCEL);
}

/**
 * Takes body bytes as they are received, past the queue of Readable. This is also the only place where END_STREAM can
 * be distinguished from a reset without an error code: node:http2 pushes null for both, but closes the stream first
 * when it was reset.
 */
function onPush(this: Readable, chunk: Buffer | null): boolean {
  const stream = this as unknown as LaneStream;
  const receiver = stream[RECEIVER];
  if (chunk !== null) {
    receiver?.onBody(chunk);
    return true;
  }
  const complete = !stream.closed;
  const more = Readable.prototype.push.call(this, null);
  if (complete) receiver?.onEndStream();
  return more;
}

function onResponse(
  this: ClientHttp2Stream,
  headers: IncomingHttpHeaders & { ':status'?: number },
  _flags: number,
  flat?: readonly string[],
): void {
  (this as LaneStream)[RECEIVER]?.onHead(headers[':status'] ?? 0, flat ?? []);
}

/** Type of a HEADERS frame (RFC 9113, section 6.2). */
const HEADERS_FRAME = 1;

function onFrameError(this: ClientHttp2Stream, type: number, code: number): void {
  if (type === HEADERS_FRAME) (this as LaneStream)[RECEIVER]?.onHeadersNotWritten(code);
}

/** Without a listener an error would end the process. `close` follows at once and finds it in `stream.errored`. */
function onError(): void {}

function onClose(this: ClientHttp2Stream): void {
  const stream = this as LaneStream;
  stream[RECEIVER]?.onClosed(stream);
  const session = stream[UPLOADING_ON];
  if (session !== undefined) session.owner.uploadEnded(session);
}
