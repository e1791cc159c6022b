/**
 * The bytes of a body where they lie, often in memory that much else is read into. To look at them makes no object: a Buffer
 * of them would cost about 100 bytes for each response.
 */

/** The `length` bytes of `source` from `at` on. */
export interface BodyBytes {
  readonly source: Buffer;
  readonly at: number;
  readonly length: number;
  /** The bytes as a Buffer of their own, made when it is asked for. */
  readonly bytes: Buffer;
}

/** A whole Buffer as a body. */
export function wholeBody(bytes: Buffer): BodyBytes {
  return { source: bytes, at: 0, length: bytes.length, bytes };
}
