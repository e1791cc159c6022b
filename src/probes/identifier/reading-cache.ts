import type { BodyBytes } from '../body-bytes.js';
import { BodyTable, type Hash } from './body-table.js';

/** The labels of a response; null for one that it does not have. Objects are shared: do not change them. */
export interface Reading {
  readonly version: string | null;
  readonly endpoint: string | null;
}

/** Bodies with more bytes are read each time. */
const MAX_BODY_BYTES = 1024;

/**
 * Remembers the labels that were read in a body. Most backends answer with the same few bodies, which then cost one
 * look-up and no memory. Others echo request ids, so that no two bodies are equal: if the cache fills up with few hits, it is
 * given up. It holds at most 1,024 bodies of 1 KiB.
 */
export class ReadingCache {
  readonly #read: (body: BodyBytes) => Reading;
  readonly #hash: Hash | undefined;
  /** Null until the first body, since most caches never get one, and when given up. */
  #table: BodyTable | null = null;
  #givenUp = false;
  /** By the table's numbers. */
  #readings: Reading[] = [];
  #hits = 0;

  /**
   * @param read reads the labels of a body that is not remembered; it must depend on the bytes only
   * @param hash for tests
   */
  constructor(read: (body: BodyBytes) => Reading, hash?: Hash) {
    this.#read = read;
    this.#hash = hash;
  }

  /** The labels of a body. */
  get(body: BodyBytes): Reading {
    if (this.#givenUp || body.length > MAX_BODY_BYTES) return this.#read(body);
    this.#table ??= new BodyTable(this.#hash);
    const known = this.#table.find(body);
    if (known !== -1) {
      this.#hits += 1;
      return this.#readings[known]!;
    }
    const reading = this.#read(body);
    if (!this.#table.add(body)) this.#beginAnew(this.#table, body);
    if (!this.#givenUp) this.#readings.push(reading);
    return reading;
  }

  /** The table is full: forgets all but `body`, or gives up. */
  #beginAnew(table: BodyTable, body: BodyBytes): void {
    // Fewer hits than entries: most bodies occurred only once.
    this.#givenUp = this.#hits < table.size;
    this.#readings = [];
    this.#hits = 0;
    table.clear();
    if (this.#givenUp) this.#table = null;
    else table.add(body);
  }
}
