/**
 * A lane over HTTP/2: one stream after the other, on a connection that it shares with other lanes. node:http2 makes
 * objects for each stream; this code adds none per request.
 */
import type { ClientHttp2Stream } from 'node:http2';
import { BaseLane } from '../lane/base-lane.js';
import { type GiveUpReason, type LaneOwner, MAX_HEADER_BYTES } from '../lane/lane.js';
import { RequestFailure } from '../response/failure.js';
import { headerValue, headerValues } from '../response/raw-headers.js';
import { headerBuffers } from './header-buffers.js';
import type { Http2Connection, StreamRequester } from './http2-connection.js';
import { headersNotWritten, streamFailure } from './http2-failure.js';
import type { Http2Session } from './http2-session.js';
import {
  attach,
  cancel,
  detach,
  type LaneStream,
  reportUploadEnd,
  type StreamReceiver,
} from './http2-stream.js';

/**
 * A server may respond when it has only the request's head. The request body, which usually follows within
 * microseconds, is sent for this long; then the stream is reset. An earlier reset would cost a gateway its connection
 * to the backend.
 */
const UPLOAD_GRACE_MS = 50;

/** See {@link Lane} for what is called when. */
export class Http2Lane extends BaseLane implements StreamRequester, StreamReceiver {
  #session: Http2Session | null = null;
  #stream: LaneStream | null = null;
  /** END_STREAM was received. A stream that ends in any other way has no complete response. */
  #complete = false;
  /** node:http2's code if the request's HEADERS could not be written. */
  #notWrittenCode: number | null = null;

  constructor(
    owner: LaneOwner,
    readonly connection: Http2Connection,
  ) {
    super(owner);
  }

  open(done: (opened: boolean) => void): void {
    this.connection.open(done);
  }

  header(lowerCaseName: string): string | null {
    return headerValue(this.headers, lowerCaseName);
  }

  ready(): boolean {
    return this.connection.ready(this);
  }

  start(dueUs: number, phase: number, sequence: number): void {
    this.begin(dueUs, phase, sequence);
    // Until the head was received: node:http2 may report it after the body that came with it, above all over TLS.
    this.keepBody = true;
    this.#session = null;
    this.#complete = false;
    this.#notWrittenCode = null;
    this.connection.start(this);
    if (this.busy && Number.isNaN(this.sendUs)) this.readyUs = Number.NaN;
  }

  giveUp(reason: GiveUpReason): void {
    if (!this.busy || this.giveUpReason !== null) return;
    this.giveUpReason = reason;
    const error = new Error(reason);
    if (this.#stream === null) {
      this.failUnsent(error, this.connection.cancelWaiting(this));
      return;
    }
    const session = this.#session as Http2Session;
    // Nothing at all came on the connection since the request was sent. As over HTTP/1.1, it is not used again.
    if (reason === 'timeout' && session.lastResponseUs < this.sendUs) session.drain();
    this.#finish(error);
  }

  disconnect(): void {
    this.connection.closeUnlessBusy();
  }

  close(): void {
    this.connection.close();
  }

  // StreamRequester

  send(session: Http2Session): void {
    this.#session = session;
    this.serial = session.serial;
    this.address = session.address;
    const { headers, body } = this.connection.requestOn(session, this.sequence);
    let stream: LaneStream;
    try {
      stream = attach(session.request(headers, body === null), this);
    } catch (error) {
      this.#finish(error);
      return;
    }
    this.#stream = stream;
    // node:http2 writes the request before the next events are read.
    this.sendUs = this.owner.now();
    if (Number.isNaN(this.readyUs)) this.readyUs = this.sendUs;
    if (body !== null) stream.end(body);
    // Lets the body flow.
    stream.read(0);
  }

  failUnsent(error: Error, address: number): void {
    this.address = address;
    this.#end(error);
  }

  // StreamReceiver

  onHead(status: number, flat: readonly string[]): void {
    if (this.status !== 0) return;
    const session = this.#session as Http2Session;
    session.lastResponseUs = this.owner.now();
    if (!this.owner.firstByteAtBody) this.markFirstByte();
    this.status = status;
    const headers = headerBuffers(flat, MAX_HEADER_BYTES);
    if (headers === null) {
      this.#finish(new RequestFailure('too-large', 'response headers beyond 64 KiB'));
      return;
    }
    this.headerList = headers;
    session.jar?.take(headerValues(headers, 'set-cookie'), this.owner.now());
    this.keepBody = this.owner.wantsBody(status);
    if (!this.keepBody) this.kept.clear();
    if (this.#complete) this.#succeed();
  }

  onBody(chunk: Buffer): void {
    this.receiveBody(chunk);
  }

  onEndStream(): void {
    this.#complete = true;
    if (this.status !== 0) this.#succeed();
  }

  onHeadersNotWritten(code: number): void {
    this.#notWrittenCode = code;
  }

  onClosed(stream: ClientHttp2Stream): void {
    const session = this.#session as Http2Session;
    if (this.#notWrittenCode === null) {
      this.#finish(streamFailure(stream, session, this.status !== 0));
    } else if (session.state !== 'open') {
      // The server's GOAWAY was received before the request was written, so the server never saw it: send it again.
      this.#stream = null;
      this.#notWrittenCode = null;
      this.sendUs = Number.NaN;
      this.connection.startAgain(this, session);
    } else {
      this.#finish(headersNotWritten(this.#notWrittenCode));
    }
  }

  #succeed(): void {
    this.markFirstByte();
    this.#finish(null);
  }

  /** Ends a request that had a session, with its stream. */
  #finish(error: unknown): void {
    const session = this.#session as Http2Session;
    const stream = this.#stream;
    let uploading = false;
    if (stream !== null) {
      detach(stream);
      this.#stream = null;
      if (error !== null) {
        session.streamAborted(stream);
        cancel(stream);
      } else if (!stream.writableFinished && !stream.closed) {
        uploading = true;
        reportUploadEnd(stream, session);
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
