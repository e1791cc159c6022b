/**
 * One HTTP/1.1 connection with one request at a time, on a bare socket and llhttp. This is the hot path: a request and its
 * response cost no closure, promise or text of this code, and no object unless the owner reads header fields or the body.
 */
import type { Socket } from 'node:net';
import { addressLabel } from '../../plan/target/connect-to.js';
import { addressOf } from '../lane/connector.js';
import type { ConnectionPlace } from '../lane/driver.js';
import type { GiveUpReason, Lane, LaneOwner } from '../lane/lane.js';
import type { VaryingRequest } from '../request/varying-request.js';
import { RequestFailure } from '../response/failure.js';
import type { Llhttp } from './llhttp.js';
import { type RequestBytes, requestBytes } from './request-bytes.js';
import { WireResponse } from './wire-response.js';
import { type SocketOwner, WireSocket } from './wire-socket.js';
import { type Writer, writeTurn } from './write-turn.js';

/** A lane over HTTP/1.1. See {@link Lane} for what is called when. */
export class WireLane extends WireResponse implements Lane, SocketOwner, Writer {
  readonly #varying: VaryingRequest | null;
  /** The socket that is open or being opened. */
  #socket: WireSocket | null = null;
  /** Waits for it to be open, before the first request. */
  #opening: ((opened: boolean) => void) | null = null;
  /** The socket was opened for the request that waits: what breaks it before anything is written is the request's failure. */
  #isOwn = false;
  /** When it began to be opened (run clock, µs). */
  #connectUs = 0;
  /** The request that is written next, or was written last. */
  #written: RequestBytes;
  /** It stands in the turn for writing. */
  #queued = false;

  /**
   * @param varying null if all requests are the same
   */
  constructor(
    owner: LaneOwner,
    llhttp: Llhttp,
    readonly place: ConnectionPlace,
    request: RequestBytes,
    varying: VaryingRequest | null = null,
  ) {
    super(owner, llhttp, varying?.newJar() ?? null);
    this.#written = request;
    this.#varying = varying;
  }

  open(done: (opened: boolean) => void): void {
    this.#connect();
    this.#opening = done;
  }

  ready(): boolean {
    return true;
  }

  start(dueUs: number, phase: number, sequence: number): void {
    this.begin(dueUs, phase, sequence);
    if (this.#socket === null) this.#connect();
    else if (!this.#socket.isOpen) this.readyUs = Number.NaN;
    else this.#queue(writeTurn.looking);
  }

  giveUp(reason: GiveUpReason): void {
    if (!this.busy || this.giveUpReason !== null) return;
    this.giveUpReason = reason;
    this.#fail(new Error(reason));
  }

  disconnect(): void {
    this.#drop();
  }

  close(): void {
    this.#opening = null;
    this.#drop();
    this.parser.free();
  }

  // Writer

  write(): void {
    this.#queued = false;
    const socket = this.#socket;
    if (!this.busy || socket === null || !socket.isOpen || !Number.isNaN(this.sendUs)) return;
    if (this.#varying !== null) this.#written = this.#make(this.#varying);
    socket.requests += 1;
    this.#isOwn = false;
    this.parser.begin(this.#written.headMethod);
    this.sendUs = this.owner.now();
    socket.write(this.#written, this.#isLast(socket));
  }

  // SocketOwner

  socketOpened(socket: Socket): void {
    this.serial = this.owner.nextConnectionSerial();
    const address = addressOf(socket, this.place.connectTo);
    this.readyUs = this.owner.now();
    this.#isOwn = this.busy;
    this.address = this.owner.opened(address, this.readyUs - this.#connectUs);
    if (this.busy) this.#queue(true);
    this.#told(true);
  }

  socketFailed(error: Error): void {
    if (this.busy) this.#fail(error);
    else this.#drop();
  }

  bytesReceived(length: number): void {
    writeTurn.looking = true;
    if (this.busy && !Number.isNaN(this.sendUs)) this.#readResponse(length);
    else this.#readUnasked();
    writeTurn.looking = false;
  }

  socketLost(error: Error | null): void {
    const said = error?.message ?? 'other side closed';
    if (!this.busy) {
      this.#drop();
    } else if (!Number.isNaN(this.sendUs)) {
      if (error !== null) this.#fail(error);
      else if (this.parser.finish()) this.#end();
      else this.#fail(new RequestFailure(this.status === 0 ? 'closed' : 'truncated', said));
    } else if (this.#isOwn) {
      this.#fail(new RequestFailure(error === null ? 'closed' : 'reset', said));
    } else {
      this.#connect();
    }
  }

  /** Tells who waits for the first connection. */
  #told(opened: boolean): void {
    const done = this.#opening;
    this.#opening = null;
    done?.(opened);
  }

  #queue(looking: boolean): void {
    if (this.#queued) return;
    this.#queued = true;
    writeTurn.add(this, looking);
  }

  /** The request as it is sent on the socket. */
  #make(varying: VaryingRequest): RequestBytes {
    return requestBytes(varying.targetOf(this.sequence, this.serial, this.jar, this.owner.now()));
  }

  #isLast({ requests }: WireSocket): boolean {
    return requests >= this.owner.requestsPerConnection;
  }

  /** Opens a socket for the request, in place of any other one: nothing of the request was written on that. */
  #connect(): void {
    this.#drop();
    this.jar?.clear();
    this.#connectUs = this.owner.now();
    this.readyUs = Number.NaN;
    this.address = this.owner.connecting(addressLabel(this.place.connectTo));
    this.#socket = new WireSocket(this.place, this.llhttp.buffer, this);
  }

  #readResponse(length: number): void {
    const failure = this.parser.read(length);
    if (failure !== null) this.#fail(failure);
    else if (this.parser.complete) this.#end();
    else this.kept.own();
  }

  /** Bytes came that no request was written for: they are part of no response. */
  #readUnasked(): void {
    this.#drop();
    this.owner.unaskedBytes();
    if (!this.busy) return;
    if (this.#isOwn) this.#fail(new RequestFailure('malformed', 'bytes came before a request was written'));
    else this.#connect();
  }

  /** The response is complete. */
  #end(): void {
    this.markFirstByte();
    const { surplus, keepsAlive } = this.parser;
    if (surplus > 0) this.owner.unaskedBytes();
    if (surplus > 0 || !keepsAlive || this.#written.oddBody || !this.#isReusable()) this.#drop();
    this.busy = false;
    this.owner.finished(this, null);
  }

  /** Not if the server was told to close it, or if the response came before all of the request was written. */
  #isReusable(): boolean {
    const socket = this.#socket;
    return socket !== null && !socket.needsDrain && !this.#isLast(socket);
  }

  #fail(error: unknown): void {
    this.#drop();
    this.busy = false;
    this.owner.finished(this, error);
  }

  #drop(): void {
    this.#socket?.close();
    this.#socket = null;
    this.#told(false);
  }
}
