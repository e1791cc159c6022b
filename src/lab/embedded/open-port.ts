/** A listener of the embedded gateway: plain HTTP, or TLS with a set of routes per server name. */
import { once } from 'node:events';
import { createServer, type Server as HttpServer, type RequestListener } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { mostSpecific } from '../../plan/routes/hostnames.js';
import type { AttachedListener } from '../mesh/attached-listeners.js';
import type { Certificate } from '../mesh/certificates.js';
import { plainHosts } from '../mesh/https-redirects.js';
import { ADDRESS, listenOn } from '../mesh/listen-on-loopback.js';
import type { ListenerGroup } from '../mesh/listener-groups.js';
import { readServerName } from './client-hello.js';
import type { Forwarder } from './forwarder.js';
import { RouteTable } from './route-table.js';

/** Envoy's `max_request_headers_kb`. */
const MAX_HEADER_BYTES = 60 * 1024;

export interface OpenPortOptions {
  /** Listeners of one gateway that share the port. */
  readonly attached: ListenerGroup['attached'];
  readonly forwarder: Forwarder;
  /** Null: plain HTTP. */
  readonly certificate: Certificate | null;
  /** 0: any free one. */
  readonly port: number;
  /** The flag that gives the port, for messages. */
  readonly flag: string;
}

export interface OpenPort {
  readonly url: string;
  close(): Promise<void>;
}

/** Opens the port on loopback. @throws UserError when it is taken */
export async function openPort(options: OpenPortOptions): Promise<OpenPort> {
  const { attached, forwarder, certificate, port, flag } = options;
  const scheme = certificate === null ? 'http' : 'https';
  const answer = (table: RouteTable): RequestListener => {
    return (request, response) => forwarder.handle(table, scheme, request, response);
  };
  const server =
    certificate === null
      ? httpServer(answer(plainTable(attached)))
      : await tlsServer(attached, certificate, answer);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    // A client that goes away is its own business.
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await listenOn(server, port, flag);
  return {
    url: `${scheme}://${ADDRESS}:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function plainTable(attached: ListenerGroup['attached']): RouteTable {
  const { hosts, redirected } = plainHosts(attached);
  return new RouteTable(hosts, attached[0].place, redirected);
}

function httpServer(answer: RequestListener): HttpServer {
  const server = createServer({ noDelay: true, maxHeaderSize: MAX_HEADER_BYTES }, answer);
  keepOpen(server);
  return server;
}

/** Envoy leaves idle connections open for an hour and has no bound for a request here. */
function keepOpen(server: HttpServer | HttpsServer): void {
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  server.headersTimeout = 0;
}

async function tlsServer(
  attached: readonly AttachedListener[],
  { certPem, keyPem }: Certificate,
  answer: (table: RouteTable) => RequestListener,
): Promise<Server> {
  // Loaded here: plain HTTP does not need it.
  const https = await import('node:https');
  const chains = new Map<string, HttpsServer>();
  for (const { listener, hosts, place } of attached) {
    const server = https.createServer(
      { cert: certPem, key: keyPem, ALPNProtocols: ['http/1.1'], maxHeaderSize: MAX_HEADER_BYTES },
      answer(new RouteTable(hosts, place)),
    );
    keepOpen(server);
    chains.set(listener.hostname?.toLowerCase() ?? '*', server);
  }
  return createTcpServer({ noDelay: true }, (socket) => inspect(socket, chains));
}

/** Reads the server name and hands the connection on, or resets it as Envoy does without a filter chain. */
function inspect(socket: Socket, chains: ReadonlyMap<string, HttpsServer>): void {
  let bytes = Buffer.alloc(0);
  const onData = (part: Buffer) => {
    bytes = Buffer.concat([bytes, part]);
    const hello = readServerName(bytes);
    if (hello.state === 'incomplete') return;
    socket.off('data', onData);
    socket.pause();
    const name = hello.state === 'read' ? mostSpecific(chains.keys(), hello.name ?? '') : null;
    if (name === null) {
      socket.resetAndDestroy();
      return;
    }
    socket.unshift(bytes);
    chains.get(name)?.emit('connection', socket);
  };
  socket.on('data', onData);
}
