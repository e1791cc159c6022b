/** Samples on their way to a file: in the background, in whole pieces, and never more than some in memory. */

import type { RunEnd, RunHeader, SampleSink } from '../../blocks/run-record.js';
import type { SampleBlock } from '../../blocks/sample-block.js';
import { type OutputTarget, ReplacedError } from './output-target.js';

/** Turns a run into bytes. Each call gives a piece that can be written or left out as a whole. */
export interface SampleEncoder {
  begin(header: RunHeader): Uint8Array;
  rows(block: SampleBlock): Uint8Array;
  end(end: RunEnd): Uint8Array;
}

/** Bytes waiting to be written from which the run is slowed down. */
const MAX_WAITING = 8 << 20;

interface Piece {
  readonly bytes: Uint8Array;
  readonly rows: number;
}

/**
 * Whatever goes wrong ends the writing and not the run: what was written whole is kept, and `complaint` says
 * what happened.
 */
export class SampleOutput implements SampleSink {
  readonly #pieces: Piece[] = [];
  #waiting = 0;
  #rows = 0;
  #wholeBytes = 0;
  #failure: string | null = null;
  /** What writes until nothing is left. */
  #writing: Promise<void> | null = null;
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

  /** What went wrong, as the end of a sentence that begins with the file's name; null when nothing did. */
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
