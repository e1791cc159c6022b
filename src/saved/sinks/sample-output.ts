/** Writes samples in the background, in complete pieces, and with a bound on what waits in memory. */

import type { RunEnd, RunHeader, SampleSink } from '../../blocks/run-record.js';
import type { SampleBlock } from '../../blocks/sample-block.js';
import { type OutputTarget, ReplacedError } from './output-target.js';

/** Encodes a run. Each call returns one piece: a file with all pieces up to any of them can be read. */
export interface SampleEncoder {
  begin(header: RunHeader): Uint8Array;
  rows(block: SampleBlock): Uint8Array;
  end(end: RunEnd): Uint8Array;
}

/** When more bytes than this wait to be written, the run is slowed down. */
const MAX_WAITING = 8 << 20;

interface Piece {
  readonly bytes: Uint8Array;
  readonly rows: number;
}

/**
 * A sink that writes to a target. An error ends the writing, not the run: the pieces that were written completely are
 * kept, and `complaint` says what happened.
 */
export class SampleOutput implements SampleSink {
  readonly #pieces: Piece[] = [];
  #waiting = 0;
  #rows = 0;
  #wholeBytes = 0;
  #failure: string | null = null;
  /** Writes the waiting pieces; null when there are none. */
  #writing: Promise<void> | null = null;
  /** Resolved when there is room again; null while there is. */
  #full: ReturnType<typeof room> | null = null;

  constructor(
    readonly target: OutputTarget,
    readonly encoder: SampleEncoder,
  ) {}

  begin(header: RunHeader): void {
    try {
      this.target.create();
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#push(this.encoder.begin(header), 0);
  }

  add(block: SampleBlock): Promise<void> | null {
    if (this.#failure !== null || block.length === 0) return null;
    this.#push(this.encoder.rows(block), block.length);
    if (this.#waiting <= MAX_WAITING) return null;
    this.#full ??= room();
    return this.#full.promise;
  }

  async end(end: RunEnd): Promise<void> {
    if (this.#failure === null) this.#push(this.encoder.end(end), 0);
    await this.#writing;
    try {
      await this.target.close(this.#wholeBytes);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The error, as the end of a sentence that begins with the file's name; null when there was none. */
  get complaint(): string | null {
    return this.#failure;
  }

  #push(bytes: Uint8Array, rows: number): void {
    this.#pieces.push({ bytes, rows });
    this.#waiting += bytes.length;
    this.#writing ??= this.#write().finally(() => {
      this.#writing = null;
    });
  }

  async #write(): Promise<void> {
    try {
      for (let piece = this.#pieces[0]; piece !== undefined; piece = this.#pieces[0]) {
        await this.target.write(piece.bytes);
        this.#pieces.shift();
        this.#waiting -= piece.bytes.length;
        this.#wholeBytes += piece.bytes.length;
        this.#rows += piece.rows;
        if (this.#waiting <= MAX_WAITING / 2) this.#makeRoom();
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    const code = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    this.#failure ??=
      error instanceof ReplacedError
        ? 'was replaced or removed while it was written (by another run of the same name?): these samples are lost'
        : `could not be written (${code}) after ${this.#rows} requests`;
    this.#pieces.length = 0;
    this.#waiting = 0;
    this.#makeRoom();
  }

  #makeRoom(): void {
    this.#full?.resolve();
    this.#full = null;
  }
}

function room(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((fulfilled) => {
    resolve = fulfilled;
  });
  return { promise, resolve };
}
