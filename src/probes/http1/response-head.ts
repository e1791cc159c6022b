/**
 * The header fields of a response, as places in memory: a response that comes in one piece is read where the parser has it.
 * Buffers of its fields are made only when somebody asks for them. What must outlast the next read is copied, by `keep`.
 */
import { MAX_HEADER_BYTES } from '../lane/lane.js';
import { isNameAt } from '../response/raw-headers.js';

/** Header lines of a response, or trailers; more fail as `too-large`. Envoy allows 100, Node's own client 2,000. */
export const MAX_HEADERS = 1000;

/** Numbers of a field: where its name is, the length of that, where its value is, the length of that. */
const NUMBERS = 4;
const FIRST_FIELDS = 32;
const FIRST_COPY_BYTES = 1024;

const NOTHING: Buffer = Buffer.alloc(0);
const NO_HEADERS: readonly Buffer[] = [];

/** What was begun last. */
const NAME = 1;
const VALUE = 2;

export class ResponseHead {
  readonly #memory: Buffer;
  #places = new Int32Array(NUMBERS * FIRST_FIELDS);
  #fields = 0;
  /** Fields of a complete head. */
  #kept = 0;
  #bytes = 0;
  #last = 0;
  /** The final head is complete: what follows are trailers, which are counted and not kept. */
  #complete = false;
  /** Places are in the copy, and not in the parser's memory. */
  #copied = false;
  #copy: Buffer = NOTHING;
  #copyLength = 0;
  #buffers: readonly Buffer[] | null = null;

  constructor(memory: Buffer) {
    this.#memory = memory;
  }

  /** Forgets the fields. */
  clear(): void {
    this.#fields = 0;
    this.#bytes = 0;
    this.#last = 0;
    this.#complete = false;
    this.#copied = false;
    this.#copyLength = 0;
    this.#buffers = null;
  }

  /** Takes a name, or more of it. @returns false if the head is too large */
  name(at: number, length: number): boolean {
    if (this.#last !== NAME) {
      if (this.#fields === MAX_HEADERS) return false;
      this.#last = NAME;
      const index = NUMBERS * this.#fields;
      this.#fields += 1;
      if (!this.#complete) {
        if (index === this.#places.length) this.#growPlaces();
        for (let i = index; i < index + NUMBERS; i += 1) this.#places[i] = 0;
      }
    }
    return this.#take(NUMBERS * (this.#fields - 1), at, length);
  }

  /** Takes a value, or more of it. @returns false if the head is too large */
  value(at: number, length: number): boolean {
    this.#last = VALUE;
    return this.#take(NUMBERS * (this.#fields - 1) + 2, at, length);
  }

  /** The head is complete. */
  end(): void {
    this.#complete = true;
    this.#kept = this.#fields;
    this.#fields = 0;
    this.#bytes = 0;
    this.#last = 0;
  }

  /** The fields, flat: name, value, name, value, …; empty before the head is complete. */
  get buffers(): readonly Buffer[] {
    if (!this.#complete) return NO_HEADERS;
    this.#buffers ??= this.#makeBuffers();
    return this.#buffers;
  }

  /**
   * Value of the first field with this name, as `headerValue` of `buffers` has it, but read where it is.
   *
   * @param lowerCaseName the name in lower case
   */
  find(lowerCaseName: string): string | null {
    if (!this.#complete) return null;
    const source = this.#copied ? this.#copy : this.#memory;
    const places = this.#places;
    const numbers = NUMBERS * this.#kept;
    for (let i = 0; i < numbers; i += NUMBERS) {
      if (places[i + 1] !== lowerCaseName.length || !isNameAt(source, places[i]!, lowerCaseName)) continue;
      const at = places[i + 2]!;
      return source.toString('latin1', at, at + places[i + 3]!).trim();
    }
    return null;
  }

  /** Copies what is still in the parser's memory, because that will be read into. */
  keep(): void {
    if (this.#copied) return;
    this.#copied = true;
    this.#buffers = null;
    const places = this.#places;
    const numbers = NUMBERS * (this.#complete ? this.#kept : this.#fields);
    if (numbers === 0) return;
    const from = places[0]!;
    let end = from;
    for (let i = 0; i < numbers; i += 2) {
      if (places[i + 1] !== 0) end = places[i]! + places[i + 1]!;
    }
    this.#reserve(end - from);
    this.#memory.copy(this.#copy, 0, from, end);
    this.#copyLength = end - from;
    for (let i = 0; i < numbers; i += 2) places[i] = places[i]! - from;
  }

  /** @returns what forgets all that is taken from now on. Call it behind `keep`. */
  save(): () => void {
    const [fields, bytes, last, copyLength] = [this.#fields, this.#bytes, this.#last, this.#copyLength];
    const index = NUMBERS * Math.max(0, fields - 1);
    const places = this.#places.slice(index, index + NUMBERS);
    return () => {
      [this.#fields, this.#bytes, this.#last, this.#copyLength] = [fields, bytes, last, copyLength];
      this.#places.set(places, index);
    };
  }

  #take(index: number, at: number, length: number): boolean {
    this.#bytes += length;
    if (this.#bytes >= MAX_HEADER_BYTES) return false;
    if (this.#complete) return true;
    const places = this.#places;
    if (!this.#copied) {
      if (places[index + 1] === 0) places[index] = at;
      else if (places[index]! + places[index + 1]! !== at) this.keep();
    }
    if (!this.#copied) {
      places[index + 1]! += length;
      return true;
    }
    if (places[index + 1] === 0) places[index] = this.#copyLength;
    this.#reserve(this.#copyLength + length);
    this.#memory.copy(this.#copy, this.#copyLength, at, at + length);
    this.#copyLength += length;
    places[index + 1]! += length;
    return true;
  }

  #makeBuffers(): readonly Buffer[] {
    const source = this.#copied ? this.#copy : this.#memory;
    const numbers = NUMBERS * this.#kept;
    const buffers: Buffer[] = [];
    for (let i = 0; i < numbers; i += 2) {
      const at = this.#places[i]!;
      buffers.push(source.subarray(at, at + this.#places[i + 1]!));
    }
    return buffers;
  }

  #growPlaces(): void {
    const larger = new Int32Array(2 * this.#places.length);
    larger.set(this.#places);
    this.#places = larger;
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#copy.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(FIRST_COPY_BYTES, 2 * bytes));
    this.#copy.copy(larger, 0, 0, this.#copyLength);
    this.#copy = larger;
  }
}
