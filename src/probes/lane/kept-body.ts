/**
 * Keeps the beginning of a response's body. A body that is received in one piece is not copied. Several pieces are
 * copied together: a list of them would cost some hundred bytes for each, and a hostile server may send a body in
 * pieces of one byte. So a piece makes no object either; a Buffer of the body is made when somebody asks for it.
 */

import type { BodyBytes } from '../body-bytes.js';

const NOTHING: Buffer = Buffer.alloc(0);
/** Fewer bytes are copied one by one: `Buffer.copy` makes an object each time, which costs more. */
const FEW_BYTES = 64;
/** Size of the store when it is first needed. */
const FIRST_STORE_BYTES = 4096;

export class KeptBody implements BodyBytes {
  /** What has the bytes, from `#at` on: the memory that the first piece came in, or the store. */
  #source: Buffer = NOTHING;
  #at = 0;
  #length = 0;
  /** Memory for bodies of several pieces, reused for each. */
  #store: Buffer = NOTHING;
  #bytes: Buffer | null = NOTHING;

  /** Forgets the body. */
  clear(): void {
    this.#source = NOTHING;
    this.#at = 0;
    this.#length = 0;
    this.#bytes = NOTHING;
  }

  /** Adds the piece of `source` from `at` on, or as much of it as keeps the body within `limit` bytes. */
  add(source: Buffer, at: number, length: number, limit: number): void {
    const added = Math.min(length, limit - this.#length);
    if (added <= 0) return;
    if (this.#length === 0) {
      this.#source = source;
      this.#at = at;
    } else {
      this.#toStore(this.#length + added, limit);
      copyTo(this.#store, this.#length, source, at, added);
    }
    this.#length += added;
    this.#bytes = null;
  }

  /** Copies a piece that is not copied yet: its memory is about to be used again. */
  own(): void {
    if (this.#length > 0) this.#toStore(this.#length, Number.POSITIVE_INFINITY);
  }

  /** What has the bytes. This and the rest of what was kept is valid until the next `clear`, `add` or `own`. */
  get source(): Buffer {
    return this.#source;
  }

  get at(): number {
    return this.#at;
  }

  get length(): number {
    return this.#length;
  }

  get bytes(): Buffer {
    this.#bytes ??= this.#source.subarray(this.#at, this.#at + this.#length);
    return this.#bytes;
  }

  /** Moves the body into the store, which then has room for `length` bytes. */
  #toStore(length: number, limit: number): void {
    const fits = length <= this.#store.length;
    if (fits && this.#source === this.#store) return;
    const store = fits
      ? this.#store
      : Buffer.allocUnsafeSlow(Math.min(limit, Math.max(FIRST_STORE_BYTES, 2 * length)));
    this.#source.copy(store, 0, this.#at, this.#at + this.#length);
    this.#store = store;
    this.#source = store;
    this.#at = 0;
    this.#bytes = null;
  }
}

function copyTo(target: Buffer, to: number, source: Buffer, at: number, length: number): void {
  if (length > FEW_BYTES) source.copy(target, to, at, at + length);
  else for (let i = 0; i < length; i += 1) target[to + i] = source[at + i]!;
}
