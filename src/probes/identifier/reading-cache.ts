/** The labels of a response; null for one that it does not have. Objects are shared: do not change them. */
export interface Reading {
  readonly version: string | null;
  readonly endpoint: string | null;
}

/** Bodies with more bytes are read each time. */
const MAX_BODY_BYTES = 1024;
/** Bodies that are remembered. */
const MAX_ENTRIES = 1024;

/**
 * Remembers the labels that were read in a body. Most backends answer with the same few bodies, which then cost one
 * look-up. Others echo request ids, so that no two bodies are equal: if the cache fills up with few hits, it is
 * disabled. It holds at most 1,024 bodies of 1 KiB.
 */
export class ReadingCache {
  #readings: Map<string, Reading> | null = new Map();
  #hits = 0;

  /** The labels of a body. `read` is called if they are not remembered. */
  get(body: Buffer, read: () => Reading): Reading {
    if (this.#readings === null || body.length > MAX_BODY_BYTES) return read();
    const key = body.toString('latin1');
    const known = this.#readings.get(key);
    if (known !== undefined) {
      this.#hits++;
      return known;
    }
    const reading = read();
    if (this.#readings.size === MAX_ENTRIES) {
      // Fewer hits than entries: most bodies occurred only once.
      this.#readings = this.#hits < MAX_ENTRIES ? null : new Map();
      this.#hits = 0;
    }
    this.#readings?.set(key, reading);
    return reading;
  }
}
