/** HTTP/2 servers for tests: node's own, counted, and one that writes frames by hand. */
import {
  createSecureServer,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type Settings,
} from 'node:http2';
import { createServer as createNetServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import type { TLSSocket, TlsOptions } from 'node:tls';
import { type Cleanup, listen, Seen, type TestServer } from './servers.js';

/** What a server saw of its sessions, in the order in which they came. */
export class SessionsSeen {
  readonly requests: number[] = [];
  /** The most streams that were open at once, by session. */
  readonly mostOpen: number[] = [];
  readonly rstCodes: number[] = [];
  /** Streams open now, over all sessions. */
  open = 0;

  get total(): number {
    return this.requests.reduce((sum, count) => sum + count, 0);
  }
}

export interface H2Server extends TestServer {
  readonly sessions: SessionsSeen;
}

export interface H2Request {
  readonly stream: ServerHttp2Stream;
  readonly session: ServerHttp2Session;
  readonly socket: Socket;
  readonly headers: IncomingHttpHeaders;
  /** From 1, of the session and of all. */
  readonly onSession: number;
  readonly inAll: number;
}

export interface H2ServerOptions {
  readonly settings?: Settings;
  /** HTTPS, with these ALPN protocols and certificate. */
  readonly tls?: TlsOptions & { allowHTTP1?: boolean };
  readonly port?: number;
}

/** A server of node:http2; prior knowledge, or ALPN with `tls`. */
export async function h2Server(
  t: TestContext,
  answer: (request: H2Request) => void,
  { settings = {}, tls, port = 0 }: H2ServerOptions = {},
): Promise<H2Server> {
  const seen = new Seen();
  const sessions = new SessionsSeen();
  const numbers = new Map<ServerHttp2Session, { index: number; open: number; socket: Socket }>();
  let latest: Socket;
  const server = tls === undefined ? createServer({ settings }) : createSecureServer({ settings, ...tls });
  // Before node's own listener, which tells of the session.
  server.prependListener(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    seen.add(socket);
    latest = socket;
  });
  server.on('sessionError', () => {});
  server.on('session', (session: ServerHttp2Session) => {
    session.on('error', () => {});
    numbers.set(session, { index: sessions.requests.push(0) - 1, open: 0, socket: latest });
    sessions.mostOpen.push(0);
  });
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    const session = stream.session as ServerHttp2Session;
    const number = numbers.get(session) ?? { index: -1, open: 0, socket: latest };
    const onSession = (sessions.requests[number.index] as number) + 1;
    sessions.requests[number.index] = onSession;
    number.open += 1;
    sessions.open += 1;
    sessions.mostOpen[number.index] = Math.max(sessions.mostOpen[number.index] as number, number.open);
    stream.on('error', () => {});
    stream.on('close', () => {
      number.open -= 1;
      sessions.open -= 1;
      if (stream.rstCode !== 0) sessions.rstCodes.push(stream.rstCode);
    });
    answer({ stream, session, socket: number.socket, headers, onSession, inAll: sessions.total });
  });
  return { ...(await listen(t, server, seen, port)), sessions };
}

/** Answers with version v1, and the body `ok`. */
export function respond(stream: ServerHttp2Stream, body = 'ok'): void {
  if (stream.destroyed || stream.closed) return;
  stream.respond({ ':status': 200, 'x-version': 'v1' });
  stream.end(body);
}

/** What the server sees of the server name. */
export function serverNameOf(session: ServerHttp2Session): string | false {
  return (session.socket as unknown as TLSSocket & { servername: string | false }).servername;
}

// Frames by hand (RFC 9113, 4.1)

export const FRAME = {
  data: 0,
  headers: 1,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;
export const END_STREAM = 1;
export const END_HEADERS = 4;
const ACK = 1;
const PREFACE_BYTES = 24;

export function frame(type: number, flags: number, streamId: number, payload: Buffer | string = ''): Buffer {
  const bytes = Buffer.from(payload as string);
  const head = Buffer.alloc(9);
  head.writeUIntBE(bytes.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(streamId, 5);
  return Buffer.concat([head, bytes]);
}

/** `[[identifier, value], …]` */
export function settingsFrame(...settings: readonly (readonly [number, number])[]): Buffer {
  const payload = Buffer.alloc(settings.length * 6);
  settings.forEach(([id, value], index) => {
    payload.writeUInt16BE(id, index * 6);
    payload.writeUInt32BE(value, index * 6 + 2);
  });
  return frame(FRAME.settings, 0, 0, payload);
}

/** A field as a literal without indexing (RFC 7541, 6.2.2); both texts shorter than 127 bytes. */
export function field(name: string, value: string): Buffer {
  return Buffer.concat([
    Buffer.from([0, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value),
  ]);
}

/** `:status: 200` is in HPACK's static table. */
export const STATUS_200 = Buffer.from([0x88]);

/** The head of an answer of version v1. */
export function answerHead(streamId: number, flags = END_HEADERS): Buffer {
  return frame(FRAME.headers, flags, streamId, Buffer.concat([STATUS_200, field('x-version', 'v1')]));
}

/** A whole answer of version v1. */
export function answer(streamId: number): Buffer {
  return Buffer.concat([answerHead(streamId), frame(FRAME.data, END_STREAM, streamId, 'ok')]);
}

export function uint32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index);
  return bytes;
}

export function goaway(lastStreamId: number, code: number): Buffer {
  return frame(FRAME.goaway, 0, 0, uint32(lastStreamId, code));
}

export function rst(streamId: number, code: number): Buffer {
  return frame(FRAME.rstStream, 0, streamId, uint32(code));
}

export interface RawH2Request {
  readonly streamId: number;
  /** From 1. */
  readonly onSession: number;
  readonly inAll: number;
}

export interface RawH2Options {
  /** Sent when a connection comes; SETTINGS without a value by default. */
  readonly preface?: Buffer;
  readonly onFrame?: (socket: Socket, type: number, payload: Buffer) => void;
}

/** Calls `answer` for the HEADERS of each request; acknowledges SETTINGS and PING, and knows nothing else. */
export async function rawH2Server(
  t: Cleanup,
  answerTo: (socket: Socket, request: RawH2Request) => void,
  { preface = settingsFrame(), onFrame }: RawH2Options = {},
): Promise<TestServer> {
  const seen = new Seen();
  const server = createNetServer({ noDelay: true }, (socket) => {
    const number = seen.add(socket);
    socket.write(preface);
    let bytes = Buffer.alloc(0);
    let skipped = false;
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (!skipped && bytes.length >= PREFACE_BYTES) {
        bytes = bytes.subarray(PREFACE_BYTES);
        skipped = true;
      }
      while (skipped && bytes.length >= 9 && bytes.length >= 9 + bytes.readUIntBE(0, 3)) {
        const length = bytes.readUIntBE(0, 3);
        const type = bytes[3] as number;
        const acknowledged = (bytes[4] as number) & ACK;
        const streamId = bytes.readUInt32BE(5);
        const payload = bytes.subarray(9, 9 + length);
        bytes = bytes.subarray(9 + length);
        onFrame?.(socket, type, payload);
        if (type === FRAME.settings && !acknowledged) socket.write(frame(FRAME.settings, ACK, 0));
        if (type === FRAME.ping && !acknowledged) socket.write(frame(FRAME.ping, ACK, 0, payload));
        if (type !== FRAME.headers) continue;
        seen.requests[number] = (seen.requests[number] as number) + 1;
        answerTo(socket, { streamId, onSession: seen.requests[number] as number, inAll: seen.total });
      }
    });
  });
  return listen(t, server, seen);
}
