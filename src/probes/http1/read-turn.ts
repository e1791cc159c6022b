/**
 * What a socket may read before it is the others' turn. libuv reads a socket up to 32 times in a row as long as its buffer is
 * filled, which is 2 MiB: a few servers that flood kept one round of the event loop for more than a second, and requests on
 * other connections were neither written nor given up in time.
 */
import type { Socket } from 'node:net';

/** Bytes that a socket reads between two rounds of the loop. */
export const MAX_READ_BYTES = 256 * 1024;

class ReadTurn {
  #paused: Socket[] = [];
  #spare: Socket[] = [];
  readonly #go = () => this.#resume();

  /** Resumes a socket that has been paused, in the next round of the loop. */
  resumeLater(socket: Socket): void {
    this.#paused.push(socket);
    if (this.#paused.length === 1) setImmediate(this.#go);
  }

  #resume(): void {
    const sockets = this.#paused;
    this.#paused = this.#spare;
    for (const socket of sockets) socket.resume();
    sockets.length = 0;
    this.#spare = sockets;
  }
}

/** The one of this thread. */
export const readTurn = new ReadTurn();
