/**
 * Keeps the beginning of a response's body. A body that is received in one piece is not copied. Several pieces are
 * copied together: a list of them would cost some hundred bytes for each, and a hostile server may send a body in
 * pieces of one byte.
 */

const NOTHING = Buffer.alloc(0);
/** Size of the store when it is first needed. */
const FIRST_STORE_BYTES = 4096;

export class KeptBody {
  #bytes: Buffer = NOTHING;
  /** Memory for bodies of several pieces, reused for each. */
  #store: Buffer = NOTHING;
  #length = 0;

  /** Forgets the body. */
  clear(): void {
    this.#bytes = NOTHING;
    this.#length = 0;
  }

  /** Adds a piece, or as much of it as keeps the body within `limit` bytes. */
  add(piece: Buffer, limit: number): void {
    const length = Math.min(limit, this.#length + piece.length);
    if (length === this.#length) return;
    if (this.#length === 0) {
      this.#bytes = piece.subarray(0, length);
    } else {
      if (length > this.#store.length) this.#grow(length, limit);
      else if (this.#bytes.buffer !== this.#store.buffer) this.#bytes.copy(this.#store);
      piece.copy(this.#store, this.#length, 0, length - this.#length);
      this.#bytes = this.#store.subarray(0, length);
    }
    this.#length = length;
  }

  /** Copies a piece that is not copied yet: its memory is about to be used again. */
  own(): void {
    if (this.#length === 0 || this.#bytes.buffer === this.#store.buffer) return;
    if (this.#length > this.#store.length) this.#grow(this.#length, Number.POSITIVE_INFINITY);
    else this.#bytes.copy(this.#store);
    this.#bytes = this.#store.subarray(0, this.#length);
  }

  /** What was kept. Valid until the next `clear` or `add`. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  #grow(length: number, limit: number): void {
    const store = Buffer.allocUnsafeSlow(Math.min(limit, Math.max(FIRST_STORE_BYTES, 2 * length)));
    this.#bytes.copy(store);
    this.#store = store;
  }
}
