/** What a response says about who answered. Objects are shared between responses: do not change them. */
export interface Reading {
  readonly version: string | null;
  readonly endpoint: string | null;
}

/** Longer bodies are read each time. */
const MAX_BODY_BYTES = 1024;
const MAX_ENTRIES = 1024;

/**
 * Readings by body. Most backends answer the same few bodies, and one look-up is all they cost. Some echo
 * request ids, so that no two bodies are equal: a cache that fills without being of use is given up.
 * It holds at most 1024 bodies of 1 KiB.
 */
export class ReadingCache {
  #readings: Map<string, Reading> | null = new Map();
  #hits = 0;

  /** The reading of a body; `read` is called when it is not known yet. */
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
      // Fewer hits than entries: most were never asked for again.
      this.#readings = this.#hits < MAX_ENTRIES ? null : new Map();
      this.#hits = 0;
    }
    this.#readings?.set(key, reading);
    return reading;
  }
}
