/** Servers for tests, on ephemeral ports of 127.0.0.1, that count what comes to them and end with the test. */
import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createNetServer, type Server, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls';

/** What a server saw of its connections. */
export class Seen {
  /** Requests on each connection, in the order in which the connections came. */
  readonly requests: number[] = [];
  open = 0;
  mostOpen = 0;
  readonly sockets = new Set<Socket>();

  add(socket: Socket): number {
    this.sockets.add(socket);
    this.open += 1;
    this.mostOpen = Math.max(this.mostOpen, this.open);
    // Faulty connections are what many tests are about: their errors are seen at the other end.
    socket.on('error', () => {});
    socket.once('close', () => {
      this.open -= 1;
      this.sockets.delete(socket);
    });
    return this.requests.push(0) - 1;
  }

  get total(): number {
    return this.requests.reduce((sum, count) => sum + count, 0);
  }
}

export interface TestServer {
  readonly port: number;
  /** `127.0.0.1:PORT` */
  readonly at: string;
  readonly seen: Seen;
  /** Stops listening and breaks all connections. */
  kill(): Promise<void>;
}

/** Where a server's end can be asked for: a test. */
export type Cleanup = Pick<TestContext, 'after'>;

/** Starts a server and stops it after the test. */
export async function listen(t: Cleanup, server: Server, seen: Seen, port = 0): Promise<TestServer> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const kill = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of seen.sockets) socket.destroy();
    await closed;
  };
  t.after(kill);
  const bound = (server.address() as AddressInfo).port;
  return { port: bound, at: `127.0.0.1:${bound}`, seen, kill };
}

/** An HTTP server; counts connections and requests. */
export async function httpServer(t: TestContext, answer: RequestListener, port = 0): Promise<TestServer> {
  const seen = new Seen();
  const numbers = new Map<Socket, number>();
  const server = createHttpServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const number = numbers.get(request.socket) as number;
    seen.requests[number] = (seen.requests[number] as number) + 1;
    answer(request, response);
  });
  server.on('connection', (socket) => numbers.set(socket, seen.add(socket)));
  return listen(t, server, seen, port);
}

/** What a raw server is told of a request: its number on this connection, and of all, from 1. */
export interface RawRequest {
  readonly onConnection: number;
  readonly inAll: number;
  /** Request line and headers. */
  readonly head: string;
}

export type RawAnswer = (socket: Socket, request: RawRequest) => void;

/** A server that writes bytes by hand for each request. */
export async function rawServer(t: TestContext, answer: RawAnswer, port = 0): Promise<TestServer> {
  const seen = new Seen();
  const server = createNetServer({ noDelay: true }, (socket) => readRequests(socket, seen, answer));
  return listen(t, server, seen, port);
}

/** As rawServer, over TLS; `handshaking` are the TCP connections, from before their handshake. */
export async function tlsServer(
  t: TestContext,
  options: TlsOptions,
  answer: RawAnswer,
): Promise<TestServer & { readonly handshaking: ReadonlySet<Socket> }> {
  const seen = new Seen();
  const server = createTlsServer(options, (socket: TLSSocket) => readRequests(socket, seen, answer));
  const raw = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    raw.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => raw.delete(socket));
  });
  server.on('tlsClientError', () => {});
  const started = await listen(t, server, seen);
  t.after(() => {
    for (const socket of raw) socket.destroy();
  });
  return { ...started, handshaking: raw };
}

/** Calls `answer` for each request, when its head has come; bodies of known length are skipped. */
export function readRequests(socket: Socket, seen: Seen, answer: RawAnswer): void {
  const number = seen.add(socket);
  let text = '';
  let skip = 0;
  socket.on('data', (chunk) => {
    const from = Math.min(skip, chunk.length);
    skip -= from;
    text += chunk.toString('latin1', from);
    for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
      const head = text.slice(0, end);
      const body = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
      text = text.slice(end + 4);
      skip = Math.max(0, body - text.length);
      text = text.slice(body);
      const onConnection = (seen.requests[number] as number) + 1;
      seen.requests[number] = onConnection;
      answer(socket, { onConnection, inAll: seen.total, head });
    }
  });
}

/** A whole response as bytes on the wire; version v1 and the body `ok` when nothing else is said. */
export function response(
  options: { status?: number; headers?: Record<string, string>; body?: string } = {},
): string {
  const body = options.body ?? 'ok';
  const headers = {
    'x-version': 'v1',
    'content-length': String(Buffer.byteLength(body)),
    ...options.headers,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${options.status ?? 200} Said\r\n${lines.join('')}\r\n${body}`;
}

/** Envoy's reply to a request beyond a circuit breaker's limit. */
export const OVERFLOW = {
  status: 503,
  headers: { 'x-envoy-overloaded': 'true' },
  body: 'upstream connect error or disconnect/reset before headers. reset reason: overflow',
};

/** The same as bytes on the wire. */
export function overflowResponse(): string {
  return response(OVERFLOW);
}

/** A name that no resolver asks a server for: its first part is longer than names may be. */
export const IMPOSSIBLE_NAME = `${'a'.repeat(64)}.invalid`;

/** A port on which nothing listens. */
export async function unusedPort(): Promise<number> {
  const server = createNetServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A free port that stays free while nobody listens: below those that the system gives to others. */
export async function lastingPort(): Promise<number> {
  for (;;) {
    const server = createNetServer();
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const listening = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!listening) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
