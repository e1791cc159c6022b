/**
 * Reads flatbuffers, the format of an Arrow message's head. Every offset and length is compared with the number of
 * bytes. The reader of apache-arrow does not do that: one flipped bit in the length of a list cost it 16 s and 470 MB
 * (version 21.2.0, a file of 8 kB). Format: flatbuffers.dev, "FlatBuffer Internals".
 */
import { MalformedError } from './errors.js';

/** A list inside a flatbuffer; all its elements lie within the flatbuffer. `at` is 0 when it is absent. */
export interface FlatList {
  /** Offset of the first element. */
  readonly at: number;
  readonly length: number;
}

const NO_LIST: FlatList = { at: 0, length: 0 };
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * A table. Fields have numbers, and a default for when they are absent. All members throw MalformedError or, for an
 * offset outside of the bytes, the RangeError of DataView.
 */
export class FlatTable {
  private constructor(
    readonly view: DataView,
    readonly at: number,
  ) {}

  /** The root table of a flatbuffer. */
  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new FlatTable(view, view.getUint32(0, true));
  }

  uint8(field: number, absent = 0): number {
    const at = this.#place(field);
    return at === 0 ? absent : this.view.getUint8(at);
  }

  int16(field: number, absent = 0): number {
    const at = this.#place(field);
    return at === 0 ? absent : this.view.getInt16(at, true);
  }

  int32(field: number, absent = 0): number {
    const at = this.#place(field);
    return at === 0 ? absent : this.view.getInt32(at, true);
  }

  /** A 64-bit count; 0 when absent. Must be a safe integer. */
  count(field: number): number {
    const at = this.#place(field);
    return at === 0 ? 0 : countAt(this.view, at);
  }

  table(field: number): FlatTable | null {
    const at = this.#place(field);
    return at === 0 ? null : this.#follow(at);
  }

  /**
   * @param maxBytes a longer text is refused: any number of fields may point at the same text, so that a small file
   *   could have it decoded without end
   */
  text(field: number, maxBytes: number): string | null {
    const { at, length } = this.list(field, 1);
    if (at === 0) return null;
    if (length > maxBytes)
      throw new MalformedError(`a text of ${length} bytes, where at most ${maxBytes} are read`);
    const { view } = this;
    try {
      return decoder.decode(new Uint8Array(view.buffer, view.byteOffset + at, length));
    } catch {
      throw new MalformedError('a text is not UTF-8');
    }
  }

  /** @param width bytes per element */
  list(field: number, width: number): FlatList {
    const at = this.#place(field);
    if (at === 0) return NO_LIST;
    const start = at + this.view.getUint32(at, true);
    const length = this.view.getUint32(start, true);
    if (start + 4 + length * width > this.view.byteLength) {
      throw new MalformedError('a list or text reaches beyond its message');
    }
    return { at: start + 4, length };
  }

  /** The tables of a list. */
  *tables(field: number): Generator<FlatTable> {
    const { at, length } = this.list(field, 4);
    for (let i = 0; i < length; i++) yield this.#follow(at + 4 * i);
  }

  #follow(at: number): FlatTable {
    return new FlatTable(this.view, at + this.view.getUint32(at, true));
  }

  /** Offset of a field's value; 0 when it is absent. */
  #place(field: number): number {
    const { view, at } = this;
    const places = at - view.getInt32(at, true);
    const slot = 4 + 2 * field;
    if (slot + 2 > view.getUint16(places, true)) return 0;
    const offset = view.getUint16(places + slot, true);
    return offset === 0 ? 0 : at + offset;
  }
}

/** @throws MalformedError for a 64-bit number that is negative or not a safe integer */
export function countAt(view: DataView, at: number): number {
  const value = Number(view.getBigInt64(at, true));
  if (value < 0 || !Number.isSafeInteger(value)) throw new MalformedError(`${value} is not a count`);
  return value;
}
