/**
 * One of a load's HTTP/2 connections, shared by as many lanes as it shall have streams at once. Its sessions
 * come one after the other: while one that takes no more requests lets its last streams end, the next is open.
 */

import { NO_LABEL } from '../../blocks/sample-block.js';
import type { ConnectTo, LoadPlan, Target } from '../../plan/plan.js';
import type { Connector } from '../lane/connector.js';
import type { Lane, LaneOwner } from '../lane/lane.js';
import { RequestFailure } from '../response/failure.js';
import { type Http2Request, http2Request } from './http2-request.js';
import { Http2Session, type SessionOwner } from './http2-session.js';

/** Sessions in a row that a server may end before they took a request, until what waits has failed. */
const MAX_UNUSED_SESSIONS = 3;

/** What a connection needs of the lanes that share it. */
export interface StreamRequester extends Lane {
  /** The session has a stream for the lane's request. */
  send(session: Http2Session): void;
  /** No session could be opened for it. */
  failUnsent(error: Error, address: number): void;
}

export class Http2Connection implements SessionOwner {
  readonly request: Http2Request;
  /** It takes requests, or is being opened. */
  #session: Http2Session | null = null;
  /** They take no more requests, and have some under way. */
  readonly #draining = new Set<Http2Session>();
  /** Lanes with a request that waits to be sent, the first first. */
  readonly #waiting: StreamRequester[] = [];
  /** Lanes that are beyond the server's limit of streams. */
  readonly #parked: StreamRequester[] = [];
  /** As a server last said it. */
  #streamLimit = Number.POSITIVE_INFINITY;
  /** Lanes with a request, sent or not. */
  #busy = 0;
  #unusedSessions = 0;
  readonly #requestsPerConnection: number;

  constructor(
    readonly owner: LaneOwner,
    readonly target: Target,
    readonly load: LoadPlan,
    readonly connectTo: ConnectTo,
    readonly connector: Connector,
  ) {
    this.request = http2Request(target);
    this.#requestsPerConnection = load.requestsPerConnection ?? Number.POSITIVE_INFINITY;
  }

  /** Whether the server's limit of streams leaves one for this lane; if not, the owner hears when it does. */
  ready(lane: StreamRequester): boolean {
    if (this.#busy < Math.max(1, this.#streamLimit)) return true;
    this.#parked.push(lane);
    return false;
  }

  /** Sends the lane's request as soon as a stream can be had. */
  start(lane: StreamRequester): void {
    this.#busy += 1;
    this.#waiting.push(lane);
    this.#sendWaiting();
  }

  /** The lane's request was never written: a later session takes it. */
  startAgain(lane: StreamRequester, session: Http2Session): void {
    session.requestsTaken -= 1;
    session.inFlight -= 1;
    this.#waiting.push(lane);
    this.streamFreed(session);
  }

  /**
   * The lane gave up before its request was sent.
   *
   * @returns the interned address that it waited for
   */
  cancelWaiting(lane: StreamRequester): number {
    this.#busy -= 1;
    this.#waiting.splice(this.#waiting.indexOf(lane), 1);
    const session = this.#session;
    if (session?.state === 'opening' && this.#waiting.length === 0) {
      session.close();
      this.#session = null;
    }
    return session?.address ?? NO_LABEL;
  }

  /**
   * A request on this session ended; `streamFreed` follows once that is recorded. Its stream is free unless its body
   * is still on the way: then `uploadEnded` follows.
   */
  requestEnded(session: Http2Session, uploading: boolean): void {
    this.#busy -= 1;
    if (!uploading) session.inFlight -= 1;
  }

  /** The session has a stream free: another request takes its place, or the session has done its work. */
  streamFreed(session: Http2Session): void {
    if (session.requestsTaken >= this.#requestsPerConnection || !session.acceptsRequests)
      this.#drain(session);
    this.#sendWaiting();
  }

  close(): void {
    this.#session?.close();
    for (const session of this.#draining) session.close();
    this.#session = null;
    this.#draining.clear();
  }

  // SessionOwner

  uploadEnded(session: Http2Session): void {
    session.inFlight -= 1;
    this.streamFreed(session);
  }

  settingsReceived(session: Http2Session): void {
    this.#streamLimit = session.streamLimit;
    if (this.#streamLimit < this.load.streams) this.owner.streamLimitReceived(this.#streamLimit);
    this.#sendWaiting();
    const room = Math.max(1, this.#streamLimit) - this.#busy;
    if (room > 0) for (const lane of this.#parked.splice(0, room)) this.owner.becameReady(lane);
  }

  draining(session: Http2Session): void {
    this.#drain(session);
    this.#sendWaiting();
  }

  openFailed(session: Http2Session, error: Error): void {
    if (this.#session === session) this.#session = null;
    this.#failWaiting(error, session.address);
  }

  #sendWaiting(): void {
    while (this.#waiting.length > 0) {
      const session = this.#session;
      if (session === null) {
        this.#session = this.#open();
        return;
      }
      if (session.state === 'opening') return;
      if (!session.acceptsRequests || session.requestsTaken >= this.#requestsPerConnection) {
        this.#drain(session);
        continue;
      }
      if (session.inFlight >= session.streamLimit) return;
      session.requestsTaken += 1;
      session.inFlight += 1;
      (this.#waiting.shift() as StreamRequester).send(session);
    }
  }

  #open(): Http2Session {
    return new Http2Session(this, this.owner, this.connectTo, this.target.scheme === 'https', this.connector);
  }

  #failWaiting(error: Error, address: number): void {
    for (const lane of this.#waiting.splice(0)) {
      this.#busy -= 1;
      lane.failUnsent(error, address);
    }
  }

  /** The session takes no more requests, and is closed once it has none under way. */
  #drain(session: Http2Session): void {
    if (this.#session === session) this.#session = null;
    if (session.inFlight > 0) {
      this.#draining.add(session);
      return;
    }
    this.#draining.delete(session);
    if (session.state === 'closed') return;
    session.state = 'closed';
    // Not in the middle of what node:http2 is telling.
    setImmediate(() => session.close());
    this.#unusedSessions = session.requestsTaken > 0 ? 0 : this.#unusedSessions + 1;
    if (this.#unusedSessions < MAX_UNUSED_SESSIONS) return;
    this.#unusedSessions = 0;
    const error = new RequestFailure(
      'refused-stream',
      'the server requestEnded each connection before it took a request',
    );
    this.#failWaiting(error, session.address);
  }
}
