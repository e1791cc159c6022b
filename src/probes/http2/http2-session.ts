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
import { agreementFailure, noAgreement, openingFailure } from './http2-failure.js';
import { keepUntilGone, sessionCallingBack } from './unread-heads.js';

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
  settled(session: H2Session): void;
  /** The stream of a request that was answered before its body was sent is closed. */
  uploaded(session: H2Session): void;
  /** It takes no more requests; those under way may go on. */
  leaving(session: H2Session): void;
  /** It could not be opened. */
  failed(session: H2Session, error: Error): void;
}

export class H2Session {
  state: 'opening' | 'open' | 'leaving' | 'over' = 'opening';
  /** Interned address of its socket. */
  address: number;
  /** Serial number of its socket. */
  serial = 0;
  /** Requests that were sent on it. */
  taken = 0;
  inFlight = 0;
  /** Streams that the server allows at once (SETTINGS_MAX_CONCURRENT_STREAMS). */
  streamLimit = Number.POSITIVE_INFINITY;
  /** When some of a response came last. */
  heardUs = 0;
  /** The server has not processed streams above this (GOAWAY, RFC 9113, 6.8). */
  lastStreamId = Number.POSITIVE_INFINITY;
  readonly #socket: Socket;
  #h2: ClientHttp2Session | null = null;
  #native: object | null = null;

  /** Begins to open it: connection, TLS with ALPN, and the server's SETTINGS, which come before any request is sent. */
  constructor(
    readonly owner: SessionOwner,
    readonly loop: LaneOwner,
    readonly connectTo: ConnectTo,
    readonly secure: boolean,
    connector: Connector,
  ) {
    const startUs = loop.now();
    this.address = loop.connecting(addressLabel(connectTo));
    this.#socket = connector((...[error, socket]: [Error, null] | [null, Socket]) => {
      if (error !== null) {
        this.#fail(agreementFailure(error) ?? error);
        return;
      }
      const { alpnProtocol } = socket as TLSSocket;
      if (secure && alpnProtocol !== 'h2') {
        socket.destroy();
        this.#fail(noAgreement(alpnProtocol));
        return;
      }
      this.#begin(socket, startUs);
    });
  }

  /** It can take another request, as far as one end and the other have said. */
  get usable(): boolean {
    return this.state === 'open' && this.#h2 !== null && !this.#h2.closed && !this.#h2.destroyed;
  }

  /** Its connection is gone, in order or not. */
  get lost(): boolean {
    return this.#h2 === null || this.#h2.destroyed;
  }

  /** Opens a stream. Only when usable; throws for headers that HTTP/2 cannot carry. */
  request(headers: OutgoingHttpHeaders, endStream: boolean): ClientHttp2Stream {
    return (this.#h2 as ClientHttp2Session).request(headers, { endStream });
  }

  /** One of its streams was not read to its end. */
  brokenOff(stream: ClientHttp2Stream): void {
    if (this.#native !== null) keepUntilGone(this.#native, stream);
  }

  /** It shall take no more requests. */
  leave(): void {
    this.#leave(null);
  }

  /** Closes it at once. */
  close(): void {
    this.state = 'over';
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
      if (this.state === 'over') return;
      this.#native ??= sessionCallingBack();
      this.streamLimit = maxConcurrentStreams ?? Number.POSITIVE_INFINITY;
      if (this.state === 'opening') {
        this.state = 'open';
        this.serial = this.loop.nextSerial();
        this.address = this.loop.opened(addressOf(socket, this.connectTo), this.loop.now() - startUs);
      }
      this.owner.settled(this);
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
      this.#fail(openingFailure(error, goawayCode, this.secure));
    } else if (this.state === 'open') {
      this.state = 'leaving';
      this.owner.leaving(this);
    }
  }

  #fail(error: Error): void {
    if (this.state !== 'opening') return;
    this.close();
    this.owner.failed(this, error);
  }
}
