/**
 * One of a load's HTTP/2 connections, shared by as many lanes as it shall have streams at once. Its sessions
 * come one after the other: while one that takes no more requests lets its last streams end, the next is open.
 */

import { NO_LABEL } from '../../blocks/sample-block.js';
import type { ConnectTo, LoadPlan, Target } from '../../plan/plan.js';
import type { Connector } from '../lane/connector.js';
import type { Lane, LaneOwner } from '../lane/lane.js';
import { NamedFailure } from '../response/failure.js';
import { type H2Request, h2Request } from './http2-request.js';
import { H2Session, type SessionOwner } from './http2-session.js';

/** Sessions in a row that a server may end before they took a request, until what waits has failed. */
const MAX_BARREN = 3;

/** What a connection needs of the lanes that share it. */
export interface StreamTaker extends Lane {
  /** The session has a stream for the lane's request. */
  send(session: H2Session): void;
  /** No session could be opened for it. */
  failUnsent(error: Error, address: number): void;
}

export class H2Connection implements SessionOwner {
  readonly request: H2Request;
  /** It takes requests, or is being opened. */
  #session: H2Session | null = null;
  /** They take no more requests, and have some under way. */
  readonly #leaving = new Set<H2Session>();
  /** Lanes with a request that waits to be sent, the first first. */
  readonly #waiting: StreamTaker[] = [];
  /** Lanes that are beyond the server's limit of streams. */
  readonly #parked: StreamTaker[] = [];
  /** As a server last said it. */
  #streamLimit = Number.POSITIVE_INFINITY;
  /** Lanes with a request, sent or not. */
  #busy = 0;
  #barren = 0;
  readonly #requestsPerConnection: number;

  constructor(
    readonly loop: LaneOwner,
    readonly target: Target,
    readonly load: LoadPlan,
    readonly connectTo: ConnectTo,
    readonly connector: Connector,
  ) {
    this.request = h2Request(target);
    this.#requestsPerConnection = load.requestsPerConnection ?? Number.POSITIVE_INFINITY;
  }

  /** Whether the server's limit of streams leaves one for this lane; if not, the loop hears when it does. */
  ready(lane: StreamTaker): boolean {
    if (this.#busy < Math.max(1, this.#streamLimit)) return true;
    this.#parked.push(lane);
    return false;
  }

  /** Sends the lane's request as soon as a stream can be had. */
  start(lane: StreamTaker): void {
    this.#busy += 1;
    this.#waiting.push(lane);
    this.#sendWaiting();
  }

  /** The lane's request was never written: a later session takes it. */
  startAgain(lane: StreamTaker, session: H2Session): void {
    session.taken -= 1;
    session.inFlight -= 1;
    this.#waiting.push(lane);
    this.refill(session);
  }

  /**
   * The lane gave up before its request was sent.
   *
   * @returns the interned address that it waited for
   */
  forget(lane: StreamTaker): number {
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
   * A request on this session ended; `refill` follows once that is recorded. Its stream is free unless its body
   * is still on the way: then `uploaded` follows.
   */
  ended(session: H2Session, uploading: boolean): void {
    this.#busy -= 1;
    if (!uploading) session.inFlight -= 1;
  }

  /** The session has a stream free: another request takes its place, or the session has done its work. */
  refill(session: H2Session): void {
    if (session.taken >= this.#requestsPerConnection || !session.usable) this.#leave(session);
    this.#sendWaiting();
  }

  close(): void {
    this.#session?.close();
    for (const session of this.#leaving) session.close();
    this.#session = null;
    this.#leaving.clear();
  }

  // SessionOwner

  uploaded(session: H2Session): void {
    session.inFlight -= 1;
    this.refill(session);
  }

  settled(session: H2Session): void {
    this.#streamLimit = session.streamLimit;
    if (this.#streamLimit < this.load.streams) this.loop.streamsLimited(this.#streamLimit);
    this.#sendWaiting();
    const room = Math.max(1, this.#streamLimit) - this.#busy;
    if (room > 0) for (const lane of this.#parked.splice(0, room)) this.loop.freed(lane);
  }

  leaving(session: H2Session): void {
    this.#leave(session);
    this.#sendWaiting();
  }

  failed(session: H2Session, error: Error): void {
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
      if (!session.usable || session.taken >= this.#requestsPerConnection) {
        this.#leave(session);
        continue;
      }
      if (session.inFlight >= session.streamLimit) return;
      session.taken += 1;
      session.inFlight += 1;
      (this.#waiting.shift() as StreamTaker).send(session);
    }
  }

  #open(): H2Session {
    return new H2Session(this, this.loop, this.connectTo, this.target.scheme === 'https', this.connector);
  }

  #failWaiting(error: Error, address: number): void {
    for (const lane of this.#waiting.splice(0)) {
      this.#busy -= 1;
      lane.failUnsent(error, address);
    }
  }

  /** The session takes no more requests, and is closed once it has none under way. */
  #leave(session: H2Session): void {
    if (this.#session === session) this.#session = null;
    if (session.inFlight > 0) {
      this.#leaving.add(session);
      return;
    }
    this.#leaving.delete(session);
    if (session.state === 'over') return;
    session.state = 'over';
    // Not in the middle of what node:http2 is telling.
    setImmediate(() => session.close());
    this.#barren = session.taken > 0 ? 0 : this.#barren + 1;
    if (this.#barren < MAX_BARREN) return;
    this.#barren = 0;
    const error = new NamedFailure(
      'refused-stream',
      'the server ended each connection before it took a request',
    );
    this.#failWaiting(error, session.address);
  }
}
