/**
 * One HTTP/1.1 connection with one request at a time, on undici's Client. This is the hot path: the lane itself is
 * undici's dispatch handler and is used again for every request, so that this code adds no closure, promise or
 * object per request.
 */
import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import type { Target } from '../../plan/plan.js';
import { addressLabel } from '../../plan/target/connect-to.js';
import { BaseLane } from '../lane/base-lane.js';
import { addressOf, type ConnectCallback } from '../lane/connector.js';
import type { ConnectionPlace } from '../lane/driver.js';
import { type GiveUpReason, type Lane, type LaneOwner, MAX_HEADER_BYTES } from '../lane/lane.js';
import type { CookieJar } from '../request/cookie-jar.js';
import type { VaryingRequest } from '../request/varying-request.js';
import { headerValue, headerValues } from '../response/raw-headers.js';
import { Client } from './undici-client.js';
import { undiciFailure } from './undici-failure.js';
import { expectNoBody, limitHeaders } from './undici-parser.js';

/** How long undici keeps an idle connection open; a Keep-Alive header of the gateway can shorten it. */
const KEEP_ALIVE_MS = 600_000;

type RequestOptions = Dispatcher.DispatchOptions;

/** undici opened another connection than the one that the request's values and cookies are for. */
const OTHER_CONNECTION = new Error('the request was made for a connection that is closed');

/** The plan's request in undici's form, made once: one that keeps the connection open, one that closes it. */
export interface PreparedRequest {
  readonly keep: RequestOptions;
  readonly last: RequestOptions;
}

/** Prepares the request of a target. */
export function prepareRequest(target: Target): PreparedRequest {
  const headers = ['host', target.host, ...target.headers.flat()];
  const keep: RequestOptions = {
    path: target.path,
    method: target.method as Dispatcher.HttpMethod,
    headers,
    body: target.body === null ? null : Buffer.from(target.body),
  };
  return { keep, last: { ...keep, reset: true } };
}

/** A lane over HTTP/1.1. See {@link Lane} for what is called when. */
export class UndiciLane extends BaseLane implements Lane, Dispatcher.DispatchHandler {
  readonly #client: InstanceType<typeof Client>;
  #abort: ((error?: Error) => void) | null = null;
  #socket: Socket | null = null;
  /** Requests on the current socket, with the one in progress. */
  #requestsOnSocket = 0;
  /** Opened before the first request: undici gets it when it asks for a socket. */
  #early: Socket | null = null;
  /** The same while it is being opened. */
  #opening: Socket | null = null;
  /** The error that broke the current socket. */
  #socketError: Error | null = null;
  // Only for requests that vary:
  /** Serial number that the next socket will have; 0 if none was taken for it yet. */
  #nextSerial = 0;
  /** Serial number of the connection that the request's values and cookies are for. */
  #madeFor = 0;
  /** Cookies of that connection. */
  readonly #jar: CookieJar | null;

