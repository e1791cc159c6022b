/**
 * One of a load's HTTP/2 connections, shared by `load.streams` lanes. Over time it has
 * several sessions: when one takes no more requests, the next is opened while the streams of the first end.
 */
import { NO_LABEL } from '../../blocks/sample-block.js';
import type { LoadPlan, Target } from '../../plan/plan.js';
import type { ConnectionPlace } from '../lane/driver.js';
import type { Lane, LaneOwner } from '../lane/lane.js';
import type { VaryingRequest } from '../request/varying-request.js';
import { RequestFailure } from '../response/failure.js';
import { type Http2Request, http2Request } from './http2-request.js';
import { Http2Session, type SessionOwner } from './http2-session.js';

/** Sessions in a row that the server may end before they took a request; then the waiting requests fail. */
const MAX_UNUSED_SESSIONS = 3;

/** What a connection needs of the lanes that share it. */
export interface StreamRequester extends Lane {
  /** Sends the lane's request as a stream of this session. */
  send(session: Http2Session): void;
  /** Fails the lane's request, for which no session could be opened; `address` is the interned address. */
  failUnsent(error: Error, address: number): void;
}

export class Http2Connection implements SessionOwner {
  /** The plan's request, the same for every stream unless it varies. */
  readonly #request: Http2Request;
  /** The session that takes requests or is being opened. */
  #session: Http2Session | null = null;
  /** Sessions that take no more requests and still have some in flight. */
  readonly #draining = new Set<Http2Session>();
  /** Lanes whose request waits to be sent, in the order in which they were started. */
  readonly #waiting: StreamRequester[] = [];
  /** Lanes that are not ready, because the server's stream limit is reached. */
  readonly #parked: StreamRequester[] = [];
  /** Those who wait for the first session, before the first request. */
  readonly #opening: ((opened: boolean) => void)[] = [];
  /** The server's latest limit (SETTINGS_MAX_CONCURRENT_STREAMS). */
  #streamLimit = Number.POSITIVE_INFINITY;
  /** Lanes that have a request, sent or waiting. */
  #busy = 0;
  #unusedSessions = 0;

  constructor(
    readonly owner: LaneOwner,
    readonly target: Target,
    readonly load: LoadPlan,
    readonly place: ConnectionPlace,
    readonly varying: VaryingRequest | null = null,
  ) {
    this.#request = http2Request(target);
  }

  /** Opens a session, if there is none, before the first request. See {@link Lane.open}. */
  open(done: (opened: boolean) => void): void {
    if (this.#session?.state === 'open') {
      done(true);
      return;
    }
    this.#opening.push(done);
    this.#session ??= this.#open();
  }

  /** Whether the server's limit leaves a stream for this lane. If not, `owner.becameReady` follows when it does. */
  ready(lane: StreamRequester): boolean {
    if (this.#busy < Math.max(1, this.#streamLimit)) return true;
    this.#parked.push(lane);
    return false;
  }

  /** The request with this number in the worker's order of sending, as it is sent on a session. */
  requestOn(session: Http2Session, sequence: number): Http2Request {
    const { varying } = this;
    if (varying === null) return this.#request;
    return http2Request(varying.targetOf(sequence, session.serial, session.jar, this.owner.now()));
  }

  /** Sends the lane's request as soon as a session has a stream for it. */
  start(lane: StreamRequester): void {
    this.#busy += 1;
    this.#waiting.push(lane);
    this.#sendWaiting();
  }

  /** The lane's request was never written: a later session sends it. */
  startAgain(lane: StreamRequester, session: Http2Session): void {
    session.requestsTaken -= 1;
    session.inFlight -= 1;
    this.#waiting.push(lane);
    this.streamFreed(session);
  }

  /**
   * The lane gave up its request before it was sent.
   *
   * @returns the interned address of the session that it waited for, or NO_LABEL
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
   * A request on this session ended. The lane calls `streamFreed` when the request is recorded; if its body is still
   * being sent (`uploading`), the session calls `uploadEnded` instead, and the stream counts until then.
   */
  requestEnded(session: Http2Session, uploading: boolean): void {
    this.#busy -= 1;
    if (!uploading) session.inFlight -= 1;
  }

  /** The session has a free stream: a waiting request takes it, or the session is drained if it takes no more. */
  streamFreed(session: Http2Session): void {
    if (this.#isSpent(session)) this.#drain(session);
    this.#sendWaiting();
  }

  /** Closes the session if no lane has a request. The next request opens another. */
  closeUnlessBusy(): void {
    if (this.#busy === 0) this.#session?.drain();
  }

  /** Closes all sessions at once. */
  close(): void {
    this.#opening.length = 0;
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
    for (const done of this.#opening.splice(0)) done(true);
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
    for (const done of this.#opening.splice(0)) done(false);
    this.#failWaiting(error, session.address);
  }

  /** Whether the session takes no more requests. */
  #isSpent(session: Http2Session): boolean {
    return session.requestsTaken >= this.owner.requestsPerConnection || !session.acceptsRequests;
  }

  #sendWaiting(): void {
    while (this.#waiting.length > 0) {
      const session = this.#session;
      if (session === null) {
        this.#session = this.#open();
        return;
      }
      if (session.state === 'opening') return;
      if (this.#isSpent(session)) {
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
    const jar = this.varying?.newJar() ?? null;
    return new Http2Session(this, this.owner, this.place, this.target.scheme === 'https', jar);
  }

  #failWaiting(error: Error, address: number): void {
    for (const lane of this.#waiting.splice(0)) {
      this.#busy -= 1;
      lane.failUnsent(error, address);
    }
  }

  /** The session takes no more requests. It is closed when it has none in flight. */
  #drain(session: Http2Session): void {
    if (this.#session === session) this.#session = null;
    if (session.inFlight > 0) {
      this.#draining.add(session);
      return;
    }
    this.#draining.delete(session);
    if (session.state === 'closed') return;
    session.state = 'closed';
    // Not at once, because this may be called from inside a callback of node:http2.
    setImmediate(() => session.close());
    this.#unusedSessions = session.requestsTaken > 0 ? 0 : this.#unusedSessions + 1;
    if (this.#unusedSessions < MAX_UNUSED_SESSIONS) return;
    this.#unusedSessions = 0;
    const error = new RequestFailure(
      'refused-stream',
      'the server ended each connection before it took a request',
    );
    this.#failWaiting(error, session.address);
  }
}
