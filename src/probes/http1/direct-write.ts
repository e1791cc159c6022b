/**
 * Writes small requests on a TCP or Unix socket by node:net's own handle, and not by the stream in front of it, whose state,
 * request object and callbacks cost more CPU for each write than parsing the response.
 *
 * `writeBuffer` of a handle gives the bytes to the kernel, which as a rule takes all of them at once. Then the request object of
 * the call is not used, and serves again for the next write. Its class is not to be had from Node: it is taken from a
 * write of the stream. Where anything is not as it is in Node 20 to 24, everything goes through the stream.
 */
import type { Socket } from 'node:net';

/** Node's `WriteWrap`, as net.js fills it in. */
export interface WriteRequest {
  handle: Handle;
  oncomplete: (status: number) => void;
  callback: (error: Error | null | undefined) => void;
  /** Keeps the bytes as long as they are needed. */
  buffer?: Buffer | null;
  /** Of a write of the stream that was given to the handle: `oncomplete` will be called. */
  async?: boolean;
}

/** Node's `TCP`, `Pipe` and `TLSWrap`. */
export interface Handle {
  writeBuffer(request: WriteRequest, bytes: Buffer): number;
  /** Bytes that the kernel has not taken yet. */
  readonly writeQueueSize: number;
}

/** What a write has shown. */
export interface Learned {
  readonly make: () => WriteRequest;
  readonly request: WriteRequest;
}

export type WithHandle = Socket & { readonly _handle?: Handle | null };

/** What makes a request object; null if that cannot be had here. */
let makeRequest: (() => WriteRequest) | null = null;
/** Whether it was looked for. */
let known = false;
/** The one that serves every write that the kernel takes at once. */
let spare: WriteRequest | null = null;

export class DirectWriter {
  readonly #socket: WithHandle;
  /** Some of what was written waits for the kernel. */
  waits = false;

  /** @param socket not one of node:tls */
  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Writes the bytes, which must not change while `waits` is true. Errors come from the socket. */
  write(bytes: Buffer): void {
    const socket = this.#socket;
    const handle = socket._handle;
    if (!known && handle) {
      known = true;
      makeRequest = learn(handle, socket, bytes)?.make ?? null;
      return;
    }
    if (makeRequest === null || this.waits || !handle || socket.writableLength > 0) {
      socket.write(bytes);
      return;
    }
    spare ??= makeRequest();
    // The stream meets the same error, and tells it.
    if (handle.writeBuffer(spare, bytes) !== 0) socket.write(bytes);
    else if (handle.writeQueueSize > 0) this.#wait(handle, bytes);
  }

  /** Writes two parts by the stream, together. */
  writeParts(head: Buffer, body: Buffer): void {
    writeTogether(this.#socket, head, body);
  }

  /** The request object is in use until the kernel has taken all bytes. */
  #wait(handle: Handle, bytes: Buffer): void {
    const request = spare as WriteRequest;
    spare = null;
    this.waits = true;
    request.handle = handle;
    request.buffer = bytes;
    request.callback = (error) => {
      this.waits = false;
      if (error) this.#socket.destroy(error);
    };
  }
}

/** Writes two parts by the stream, as one write of the system if it can. */
export function writeTogether(socket: Socket, head: Buffer, body: Buffer): void {
  socket.cork();
  socket.write(head);
  socket.write(body);
  socket.uncork();
}

/**
 * Takes the class of request objects from a write.
 *
 * @param socket writes the bytes by the stream
 * @returns what makes a request object, and the one of the stream; null if that cannot be had here
 */
export function learn(handle: Handle, socket: Socket, bytes: Buffer): Learned | null {
  let learned: Learned | null = null;
  const { writeBuffer } = handle;
  handle.writeBuffer = (request, written) => {
    const { oncomplete } = request;
    const Request = request.constructor as new () => WriteRequest;
    if (Request.name === 'WriteWrap' && typeof oncomplete === 'function' && handle.writeQueueSize === 0) {
      learned = { make: () => Object.assign(new Request(), { oncomplete }), request };
    }
    return writeBuffer.call(handle, request, written);
  };
  socket.write(bytes);
  // The method of its class shows again.
  delete (handle as Partial<Handle>).writeBuffer;
  return learned;
}
