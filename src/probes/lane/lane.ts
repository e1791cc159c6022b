/**
 * The seam between the load and the protocols. The load loop (load/) and the pre-flight know lanes only; a driver
 * (driver.ts) makes them. A lane carries one request at a time: over HTTP/1.1 on a connection of its own, over
 * HTTP/2 as a stream on a connection that it shares. Lanes are used again for every request, so that a request
 * costs no closure, promise or object.
 *
 * What happens, in order:
 * 1. The owner asks `ready()`. If it returns false, the owner waits for `becameReady(lane)`.
 * 2. The owner calls `start(…)`. The lane sets `busy` and `startUs`, and resets the fields of the last request.
 * 3. If the lane has to open a socket: `owner.connecting(address)` when it begins; then, when the socket can take
 *    requests, `owner.nextConnectionSerial()` and `owner.opened(address, connectUs)`. The numbers that these return
 *    become `address` and `serial` of every lane that sends on the socket.
 * 4. When the request is written to the open socket, the lane sets `sendUs`.
 * 5. At the final response head (not a 1xx) the lane sets `status` and `headers`, and asks `owner.wantsBody(status)`
 *    whether to keep the body. `firstByteUs` is set here, or with `owner.firstByteAtBody` at the first body byte.
 * 6. The lane sets `busy` to false and calls `owner.finished(lane, error)`: exactly once for each `start`, whatever
 *    happens. After a whole response it is called from an I/O event, never inside `start`.
 *
 * At any time while `busy`, the owner may call `giveUp(reason)`; step 6 then follows at once or soon. While it is not busy, also
 * inside `finished`, the owner may call `disconnect()`: nothing follows, and the next `start` opens another connection.
 */

import type { BodyBytes } from '../body-bytes.js';

/** Bytes of a response head, over every protocol; a larger head fails as `too-large`. */
export const MAX_HEADER_BYTES = 64 * 1024;

/** Why a request was given up: the outcome that its row gets (`cut-off` becomes `not-sent` if it was not sent). */
export type GiveUpReason = 'timeout' | 'connect-timeout' | 'cut-off';

/**
 * One place for a request, and the request that it carries or carried last. The fields describe that request and
 * are read by the owner while it is `busy` and inside `finished`. Times are
 * microseconds by `owner.now()`.
 */
export interface Lane {
  /** A request is in progress: from `start` until just before `finished`. */
  readonly busy: boolean;
  /** Set by the owner before `start`: no lane was free when the request was due. */
  waited: boolean;
  /** When the request was due, as given to `start`. */
  readonly dueUs: number;
  /**
   * When `start` was called; NaN before the first time. The time-out counts from here, so that it includes the opening of a
   * connection.
   */
  readonly startUs: number;
  /** When it had an open connection for the request: `startUs`, or later if one was opened for it; NaN until then. */
  readonly readyUs: number;
  /** When the request was written to an open socket; NaN until then. */
  readonly sendUs: number;
  /** When the first byte of the response was received (see SampleBlock.firstByteUs); NaN until then. */
  readonly firstByteUs: number;
  /** HTTP status of the final response head; 0 until it was received. */
  readonly status: number;
  /**
   * Response headers as received, flat: name, value, name, value, …; empty until the head was received. Valid until `finished`
   * returns.
   */
  readonly headers: readonly Buffer[];
  /** The kept part of the body: at most `owner.bodyLimitBytes`. Valid until `finished` returns. */
  readonly body: BodyBytes;
  /** Body bytes received, kept or not. */
  readonly bodyBytes: number;
  /** PHASE, as given to `start`. */
  readonly phase: number;
  /** Number in the worker's order of sending, as given to `start`. */
  readonly sequence: number;
  /** Interned address of the socket in use or being opened; NO_LABEL if there was none yet. */
  readonly address: number;
  /** Serial number of the socket in use, from 1; 0 if there was none yet. */
  readonly serial: number;
  /** Null unless the owner gave the request up. */
  readonly giveUpReason: GiveUpReason | null;

  /**
   * Value of the first response header with this name, as Latin-1 and without surrounding white space; null if there is none. Valid
   * as `headers`, but some drivers need no object for it.
   *
   * @param lowerCaseName the name in lower case
   */
  header(lowerCaseName: string): string | null;
  /**
   * Opens the connection before the first request. If that fails, nothing is reported, and `start` tries again. It may be
   * started while the connection is being opened.
   *
   * @param done called once: with whether a connection is open. Perhaps not if the lane is disconnected, started or closed before
   */
  open(done: (opened: boolean) => void): void;
  /** Whether it can take a request now. If not, `owner.becameReady(lane)` follows when it can. */
  ready(): boolean;
  /** Sends a request. The lane must be ready and not busy. `dueUs` is only kept for the row. */
  start(dueUs: number, phase: number, sequence: number): void;
  /** Gives up the request in progress: `finished` follows with an error. No effect when not busy or called before. */
  giveUp(reason: GiveUpReason): void;
  /**
   * The lane needs its connection no more: it is closed, unless another lane that shares it has a request. The lane must not
   * be busy. It can be started again.
   */
  disconnect(): void;
  /** Closes the lane's connection. It must not be busy, and is not used again. */
  close(): void;
}

/** What a lane needs from whoever sends on it: the engine of a worker, or a single request of the pre-flight. */
export interface LaneOwner {
  /** The run clock, µs. */
  readonly now: () => number;
  /** A connection is closed after so many requests; Infinity for no limit. May become less during a run. */
  readonly requestsPerConnection: number;
  /** Bytes of a body that `Lane.body` keeps at most. */
  readonly bodyLimitBytes: number;
  /**
   * If true, `firstByteUs` is when the first body byte was received, or the end of a response without a body. If
   * false, it is when the head was complete.
   */
  readonly firstByteAtBody: boolean;
  /** Whether the body of a response with this status is to be kept. Asked once, at the final response head. */
  wantsBody(status: number): boolean;
  /**
   * A request ended: `error` is null after a whole response. RequestFailure has its outcome; any other error is
   * classified by its Node or OpenSSL code (response/failure.ts). The lane can be started again, but after an error
   * only from a later microtask.
   */
  finished(lane: Lane, error: unknown): void;
  /** A lane whose `ready()` returned false can take a request now. */
  becameReady(lane: Lane): void;
  /** HTTP/2: the server allows `limit` streams on a connection, fewer than the plan has. May be called again. */
  streamLimitReceived(limit: number): void;
  /** A socket is about to be opened to `address` (`203.0.113.7:80`); returns the interned number of the address. */
  connecting(address: string): number;
  /** A socket can take requests, `connectUs` after it began to open; returns the interned number of its address. */
  opened(address: string, connectUs: number): number;
  /** Bytes came on a connection that no request was written for; it is closed. Drivers that can tell call it. */
  unaskedBytes(): void;
  /** Returns the serial number for a socket that was opened: 1, 2, … within a worker. */
  nextConnectionSerial(): number;
}
