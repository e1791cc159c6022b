/**
 * A lane over HTTP/2: one stream after the other, on a connection that it shares with other lanes. What
 * node:http2 makes per stream is unavoidable; of ours there is nothing per request, neither closure nor promise:
 * the stream carries its lane, and all streams share their listeners.
 */
import { type ClientHttp2Stream, constants, type IncomingHttpHeaders } from 'node:http2';
import { Readable } from 'node:stream';
import { BaseLane } from '../lane/base-lane.js';
import { type GiveUpReason, type LaneOwner, MAX_HEADER_BYTES } from '../lane/lane.js';
import { RequestFailure } from '../response/failure.js';
import { headerBuffers } from './header-buffers.js';
import type { Http2Connection, StreamRequester } from './http2-connection.js';
import { headersNotWritten, streamFailure } from './http2-failure.js';
import type { Http2Session } from './http2-session.js';

const LANE = Symbol('lane');
const UPLOADING = Symbol('uploading');

/** A stream, and whose it is: null once its request has ended for us. */
type LaneStream = ClientHttp2Stream & {
  [LANE]: Http2Lane | null;
  /** Its session, when it was answered before its body was on the way to the end. */
  [UPLOADING]?: Http2Session;
};

/**
 * A server may answer at a request's head. Its body, as a rule some microseconds behind, goes on this long: a reset
 * would cost a gateway its connection to the backend.
 */
const UPLOAD_GRACE_MS = 50;

export class Http2Lane extends BaseLane implements StreamRequester {
  #session: Http2Session | null = null;
  #stream: LaneStream | null = null;
  /** END_STREAM came: no other end of a stream is the end of a response. */
  #whole = false;
  /** node:http2's code for why the request's HEADERS were not written. */
  #unwritten: number | null = null;

  constructor(
    owner: LaneOwner,
    readonly connection: Http2Connection,
  ) {
    super(owner);
  }

  ready(): boolean {
    return this.connection.ready(this);
  }

  start(dueUs: number, phase: number, sequence: number): void {
    this.begin(dueUs, phase, sequence);
    // Until the head says otherwise: node:http2 may tell of it after the body that came with it, over TLS above all.
    this.keepBody = true;
    this.#session = null;
    this.#whole = false;
    this.#unwritten = null;
    this.connection.start(this);
  }

  /** The session has a stream for the request. */
  send(session: Http2Session): void {
    this.#session = session;
    this.serial = session.serial;
    this.address = session.address;
    const { headers, body } = this.connection.request;
    let stream: LaneStream;
    try {
      stream = session.request(headers, body === null) as LaneStream;
    } catch (error) {
      this.#finish(error);
      return;
    }
    this.#stream = stream;
    stream[LANE] = this;
    stream.push = onPush;
    stream.on('response', onResponse);
    stream.on('frameError', onFrameError);
    stream.on('error', onError);
    stream.on('close', onClose);
    // node:http2 writes it before the next events are read.
    this.sendUs = this.owner.now();
    if (body !== null) stream.end(body);
    // Lets the body flow.
    stream.read(0);
  }

  /** The request was not sent, because of the connection to this address. */
  failUnsent(error: Error, address: number): void {
    this.address = address;
    this.#end(error);
  }

  giveUp(as: GiveUpReason): void {
    if (!this.busy || this.giveUpReason !== null) return;
    this.giveUpReason = as;
    const error = new Error(as);
    if (this.#stream === null) {
      this.failUnsent(error, this.connection.cancelWaiting(this));
    } else {
      const session = this.#session as Http2Session;
      // Not a slow response among others, but a connection on which nothing comes: as over HTTP/1.1, it is not used again.
      if (as === 'timeout' && session.lastResponseUs < this.sendUs) session.drain();
      this.#finish(error);
    }
  }

  close(): void {
    this.connection.close();
  }

  // The stream's side

  head(status: number, flat: readonly string[]): void {
    if (this.status !== 0) return;
    (this.#session as Http2Session).lastResponseUs = this.owner.now();
    if (!this.owner.firstByteAtBody) this.markFirstByte();
    this.status = status;
    const headers = headerBuffers(flat, MAX_HEADER_BYTES);
    if (headers === null) {
      this.#finish(new RequestFailure('too-large', 'response headers beyond 64 KiB'));
      return;
    }
    this.headers = headers;
    this.keepBody = this.owner.wantsBody(status);
    if (!this.keepBody) this.kept.clear();
    if (this.#whole) this.#complete();
  }

  data(chunk: Buffer): void {
    this.receiveBody(chunk);
  }

  /** END_STREAM. */
  whole(): void {
    this.#whole = true;
    if (this.status !== 0) this.#complete();
  }

  unwritten(code: number): void {
    this.#unwritten = code;
  }

  /** The stream is gone before the response was whole. */
  lost(stream: ClientHttp2Stream): void {
    const session = this.#session as Http2Session;
    if (this.#unwritten === null) {
      this.#finish(streamFailure(stream, session, this));
    } else if (session.state !== 'open') {
      // The server's GOAWAY came before the request went: it never saw it.
      this.#stream = null;
      this.#unwritten = null;
      this.sendUs = Number.NaN;
      this.connection.startAgain(this, session);
    } else {
      this.#finish(headersNotWritten(this.#unwritten));
    }
  }

  #complete(): void {
    this.markFirstByte();
    this.#finish(null);
  }

  #finish(error: unknown): void {
    const session = this.#session as Http2Session;
    const stream = this.#stream;
    let uploading = false;
    if (stream !== null) {
      stream[LANE] = null;
      this.#stream = null;
      if (error !== null) {
        session.streamAborted(stream);
        cancel(stream);
      } else if (!stream.writableFinished && !stream.closed) {
        uploading = true;
        stream[UPLOADING] = session;
        setTimeout(cancel, UPLOAD_GRACE_MS, stream);
      }
    }
    this.connection.requestEnded(session, uploading);
    this.#end(error);
    if (!uploading) this.connection.streamFreed(session);
  }

  #end(error: unknown): void {
    this.busy = false;
    this.owner.finished(this, error);
  }
}

/** Resets a stream that is still open. */
function cancel(stream: ClientHttp2Stream): void {
  if (!stream.closed) stream.close(constants.NGHTTP2_CANCEL);
}

// Shared by all streams.

/**
 * Takes a stream's data as it comes, past the queue of Readable. It is also the one place where END_STREAM can
 * be told from a reset without an error code: node:http2 pushes null for both, but closes the stream before
 * it does so for the second.
 */
function onPush(this: Readable, chunk: Buffer | null): boolean {
  const stream = this as unknown as LaneStream;
  const lane = stream[LANE];
  if (chunk !== null) {
    lane?.data(chunk);
    return true;
  }
  const whole = !stream.closed;
  const more = Readable.prototype.push.call(this, null);
  if (whole) lane?.whole();
  return more;
}

function onResponse(
  this: ClientHttp2Stream,
  headers: IncomingHttpHeaders & { ':status'?: number },
  _flags: number,
  flat?: readonly string[],
): void {
  (this as LaneStream)[LANE]?.head(headers[':status'] ?? 0, flat ?? []);
}

function onFrameError(this: ClientHttp2Stream, type: number, code: number): void {
  // HEADERS
  if (type === 1) (this as LaneStream)[LANE]?.unwritten(code);
}

/** What went wrong is told when the stream is closed, which follows at once. */
function onError(): void {}

function onClose(this: ClientHttp2Stream): void {
  const stream = this as LaneStream;
  stream[LANE]?.lost(stream);
  const session = stream[UPLOADING];
  if (session !== undefined) session.owner.uploadEnded(session);
}
