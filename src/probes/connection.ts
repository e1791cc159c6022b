/**
 * One connection with one request at a time, on undici's Client. This is the hot path: the object is the
 * dispatch handler itself and is used again for every request, so that a request costs no closure, promise
 * or object of ours.
 */
import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import type { Target } from '../plan/plan.js';
import { addressOf, type Connector } from './connector.js';
import type { GivenUpAs, Lane, LaneOwner } from './lane.js';
import { NO_LABEL } from './sample-block.js';
import { Client } from './undici-client.js';

/** Idle connections stay open this long; a gateway's own Keep-Alive header can shorten it. */
const KEEP_ALIVE_MS = 600_000;
/** Larger response heads fail as `too-large`. */
const MAX_HEADER_BYTES = 64 * 1024;

const NO_HEADERS: readonly Buffer[] = [];
const NO_BODY = Buffer.alloc(0);

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

export class Connection implements Lane, Dispatcher.DispatchHandler {
  /** A request is under way. */
  busy = false;
  dueUs = 0;
  /** When the request was handed over; the time-out counts from here. */
  startUs = 0;
  sendUs = Number.NaN;
  firstByteUs = Number.NaN;
  status = 0;
  headers: readonly Buffer[] = NO_HEADERS;
  bodyBytes = 0;
  phase = 0;
  sequence = 0;
  /** Interned address of the socket in use. */
  address = NO_LABEL;
  /** Serial number of the socket in use. */
  serial = 0;
  /** Set before a request is given up: what its failure shall be called. */
  givenUpAs: GivenUpAs | null = null;

  readonly #client: InstanceType<typeof Client>;
  #abort: ((error?: Error) => void) | null = null;
  #socket: Socket | null = null;
  #requestsOnSocket = 0;
  #keepBody = false;
  #body: Buffer = NO_BODY;
  #bodyRest: Buffer[] | null = null;
  #bodyKept = 0;

  constructor(
    readonly owner: LaneOwner,
    readonly target: Target,
    readonly options: { keep: RequestOptions; last: RequestOptions },
    readonly requestsPerConnection: number,
    connector: Connector,
  ) {
    this.#client = new Client('http://localhost', {
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      connect: (_options, callback) => this.#connect(connector, callback),
    });
  }

  /** Sends a request. The connection must not be busy. */
  start(dueUs: number, phase: number, sequence: number): void {
    this.busy = true;
    this.dueUs = dueUs;
    this.startUs = this.owner.now();
    this.sendUs = Number.NaN;
    this.firstByteUs = Number.NaN;
    this.status = 0;
    this.headers = NO_HEADERS;
    this.bodyBytes = 0;
    this.phase = phase;
    this.sequence = sequence;
    this.givenUpAs = null;
    this.#abort = null;
    this.#keepBody = false;
    this.#body = NO_BODY;
    this.#bodyRest = null;
    this.#bodyKept = 0;
    this.#requestsOnSocket += 1;
    this.#client.dispatch(
      this.#requestsOnSocket >= this.requestsPerConnection ? this.options.last : this.options.keep,
      this,
    );
  }

  /** Gives up on the request under way; `finished` follows. */
  giveUp(as: GivenUpAs): void {
    if (!this.busy || this.givenUpAs !== null) return;
    this.givenUpAs = as;
    const error = new Error(as);
    if (this.#abort !== null) this.#abort(error);
    // Not written yet: the socket it waits for ends it, or the next one does (see #connect).
    else this.#socket?.destroy(error);
  }

  /** Closes the connection; nothing must be under way. */
  close(): void {
    this.#client.destroy().catch(() => {});
  }

  /** The kept part of the body. */
  body(): Buffer {
    if (this.#bodyRest === null) return this.#body;
    return Buffer.concat([this.#body, ...this.#bodyRest]);
  }

  #connect(connector: Connector, callback: Parameters<Connector>[0]): void {
    const startUs = this.owner.now();
    // A socket's count begins with the request that waits for it.
    this.#requestsOnSocket = 1;
    this.#socket = connector((...[error, socket]: [Error, null] | [null, Socket]) => {
      if (error !== null) {
        this.#socket = null;
        this.#requestsOnSocket = 0;
        callback(error, null);
        return;
      }
      socket.once('close', () => {
        if (!this.busy) this.#requestsOnSocket = 0;
      });
      this.serial = this.owner.nextSerial();
      this.address = this.owner.opened(addressOf(socket, this.target), this.owner.now() - startUs);
      callback(null, socket);
    });
    if (this.busy && this.givenUpAs !== null) this.#socket.destroy(new Error(this.givenUpAs));
  }

  // undici's raw handler: it hands over the header bytes as they came, without making an object of them.

  onConnect(abort: (error?: Error) => void): void {
    this.#abort = abort;
    if (this.givenUpAs !== null) abort(new Error(this.givenUpAs));
    else this.sendUs = this.owner.now();
  }

  onHeaders(status: number, headers: Buffer[]): boolean {
    if (status < 200) return true;
    this.firstByteUs = this.owner.now();
    this.status = status;
    this.headers = headers;
    this.#keepBody = this.owner.wantsBody(status);
    return true;
  }

  onData(chunk: Buffer): boolean {
    this.bodyBytes += chunk.length;
    if (this.#keepBody) this.#keep(chunk);
    return true;
  }

  onComplete(): void {
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

  #keep(chunk: Buffer): void {
    const room = this.owner.bodyLimitBytes - this.#bodyKept;
    if (room <= 0) return;
    const part = chunk.length > room ? chunk.subarray(0, room) : chunk;
    if (this.#bodyKept === 0) this.#body = part;
    else if (this.#bodyRest === null) this.#bodyRest = [part];
    else this.#bodyRest.push(part);
    this.#bodyKept += part.length;
  }
}
