/** A socket of the wire driver: from its opening to its close. It tells its lane what happens, until the lane closes it. */
import type { Socket } from 'node:net';
import type { ConnectionPlace } from '../lane/driver.js';
import { DirectWriter } from './direct-write.js';
import { MAX_READ_BYTES, readTurn } from './read-turn.js';
import type { RequestBytes } from './request-bytes.js';
import { TlsWriter } from './tls-write.js';

/** What happens to a socket. Nothing is told of one that was closed. */
export interface SocketOwner {
  /** It can take requests. */
  socketOpened(socket: Socket): void;
  /** It could not be opened. */
  socketFailed(error: Error): void;
  /** So many bytes came, and are in the buffer until this returns. */
  bytesReceived(length: number): void;
  /** It was open, and broke; null: the server has ended it. */
  socketLost(error: Error | null): void;
}

export class WireSocket {
  isOpen = false;
  /** Requests that were written on it. */
  requests = 0;
  readonly #socket: Socket;
  readonly #writer: DirectWriter | TlsWriter;
  #closed = false;
  /** Bytes that it has read since it was last paused, or a request was written: since then the loop has gone round. */
  #readBytes = 0;

  /** @param buffer what it is read into */
  constructor({ connector }: ConnectionPlace, buffer: Buffer, owner: SocketOwner) {
    const read = (length: number) => {
      if (!this.#closed) owner.bytesReceived(length);
      this.#readBytes += length;
      if (this.#readBytes < MAX_READ_BYTES) return true;
      this.#readBytes = 0;
      readTurn.resumeLater(socket);
      return false;
    };
    const socket = connector(
      (...[error]) => {
        if (this.#closed) return;
        this.isOpen = error === null;
        if (error === null) owner.socketOpened(socket);
        else owner.socketFailed(error);
      },
      { buffer, read },
    );
    this.#socket = socket;
    this.#writer = 'encrypted' in socket ? new TlsWriter(socket) : new DirectWriter(socket);
    const lost = (error: Error | null) => {
      // Before it is open, the connector tells.
      if (this.isOpen && !this.#closed) owner.socketLost(error);
    };
    socket.on('error', lost);
    socket.once('end', () => lost(null));
    socket.once('close', () => lost(null));
  }

  /** @param last the server is told to close the connection */
  write({ keep, last, body }: RequestBytes, isLast: boolean): void {
    this.#readBytes = 0;
    const head = isLast ? last : keep;
    if (body === null) this.#writer.write(head);
    else this.#writer.writeParts(head, body);
  }

  /** Much of what was written waits for the server to read, or all of it came from a request that is answered already. */
  get needsDrain(): boolean {
    return this.#socket.writableNeedDrain || this.#writer.waits;
  }

  close(): void {
    this.#closed = true;
    this.#socket.destroy();
  }
}
