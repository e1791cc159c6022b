/**
 * One connection with one request at a time, on undici's Client. This is the hot path: the object is the
 * dispatch handler itself and is used again for every request, so that a request costs no closure, promise
 * or object of ours.
 */
import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import type { ConnectTo, Target } from '../../plan/plan.js';
import { addressLabel } from '../../plan/target/connect-to.js';
import { addressOf, type Connector } from '../lane/connector.js';
import { BaseLane, type GiveUpReason, type Lane, type LaneOwner, MAX_HEADER_BYTES } from '../lane/lane.js';
import { Client } from '../lane/undici-client.js';
import { boundParser, expectNoBody } from './undici-parser.js';

/** Idle connections stay open this long; a gateway's own Keep-Alive header can shorten it. */
const KEEP_ALIVE_MS = 600_000;

type RequestOptions = Dispatcher.DispatchOptions;

/** The requests of a plan as undici takes them: one that keeps the connection, one that ends it. */
export function requestOptions(target: Target): { keep: RequestOptions; last: RequestOptions } {
  const headers = ['host', target.host, ...target.headers.flat()];
  const keep: RequestOptions = {
    path: target.path,
    method: target.method as Dispatcher.HttpMethod,
    headers,
    body: target.body === null ? null : Buffer.from(target.body),
  };
  return { keep, last: { ...keep, reset: true } };
}

export class UndiciLane extends BaseLane implements Lane, Dispatcher.DispatchHandler {
  readonly #client: InstanceType<typeof Client>;
  #abort: ((error?: Error) => void) | null = null;
  #socket: Socket | null = null;
  #requestsOnSocket = 0;
  /** What broke the socket in use. */
  #socketError: Error | null = null;

  constructor(
    owner: LaneOwner,
    readonly connectTo: ConnectTo,
    readonly options: { keep: RequestOptions; last: RequestOptions },
    readonly requestsPerConnection: number,
    connector: Connector,
  ) {
    super(owner);
    this.#client = new Client('http://localhost', {
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      connect: (_options, callback) => this.#connect(connector, callback),
    });
    this.#client.on('connect', () => {
      if (this.#socket !== null) boundParser(this.#socket);
    });
  }

  ready(): boolean {
    return true;
  }

  /** Sends a request. The connection must not be busy. */
  start(dueUs: number, phase: number, sequence: number): void {
    this.begin(dueUs, phase, sequence);
    this.#abort = null;
    this.#requestsOnSocket += 1;
    this.#client.dispatch(
      this.#requestsOnSocket >= this.requestsPerConnection ? this.options.last : this.options.keep,
      this,
    );
  }

  /** Gives up on the request under way; `finished` follows. */
  giveUp(as: GiveUpReason): void {
    if (!this.busy || this.giveUpReason !== null) return;
    this.giveUpReason = as;
    const error = new Error(as);
    if (this.#abort !== null) this.#abort(error);
    // Not written yet: the socket it waits for ends it, or the next one does (see #connect).
    else this.#socket?.destroy(error);
  }

  /** Closes the connection; nothing must be under way. */
  close(): void {
    this.#client.destroy().catch(() => {});
  }

  #connect(connector: Connector, callback: Parameters<Connector>[0]): void {
    const startUs = this.owner.now();
    this.address = this.owner.connecting(addressLabel(this.connectTo));
    // A socket's count begins with the request that waits for it.
    this.#requestsOnSocket = 1;
    this.#socket = connector((...[error, socket]: [Error, null] | [null, Socket]) => {
      if (error !== null) {
        this.#socket = null;
        this.#requestsOnSocket = 0;
        callback(error, null);
        return;
      }
      this.#socketError = null;
      socket.once('error', (broken: NodeJS.ErrnoException) => {
        this.#socketError = broken;
        // A kept connection broke before the next request was written: undici takes a new one after this code only.
        if (Number.isNaN(this.sendUs) && this.giveUpReason === null) broken.code = 'UND_ERR_SOCKET';
        // Node leaves a TLS socket open on an error after the handshake: an alert, a broken record.
        socket.destroy();
      });
      socket.once('close', () => {
        if (!this.busy) this.#requestsOnSocket = 0;
      });
      this.serial = this.owner.nextConnectionSerial();
      this.address = this.owner.opened(addressOf(socket, this.connectTo), this.owner.now() - startUs);
      callback(null, socket);
    });
    if (this.busy && this.giveUpReason !== null) this.#socket.destroy(new Error(this.giveUpReason));
  }

  // undici's raw handler: it hands over the header bytes as they came, without making an object of them.

  onConnect(abort: (error?: Error) => void): void {
    this.#abort = abort;
    if (this.giveUpReason !== null) abort(new Error(this.giveUpReason));
    else this.sendUs = this.owner.now();
  }

  onHeaders(status: number, headers: Buffer[]): boolean {
    if (status < 200) return true;
    if (!this.owner.firstByteAtBody) this.firstByteUs = this.owner.now();
    this.status = status;
    this.headers = headers;
    if ((status === 204 || status === 304) && this.#socket !== null) expectNoBody(this.#socket);
    this.keepBody = this.owner.wantsBody(status);
    return true;
  }

  onData(chunk: Buffer): boolean {
    this.take(chunk);
    return true;
  }

  onComplete(): void {
    this.firstByteAtLatest();
    // undici takes a reset for the end of a body that ends with its connection.
    if (this.#socketError !== null) {
      this.#finish(this.#socketError);
      return;
    }
    // Answered before the request was read: what is still to be written would go before the next one. Of small
    // requests only Node's own word that they were written can be late, as over TLS.
    if (this.#socket?.writableNeedDrain === true) {
      this.#requestsOnSocket = 0;
      this.#socket.destroy();
    }
    this.#finish(null);
  }

  onError(error: Error): void {
    this.#finish(error);
  }

  #finish(error: unknown): void {
    this.busy = false;
    this.#abort = null;
    // The next request finds a new socket: this one broke, or was told to end.
    if (error !== null || this.#requestsOnSocket >= this.requestsPerConnection) this.#requestsOnSocket = 0;
    this.owner.finished(this, error);
  }
}
