/** Reads a file or a pipe from beginning to end, in pieces of bounded size. */
import { close, fstat, open, read } from 'node:fs';
import { promisify } from 'node:util';
import { systemReason, UserError } from '../errors.js';

const openFile = promisify(open);
const statFile = promisify(fstat);
const closeFile = promisify(close);
/** Bytes read at once, at most. */
const PIECE_BYTES = 1 << 20;
/** Name of standard input. It is read by its descriptor, because a socket cannot be opened by name. */
export const STDIN_FILE = '/dev/stdin';
const AGAIN_MS = 5;

export class ByteSource {
  readonly #piece: Buffer;
  #from = 0;
  #to = 0;
  /** Bytes that were returned so far. */
  position = 0;

  private constructor(
    readonly file: string,
    readonly fd: number,
    /** Bytes in the file; null for a pipe. */
    readonly size: number | null,
  ) {
    this.#piece = Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, Math.max(size ?? PIECE_BYTES, 64)));
  }

  /** @throws UserError if the file cannot be opened */
  static async open(file: string): Promise<ByteSource> {
    try {
      const fd = file === STDIN_FILE ? 0 : await openFile(file, 'r');
      const stat = await statFile(fd);
      if (stat.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
      return new ByteSource(file, fd, stat.isFile() ? stat.size : null);
    } catch (error) {
      throw unreadable(file, error);
    }
  }

  /** Fills `target`, and returns the number of bytes: fewer than its length only at the end of the file. */
  async fill(target: Uint8Array): Promise<number> {
    let filled = 0;
    while (filled < target.length) {
      if (this.#from === this.#to) {
        this.#from = this.#to = 0;
        if (!(await this.#more())) break;
      }
      const count = Math.min(this.#to - this.#from, target.length - filled);
      target.set(this.#piece.subarray(this.#from, this.#from + count), filled);
      this.#from += count;
      filled += count;
    }
    this.position += filled;
    return filled;
  }

  /** The next bytes, which stay unread: `count`, or fewer at the end of the file. */
  async peek(count: number): Promise<Buffer> {
    while (this.#to - this.#from < count) {
      this.#piece.copyWithin(0, this.#from, this.#to);
      this.#to -= this.#from;
      this.#from = 0;
      if (!(await this.#more())) break;
    }
    return this.#piece.subarray(this.#from, Math.min(this.#to, this.#from + count));
  }

  /** Whether the file may have `count` more bytes; always true for a pipe. */
  mayHave(count: number): boolean {
    return this.size === null || this.position + count <= this.size;
  }

  close(): Promise<void> {
    return closeFile(this.fd);
  }

  /** Reads more bytes into the buffer; false at the end of the file. */
  #more(): Promise<boolean> {
    return new Promise((resolve, reject) => {
      read(this.fd, this.#piece, this.#to, this.#piece.length - this.#to, null, (error, count) => {
        // Another process made this pipe non-blocking.
        if (error?.code === 'EAGAIN') {
          setTimeout(() => this.#more().then(resolve, reject), AGAIN_MS);
          return;
        }
        if (error !== null) {
          reject(unreadable(this.file, error));
          return;
        }
        this.#to += count;
        resolve(count > 0);
      });
    });
  }
}

function unreadable(file: string, error: unknown): UserError {
  return new UserError(`${file} cannot be read (${systemReason(error)}).`);
}
