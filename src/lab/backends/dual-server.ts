/** A server that speaks HTTP/1.1, and HTTP/2 with prior knowledge, on one port: a gateway may be told to speak either to a pod. */
import { once } from 'node:events';
import { createServer as createHttp1Server, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** The first bytes of an HTTP/2 connection; no request of HTTP/1.1 begins so (RFC 9113, 3.4). */
const PREFACE = 'PRI * ';
/** Streams that wait for their answer at once are not to be reset: megabytes of a session (Node's default is 10). */
const SESSION_MEGABYTES = 1000;

type Handler = (
  request: IncomingMessage | Http2ServerRequest,
  response: ServerResponse | Http2ServerResponse,
) => void;

export class DualServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(handle: Handler) {
    const http1 = createHttp1Server(handle);
    // A pod that closed an idle connection just when a request is sent on it would look like a fault.
    http1.keepAliveTimeout = 0;
    http1.requestTimeout = 0;
    const http2 = createHttp2Server({ maxSessionMemory: SESSION_MEGABYTES }, handle);
    this.#server = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      // A gateway that resets a connection is no error of the pod.
      socket.on('error', () => {});
      socket.once('data', (first: Buffer) => {
        socket.pause();
        socket.unshift(first);
        if (first.toString('latin1', 0, PREFACE.length) === PREFACE) {
          // It reads what is buffered by itself.
          http2.emit('connection', socket);
        } else {
          http1.emit('connection', socket);
          socket.resume();
        }
      });
    });
  }

  get listening(): boolean {
    return this.#server.listening;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** @param port 0: a free one */
  async listen(host: string, port: number): Promise<void> {
    this.#server.listen({ host, port });
    await once(this.#server, 'listening');
  }

  /** Closes the port and all connections. */
  async shut(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

/** Answers bytes that are not HTTP and closes the connection; over HTTP/2 it is only closed. */
export function spoil({ httpVersionMajor, socket }: IncomingMessage | Http2ServerRequest): void {
  if (httpVersionMajor === 1) socket.end('\u0000\u0013 this is not HTTP\r\n\r\n');
  else socket.destroy();
}
