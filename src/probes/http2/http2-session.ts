/** One HTTP/2 session, which is one socket: from before it is opened until it is closed. */
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type OutgoingHttpHeaders,
} from 'node:http2';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ConnectTo } from '../../plan/plan.js';
import { addressLabel } from '../../plan/target/connect-to.js';
import { addressOf, type Connector } from '../lane/connector.js';
import type { LaneOwner } from '../lane/lane.js';
import { alpnFailure, alpnMismatch, sessionOpenFailure } from './http2-failure.js';
import { currentSessionHandle, keepSessionUntilCollected } from './unread-heads.js';

/**
 * What node:http2 reads of a response's head: beyond, it resets the stream, and that looks as if the server had
 * done it. So this is more than the lane's own bound, and in memory once per session: heads are not interleaved.
 */
const MAX_HEADER_BYTES = 1024 * 1024;
/** A field counts as its bytes and 32 more (RFC 9113, 6.5.2): the bound on bytes is one on fields too. */
const MAX_HEADER_FIELDS = MAX_HEADER_BYTES / 32;
/** Bodies are drained as they come; with windows as large as these none waits for a WINDOW_UPDATE. */
const STREAM_WINDOW_BYTES = 1024 * 1024;
const SESSION_WINDOW_BYTES = 16 * 1024 * 1024;
/** MB; node:http2 refuses new streams of a session that takes more. Request bodies that wait count. */
const MAX_SESSION_MB = 256;

const SETTINGS = {
  enablePush: false,
  initialWindowSize: STREAM_WINDOW_BYTES,
  maxHeaderListSize: MAX_HEADER_BYTES,
};

export interface SessionOwner {
  /** It takes requests now, or its server's limit of streams changed. */
  settingsReceived(session: Http2Session): void;
  /** The stream of a request that was answered before its body was sent is closed. */
  uploadEnded(session: Http2Session): void;
  /** It takes no more requests; those under way may go on. */
  draining(session: Http2Session): void;
  /** It could not be opened. */
  openFailed(session: Http2Session, error: Error): void;
}

export class Http2Session {
  state: 'opening' | 'open' | 'draining' | 'closed' = 'opening';
  /** Interned address of its socket. */
  address: number;
  /** Serial number of its socket. */
  serial = 0;
  /** Requests that were sent on it. */
  requestsTaken = 0;
  inFlight = 0;
  /** Streams that the server allows at once (SETTINGS_MAX_CONCURRENT_STREAMS). */
  streamLimit = Number.POSITIVE_INFINITY;
  /** When some of a response came last. */
  lastResponseUs = 0;
  /** The server has not processed streams above this (GOAWAY, RFC 9113, 6.8). */
  lastStreamId = Number.POSITIVE_INFINITY;
  readonly #socket: Socket;
  #h2: ClientHttp2Session | null = null;
  #native: object | null = null;

  /** Begins to open it: connection, TLS with ALPN, and the server's SETTINGS, which come before any request is sent. */
  constructor(
    readonly owner: SessionOwner,
    readonly laneOwner: LaneOwner,
    readonly connectTo: ConnectTo,
    readonly secure: boolean,
    connector: Connector,
  ) {
    const startUs = laneOwner.now();
    this.address = laneOwner.connecting(addressLabel(connectTo));
    this.#socket = connector((...[error, socket]: [Error, null] | [null, Socket]) => {
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

  /** It can take another request, as far as one end and the other have said. */
  get acceptsRequests(): boolean {
    return this.state === 'open' && this.#h2 !== null && !this.#h2.closed && !this.#h2.destroyed;
  }

  /** Its connection is gone, in order or not. */
  get disconnected(): boolean {
    return this.#h2 === null || this.#h2.destroyed;
  }

  /** Opens a stream. Only when it accepts requests; throws for headers that HTTP/2 cannot carry. */
  request(headers: OutgoingHttpHeaders, endStream: boolean): ClientHttp2Stream {
    return (this.#h2 as ClientHttp2Session).request(headers, { endStream });
  }

  /** One of its streams was not read to its end. */
  streamAborted(stream: ClientHttp2Stream): void {
    if (this.#native !== null) keepSessionUntilCollected(this.#native, stream);
  }

  /** It shall take no more requests. */
  drain(): void {
    this.#leave(null);
  }

  /** Closes it at once. */
  close(): void {
    this.state = 'closed';
    this.#h2?.destroy();
    // Where the server asked for the end, node:http2 would wait for it to close the socket too.
    this.#socket.destroy();
  }

  #begin(socket: Socket, startUs: number): void {
    // The authority stands in no request: each names its own.
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
      this.#native ??= currentSessionHandle();
      this.streamLimit = maxConcurrentStreams ?? Number.POSITIVE_INFINITY;
      if (this.state === 'opening') {
        this.state = 'open';
        this.serial = this.laneOwner.nextConnectionSerial();
        this.address = this.laneOwner.opened(
          addressOf(socket, this.connectTo),
          this.laneOwner.now() - startUs,
        );
      }
      this.owner.settingsReceived(this);
    });
    h2.on('goaway', (code, lastStreamId) => {
      this.lastStreamId = Math.min(this.lastStreamId, lastStreamId);
      this.#leave(null, code);
    });
    h2.on('error', (error) => this.#leave(error));
    h2.on('close', () => this.#leave(null));
    // node:http2 tells of some errors only when the rest of its writes has ended, which may be never.
    socket.on('error', (error) => this.#leave(error));
    socket.on('close', () => this.#leave(null));
  }

  #leave(error: Error | null, goawayCode: number | null = null): void {
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
