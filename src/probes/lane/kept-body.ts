/**
 * The beginning of a response's body. A body that came in one piece costs nothing: it stays where it was read. A
 * list of pieces would not do: each costs some hundred bytes, and a hostile server may send a body in pieces of one.
 */

const NOTHING = Buffer.alloc(0);
const FIRST_BYTES = 4096;

export class KeptBody {
  #bytes: Buffer = NOTHING;
  /** Own memory, used again for each body of several pieces. */
  #store: Buffer = NOTHING;
  #length = 0;

  clear(): void {
    this.#bytes = NOTHING;
    this.#length = 0;
  }

  /** Adds a piece, as far as the body stays within `limit` bytes. */
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

  /** What was kept; good until `clear` or `add`. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  #grow(length: number, limit: number): void {
    const store = Buffer.allocUnsafeSlow(Math.min(limit, Math.max(FIRST_BYTES, 2 * length)));
    this.#bytes.copy(store);
    this.#store = store;
  }
}
