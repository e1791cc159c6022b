/** Writes samples in the background, in complete pieces, and with a bound on what waits in memory. */

import { timerMs } from '../../blocks/clock.js';
import type { RunEnd, RunHeader, SampleSink } from '../../blocks/run-record.js';
import type { SampleBlock } from '../../blocks/sample-block.js';
import { systemReason } from '../../errors.js';
import { inSeconds } from '../../text/durations.js';
import { type OutputTarget, ReplacedError } from './output-target.js';

/** Encodes a run. Each call returns one piece: a file with all pieces up to any of them can be read. */
export interface SampleEncoder {
  begin(header: RunHeader): Uint8Array;
  rows(block: SampleBlock): Uint8Array;
  end(end: RunEnd): Uint8Array;
}

/** When more bytes than this wait to be written, the run is slowed down. */
const MAX_WAITING = 8 << 20;

/** However short the time-out of requests is, a target that takes nothing is given up no earlier than after this. */
const MIN_PATIENCE_MS = 1_000;

interface Piece {
  readonly bytes: Uint8Array;
  readonly rows: number;
}

/**
 * A sink that writes to a target. An error ends the writing, not the run: the pieces that were written completely are
 * kept, and `complaint` says what happened. A target that takes nothing for as long as a request may take is given up, if
 * the run waits for it: because much waits to be written, or because the run has ended.
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
  /** Resolved when writing has failed, also if the last write never returns. */
  readonly #failed = room();
  #hangs = false;
  #ending = false;
  #patienceMs = MIN_PATIENCE_MS;
  /** Set while the run waits for the target. */
  #patience: NodeJS.Timeout | null = null;

  constructor(
    readonly target: OutputTarget,
    readonly encoder: SampleEncoder,
  ) {}

  begin(header: RunHeader): void {
    this.#patienceMs = Math.max(MIN_PATIENCE_MS, header.plan.load.timeoutMs);
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
    if (this.#full === null) {
      this.#full = room();
      this.#expectWrite();
    }
    return this.#full.promise;
  }

  async end(end: RunEnd, deadline?: AbortSignal): Promise<void> {
    this.#ending = true;
    if (this.#failure === null) this.#push(this.encoder.end(end), 0);
    this.#expectWrite();
    const late = () => this.#giveUp('took no more before the run was stopped');
    if (deadline?.aborted === true) late();
    else deadline?.addEventListener('abort', late, { once: true });
    await Promise.race([this.#writing, this.#failed.promise]);
    deadline?.removeEventListener('abort', late);
    this.#ending = false;
    this.#expectWrite();
    const closed = this.target.close(this.#wholeBytes).catch((error: unknown) => this.#fail(error));
    if (!this.#hangs) await closed;
  }

  /** The error, as the end of a sentence that begins with the file's name; null when there was none. */
  get complaint(): string | null {
    return this.#failure;
  }

  /** The target was given up while it took nothing: what was not written may still be under way. */
  get hangs(): boolean {
    return this.#hangs;
  }

  /** While the run waits for the target, each write must end in time. */
  #expectWrite(): void {
    if (this.#patience !== null) clearTimeout(this.#patience);
    this.#patience = null;
    if (this.#failure !== null || !(this.#ending || this.#full !== null)) return;
    const why = `took nothing for ${inSeconds(this.#patienceMs)}`;
    this.#patience = setTimeout(() => this.#giveUp(why), timerMs(this.#patienceMs));
  }

  #giveUp(why: string): void {
    if (this.#failure !== null || this.#writing === null) return;
    this.#hangs = true;
    this.#fail(new StalledError(why));
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
        // It may have been given up in the meantime.
        if (this.#failure !== null) return;
        this.#pieces.shift();
        this.#waiting -= piece.bytes.length;
        this.#wholeBytes += piece.bytes.length;
        this.#rows += piece.rows;
        this.#expectWrite();
        if (this.#waiting <= MAX_WAITING / 2) this.#makeRoom();
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= this.#whatHappened(error);
    this.#pieces.length = 0;
    this.#waiting = 0;
    this.#makeRoom();
    this.#expectWrite();
    this.#failed.resolve();
  }

  #whatHappened(error: unknown): string {
    if (error instanceof ReplacedError) {
      return 'was replaced or removed while it was written (by another run of the same name?): these samples are lost';
    }
    if (error instanceof StalledError) {
      return `${error.message}, and was given up after ${this.#rows} requests`;
    }
    return `could not be written (${systemReason(error)}) after ${this.#rows} requests`;
  }

  #makeRoom(): void {
    this.#full?.resolve();
    this.#full = null;
  }
}

/** The target takes nothing. */
class StalledError extends Error {}

function room(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((fulfilled) => {
    resolve = fulfilled;
  });
  return { promise, resolve };
}