  /**
   * @param varying null if all requests are the same
   */
  constructor(
    owner: LaneOwner,
    readonly place: ConnectionPlace,
    readonly request: PreparedRequest,
    readonly varying: VaryingRequest | null = null,
  ) {
    super(owner);
    this.#jar = varying?.newJar() ?? null;
    this.#client = new Client('http://localhost', {
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      // undici's own connector would take the server name from the Host header and ignore any other.
      connect: (_options, callback) => this.#connect(callback as ConnectCallback),
    });
    this.#client.on('connect', () => {
      if (this.#socket !== null) limitHeaders(this.#socket);
    });
  }

  open(done: (opened: boolean) => void): void {
    this.#opening = this.#openSocket((...[error, socket]) => {
      this.#opening = null;
      this.#early = socket;
      this.#madeFor = this.serial;
      done(error === null);
    });
  }

  header(lowerCaseName: string): string | null {
    return headerValue(this.headers, lowerCaseName);
  }

  ready(): boolean {
    return true;
  }

  start(dueUs: number, phase: number, sequence: number): void {
    this.begin(dueUs, phase, sequence);
    this.#abort = null;
    // It took too long: undici opens another one.
    this.#opening?.destroy();
    this.#opening = null;
    this.#requestsOnSocket += 1;
    this.#dispatch();
  }

  giveUp(reason: GiveUpReason): void {
    if (!this.busy || this.giveUpReason !== null) return;
    this.giveUpReason = reason;
    const error = new Error(reason);
    if (this.#abort !== null) this.#abort(error);
    // Not written yet. Destroying the socket that the request waits for ends it; #connect destroys a later one.
    else this.#socket?.destroy(error);
  }

  disconnect(): void {
    // undici opens another one for the next request.
    this.#requestsOnSocket = 0;
    this.#socket?.destroy();
  }

  close(): void {
    this.#socket?.destroy();
    this.#client.destroy().catch(() => {});
  }

  #dispatch(): void {
    const { varying } = this;
    const request = varying === null ? this.request : this.#make(varying);
    this.#client.dispatch(
      this.#requestsOnSocket >= this.owner.requestsPerConnection ? request.last : request.keep,
      this,
    );
  }

  /** The request as it is sent on the open socket, or on the next one if none is open. */
  #make(varying: VaryingRequest): PreparedRequest {
    if (this.#socket === null || this.#socket.destroyed) {
      this.#requestsOnSocket = 1;
      if (this.#nextSerial === 0) this.#nextSerial = this.owner.nextConnectionSerial();
      this.#madeFor = this.#nextSerial;
      this.#jar?.clear();
    }
    return prepareRequest(varying.targetOf(this.sequence, this.#madeFor, this.#jar, this.owner.now()));
  }

  #connect(callback: ConnectCallback): void {
    const early = this.#early;
    this.#early = null;
    if (early !== null && this.#isFresh(early)) {
      // undici goes on only if it is called back later.
      queueMicrotask(() => callback(null, early));
      return;
    }
    // The socket was open when the request was made, but undici needs another one.
    if (this.varying !== null && this.#madeFor !== this.#nextSerial) {
      callback(OTHER_CONNECTION, null);
      return;
    }
    // The request that waits for the socket is its first.
    this.#requestsOnSocket = 1;
    this.readyUs = Number.NaN;
    const socket = this.#openSocket((...[error, opened]) => {
      if (error === null) callback(null, opened);
      else callback(retriedByUndici(error) ? withoutRetry(error) : error, null);
    });
    if (this.busy && this.giveUpReason !== null) socket.destroy(new Error(this.giveUpReason));
  }

  /** Whether a socket that was opened early is still open and nothing has come on it. */
  #isFresh(socket: Socket): boolean {
    if (socket.readable && socket.readableLength === 0) return true;
    socket.destroy();
    return false;
  }

  #openSocket(callback: ConnectCallback): Socket {
    const { connectTo, connector } = this.place;
    const startUs = this.owner.now();
    this.address = this.owner.connecting(addressLabel(connectTo));
    const opening = connector((...[error, socket]) => {
      if (error !== null) {
        this.#socket = null;
        this.#requestsOnSocket = 0;
        callback(error, null);
        return;
      }
      this.#watch(socket);
      this.serial = this.#nextSerial === 0 ? this.owner.nextConnectionSerial() : this.#nextSerial;
      this.#nextSerial = 0;
      this.readyUs = this.owner.now();
      this.address = this.owner.opened(addressOf(socket, connectTo), this.readyUs - startUs);
      callback(null, socket);
    });
    this.#socket = opening;
    return opening;
  }

  /** Follows the errors and the end of a socket that was opened. */
  #watch(socket: Socket): void {
    this.#socketError = null;
    socket.once('error', (broken: NodeJS.ErrnoException) => {
      this.#socketError = broken;
      // A kept connection broke before the next request was written: only with this code does undici send the
      // request on a new connection.
      if (Number.isNaN(this.sendUs) && this.giveUpReason === null) broken.code = 'UND_ERR_SOCKET';
      // After a TLS alert or a broken record Node leaves the socket open.
      socket.destroy();
    });
    socket.once('close', () => {
      if (!this.busy) this.#requestsOnSocket = 0;
    });
  }

  // undici's handler interface for raw headers: it passes the header bytes as received and makes no object of them.

  onConnect(abort: (error?: Error) => void): void {
    this.#abort = abort;
    if (this.giveUpReason !== null) abort(new Error(this.giveUpReason));
    else this.sendUs = this.owner.now();
  }

  onHeaders(status: number, headers: Buffer[]): boolean {
    if (status < 200) return true;
    if (!this.owner.firstByteAtBody) this.firstByteUs = this.owner.now();
    this.status = status;
    this.headerList = headers;
    this.#jar?.take(headerValues(headers, 'set-cookie'), this.owner.now());
    if ((status === 204 || status === 304) && this.#socket !== null) expectNoBody(this.#socket);
    this.keepBody = this.owner.wantsBody(status);
    return true;
  }

  onData(chunk: Buffer): boolean {
    this.receiveBody(chunk);
    return true;
  }

  onComplete(): void {
    this.markFirstByte();
    // When a body ends with the connection, undici takes a reset for the end of the body.
    if (this.#socketError !== null) {
      this.#finish(this.#socketError);
      return;
    }
    // The response came before the whole request was written. The rest of it would be sent in front of the next
    // request, so the connection is closed. With small requests this happens only when Node reports the write late,
    // as over TLS.
    if (this.#socket?.writableNeedDrain === true) {
      this.#requestsOnSocket = 0;
      this.#socket.destroy();
    }
    this.#finish(null);
  }

  onError(error: Error): void {
    if (error === OTHER_CONNECTION && this.giveUpReason === null) {
      // undici's queue takes nothing while it reports an error.
      queueMicrotask(() => this.#dispatch());
      return;
    }
    const stage = { sent: !Number.isNaN(this.sendUs), headSeen: this.status !== 0 };
    this.#finish(undiciFailure(error, stage));
  }

  #finish(error: unknown): void {
    this.busy = false;
    this.#abort = null;
    // The next request gets a new socket: this one broke, or the server was told to close it.
    if (error !== null || this.#requestsOnSocket >= this.owner.requestsPerConnection)
      this.#requestsOnSocket = 0;
    this.owner.finished(this, error);
  }
}

/**
 * When the certificate is for other names, undici fails only the requests whose own server name is the wrong one,
 * and connects again, without end, for the others.
 */
function retriedByUndici(error: NodeJS.ErrnoException): boolean {
  return error.code === 'ERR_TLS_CERT_ALTNAME_INVALID';
}

/** The same error with a code that undici does not know: it fails what waits, as after any other error. */
function withoutRetry(error: Error): Error {
  return Object.assign(new Error(error.message, { cause: error }), { code: 'CERT_ALTNAME_INVALID' });
}
