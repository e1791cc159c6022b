/**
 * Numbers bodies by their exact bytes: 0, 1, 2, … It copies the bytes, and compares all of them before it says that it knows a
 * body. A look-up makes no object, however many bodies there are.
 */
import type { BodyBytes } from '../body-bytes.js';
import { hashBytes } from './hash-bytes.js';

/** Bodies in a table. */
const MAX_ENTRIES = 1024;
/** At most a quarter is in use, so that a body is nearly always found at the first or second slot. */
const SLOTS = 4 * MAX_ENTRIES;
/**
 * Slots that are looked at. By chance no body needs so many; a server can choose bodies that have the same hash, and then looking
 * at all of them would cost more than to read each.
 */
const MAX_TRIES = 16;
/** Memory for bytes when the first body is added. */
const FIRST_BYTES = 1024;

/** Fewer bytes are compared one by one: a call into Node.js costs more. */
const FEW_BYTES = 128;

/** A hash of `length` bytes from `at` on, as an integer of 32 bits. */
export type Hash = (bytes: Uint8Array, at: number, length: number) => number;

export class BodyTable {
  readonly #hash: Hash;
  /** By hash, and then the next free one: the number of a body plus 1; 0 if free. */
  readonly #slots = new Uint16Array(SLOTS);
  readonly #hashes = new Int32Array(MAX_ENTRIES);
  /** Where the bytes of a body end; they begin where those of the one before end. */
  readonly #ends = new Uint32Array(MAX_ENTRIES);
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #size = 0;

  /** @param hash for tests */
  constructor(hash: Hash = hashBytes) {
    this.#hash = hash;
  }

  /** Bodies in it. */
  get size(): number {
    return this.#size;
  }

  /** The number of a body; -1 if it is not there. */
  find(body: BodyBytes): number {
    const { source, at, length } = body;
    const hash = this.#hash(source, at, length) | 0;
    for (let tries = 0, slot = hash & (SLOTS - 1); tries < MAX_TRIES; tries += 1) {
      const number = this.#slots[slot]! - 1;
      if (number === -1) return -1;
      if (this.#hashes[number] === hash && this.#isAt(number, source, at, length)) return number;
      slot = (slot + 1) & (SLOTS - 1);
    }
    return -1;
  }

  /** Adds a body that is not there; its number is what `size` was. Returns false if there is no room for it. */
  add(body: BodyBytes): boolean {
    const { source, at, length } = body;
    const hash = this.#hash(source, at, length) | 0;
    const slot = this.#freeSlot(hash);
    if (slot === -1 || this.#size === MAX_ENTRIES) return false;
    const start = this.#start(this.#size);
    const end = start + length;
    if (end > this.#bytes.length) this.#grow(start, end);
    source.copy(this.#bytes, start, at, at + length);
    this.#ends[this.#size] = end;
    this.#hashes[this.#size] = hash;
    this.#size += 1;
    this.#slots[slot] = this.#size;
    return true;
  }

  /** Forgets all bodies. */
  clear(): void {
    this.#slots.fill(0);
    this.#size = 0;
  }

  #freeSlot(hash: number): number {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const slot = (hash + tries) & (SLOTS - 1);
      if (this.#slots[slot] === 0) return slot;
    }
    return -1;
  }

  #start(number: number): number {
    return number === 0 ? 0 : this.#ends[number - 1]!;
  }

  #isAt(number: number, source: Buffer, at: number, length: number): boolean {
    const start = this.#start(number);
    if (this.#ends[number]! - start !== length) return false;
    const bytes = this.#bytes;
    if (length > FEW_BYTES) return source.compare(bytes, start, start + length, at, at + length) === 0;
    for (let i = 0; i < length; i += 1) if (bytes[start + i] !== source[at + i]) return false;
    return true;
  }

  #grow(used: number, needed: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(2 * this.#bytes.length, needed));
    this.#bytes.copy(grown, 0, 0, used);
    this.#bytes = grown;
  }
}
