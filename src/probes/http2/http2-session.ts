/** One HTTP/2 session on one socket: from before it is opened until it is closed. */
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type OutgoingHttpHeaders,
} from 'node:http2';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { addressLabel } from '../../plan/target/connect-to.js';
import { addressOf } from '../lane/connector.js';
import type { ConnectionPlace } from '../lane/driver.js';
import type { LaneOwner } from '../lane/lane.js';
import type { CookieJar } from '../request/cookie-jar.js';
import { alpnFailure, alpnMismatch, sessionOpenFailure } from './http2-failure.js';
import { currentSessionHandle, keepSessionUntilCollected } from './session-gc-workaround.js';

/**
 * Bytes of a response head that node:http2 accepts. Beyond that it resets the stream, which looks as if the server had
 * done it; so this is more than MAX_HEADER_BYTES of a lane. A session reads one head at a time.
 */
const MAX_SESSION_HEADER_BYTES = 1024 * 1024;
/** A field counts as its bytes and 32 more (RFC 9113, section 6.5.2), so the limit on bytes implies one on fields. */
const MAX_HEADER_FIELDS = MAX_SESSION_HEADER_BYTES / 32;
/** Bodies are read as they are received; with windows this large the server never waits for a WINDOW_UPDATE. */
const STREAM_WINDOW_BYTES = 1024 * 1024;
const SESSION_WINDOW_BYTES = 16 * 1024 * 1024;
/** MB. node:http2 refuses new streams on a session that takes more; request bodies that wait to be sent count. */
const MAX_SESSION_MB = 256;

const SETTINGS = {
  enablePush: false,
  initialWindowSize: STREAM_WINDOW_BYTES,
  maxHeaderListSize: MAX_SESSION_HEADER_BYTES,
};

/** What a session tells its connection. */
export interface SessionOwner {
  /** The server's SETTINGS were received: the session takes requests, or its stream limit changed. */
  settingsReceived(session: Http2Session): void;
  /** A stream was closed whose response had been complete before its request body was sent. */
  uploadEnded(session: Http2Session): void;
  /** The session takes no more requests; those in flight may end normally. */
  draining(session: Http2Session): void;
  /** The session could not be opened. */
  openFailed(session: Http2Session, error: Error): void;
}

export class Http2Session {
  /** `opening` until the server's SETTINGS; `draining`: takes no more requests. */
  state: 'opening' | 'open' | 'draining' | 'closed' = 'opening';
  /** Interned address of its socket. */
  address: number;
  /** Serial number of its socket; 0 until it is open. */
  serial = 0;
  /** Number of requests that were sent on it. */
  requestsTaken = 0;
  /** Number of its streams that are in use. */
  inFlight = 0;
  /** Streams that the server allows at once (SETTINGS_MAX_CONCURRENT_STREAMS); Infinity if it did not say. */
  streamLimit = Number.POSITIVE_INFINITY;
  /** When the latest response head was received, µs by the lane owner's clock. */
  lastResponseUs = 0;
  /** The server has not processed streams above this number (GOAWAY, RFC 9113, section 6.8). */
  lastStreamId = Number.POSITIVE_INFINITY;
  readonly #socket: Socket;
  #h2: ClientHttp2Session | null = null;
  #handle: object | null = null;

  /**
   * Begins to open the session: connection, TLS with ALPN, and the server's SETTINGS, before which no request is sent.
   *
   * @param secure over TLS, where ALPN has to agree on h2
   * @param jar for its cookies; null if they are not kept
   */
  constructor(
    readonly owner: SessionOwner,
    readonly laneOwner: LaneOwner,
    readonly place: ConnectionPlace,
    readonly secure: boolean,
    readonly jar: CookieJar | null,
  ) {
    const startUs = laneOwner.now();
    this.address = laneOwner.connecting(addressLabel(place.connectTo));
    this.#socket = place.connector((...[error, socket]) => {
      if (error !== null) {
        this.#fail(alpnFailure(error) ?? error);
        return;
      }
      const { alpnProtocol } = socket as TLSSocket;
      if (secure && alpnProtocol !== 'h2') {
        socket.destroy();
        this.#fail(alpnMismatch(alpnProtocol));
        return;
      }
      this.#begin(socket, startUs);
    });
  }

  /** Whether neither side has begun to end the session. */
  get acceptsRequests(): boolean {
    return this.state === 'open' && this.#h2 !== null && !this.#h2.closed && !this.#h2.destroyed;
  }

  /** Whether its connection is closed, normally or by an error. */
  get disconnected(): boolean {
    return this.#h2 === null || this.#h2.destroyed;
  }

  /** Opens a stream. Only while `acceptsRequests`. Throws if HTTP/2 cannot carry the headers. */
  request(headers: OutgoingHttpHeaders, endStream: boolean): ClientHttp2Stream {
    return (this.#h2 as ClientHttp2Session).request(headers, { endStream });
  }

  /** One of its streams was not read to its end. */
  streamAborted(stream: ClientHttp2Stream): void {
    if (this.#handle !== null) keepSessionUntilCollected(this.#handle, stream);
  }

  /** Takes no more requests from now on. */
  drain(): void {
    this.#drain(null);
  }

  /** Closes the session at once. */
  close(): void {
    this.state = 'closed';
    this.#h2?.destroy();
    // If the server asked for the end, node:http2 would wait until the server closes the socket.
    this.#socket.destroy();
  }

  #begin(socket: Socket, startUs: number): void {
    // This authority is not used: each request has its own.
    const h2 = connect('http://localhost', {
      createConnection: () => socket,
      settings: SETTINGS,
      maxHeaderListPairs: MAX_HEADER_FIELDS,
      maxSessionMemory: MAX_SESSION_MB,
    });
    this.#h2 = h2;
    h2.setLocalWindowSize(SESSION_WINDOW_BYTES);
    h2.on('remoteSettings', ({ maxConcurrentStreams }) => {
      if (this.state === 'closed') return;
      this.#handle ??= currentSessionHandle();
      this.streamLimit = maxConcurrentStreams ?? Number.POSITIVE_INFINITY;
      if (this.state === 'opening') this.#opened(socket, startUs);
      this.owner.settingsReceived(this);
    });
    h2.on('goaway', (code, lastStreamId) => {
      this.lastStreamId = Math.min(this.lastStreamId, lastStreamId);
      this.#drain(null, code);
    });
    h2.on('error', (error) => this.#drain(error));
    h2.on('close', () => this.#drain(null));
    // node:http2 reports some errors only after its pending writes have ended, which may be never.
    socket.on('error', (error) => this.#drain(error));
    socket.on('close', () => this.#drain(null));
  }

  #opened(socket: Socket, startUs: number): void {
    this.state = 'open';
    this.serial = this.laneOwner.nextConnectionSerial();
    const connectUs = this.laneOwner.now() - startUs;
    this.address = this.laneOwner.opened(addressOf(socket, this.place.connectTo), connectUs);
  }

  #drain(error: Error | null, goawayCode: number | null = null): void {
    if (this.state === 'opening') {
      this.#fail(sessionOpenFailure(error, goawayCode, this.secure));
    } else if (this.state === 'open') {
      this.state = 'draining';
      this.owner.draining(this);
    }
  }

  #fail(error: Error): void {
    if (this.state !== 'opening') return;
    this.close();
    this.owner.openFailed(this, error);
  }
}
