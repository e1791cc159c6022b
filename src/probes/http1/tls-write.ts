/**
 * Writes small requests on a TLS socket by its handle, and not by the stream in front of it, as direct-write.ts does over TCP.
 *
 * The handle encrypts and gives the bytes to the kernel at once, and always says so in a later round of the event loop. Until then it
 * must not get another write, not from the stream either: Node would abort the process. So whatever is written meanwhile waits here.
 * A request object may serve again when the call that told its end has returned, hence two that take turns. Where anything is
 * not as it is in Node 20 to 24, everything goes through the stream.
 */
import type { Socket } from 'node:net';
import { learn, type WithHandle, type WriteRequest, writeTogether } from './direct-write.js';

/** What makes a request object; null if that cannot be had here. */
let makeRequest: (() => WriteRequest) | null = null;
/** Whether it was looked for. */
let known = false;

export class TlsWriter {
  readonly #socket: WithHandle;
  /** The request object that is in use, or comes next, and the other one. */
  #request: WriteRequest | null = null;
  #other: WriteRequest | null = null;
  /** A write of the handle has not ended. */
  #writing = false;
  /** What was written since then. */
  #behind: Buffer[] = [];

  /** @param socket one of node:tls after its handshake, on which nothing else writes */
  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Some of what was written was not given to the socket yet. */
  get waits(): boolean {
    return this.#behind.length > 0;
  }

  /** Writes the bytes, which must not change. Errors come from the socket. */
  write(bytes: Buffer): void {
    const socket = this.#socket;
    const handle = socket._handle;
    if (this.#writing) {
      this.#behind.push(bytes);
      return;
    }
    if (!known && handle) {
      known = true;
      const learned = learn(handle, socket, bytes);
      if (learned?.request.async === true) makeRequest = learned.make;
      return;
    }
    const many = bytes.length >= socket.writableHighWaterMark;
    if (makeRequest === null || many || !handle || socket.writableLength > 0) {
      socket.write(bytes);
      return;
    }
    const request = this.#other ?? this.#make(makeRequest);
    this.#other = this.#request;
    this.#request = request;
    request.handle = handle;
    request.buffer = bytes;
    if (handle.writeBuffer(request, bytes) === 0) this.#writing = true;
    // The stream meets the same error, and tells it.
    else socket.write(bytes);
  }

  /** Writes two parts by the stream, together. */
  writeParts(head: Buffer, body: Buffer): void {
    if (this.#writing) {
      this.#behind.push(head, body);
      return;
    }
    writeTogether(this.#socket, head, body);
  }

  #make(makeNew: () => WriteRequest): WriteRequest {
    const request = makeNew();
    request.callback = (error) => this.#ended(error);
    return request;
  }

  #ended(error: Error | null | undefined): void {
    this.#writing = false;
    const behind = this.#behind;
    if (error) this.#socket.destroy(error);
    if (behind.length === 0) return;
    this.#behind = [];
    this.#socket.write(Buffer.concat(behind));
  }
}
