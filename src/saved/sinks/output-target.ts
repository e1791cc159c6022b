/** Where a sink writes to: a file, a pipe, or standard output. */
import type { FileHandle } from 'node:fs/promises';
import { stat } from 'node:fs/promises';
import { openDirect, replaceFile, writeAll } from '../../io/output-file.js';
import { type OutputPlace, outputPlace } from '../../io/output-place.js';

/** A place to write bytes to. */
export interface OutputTarget {
  /** Called before the first byte. Throws when it cannot be written to. */
  create(): void;
  /** Writes all bytes, or throws. */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * Called after the last byte, and to end a write that waits for the reader of a pipe.
   *
   * @param wholeBytes length of all complete pieces; bytes of an incomplete piece after them are removed
   * @throws ReplacedError when what was written is lost
   */
  close(wholeBytes: number): Promise<void>;
}

/** The file was replaced or removed while it was written, e.g. by another run with the same file name. */
export class ReplacedError extends Error {}

/**
 * A file. The first bytes are written to a new file, which then replaces the older one, so that a full disk does not cost
 * the older one. All others are added under the final name, where they are found after a crash. Two runs with the same
 * file name write two files, never a mix of both; the run whose file was replaced finds out when it closes it.
 */
export class FileTarget implements OutputTarget {
  #place: OutputPlace | null = null;
  #handle: FileHandle | null = null;
  #isClosed = false;

  /** @param newMode mode of a file that does not exist yet, before the umask */
  constructor(
    readonly file: string,
    readonly newMode: number,
  ) {}

  create(): void {
    this.#place = outputPlace(this.file);
  }

  async write(bytes: Uint8Array): Promise<void> {
    // The run waits for a slow reader, until it ends.
    const maxWaitMs = () => (this.#isClosed ? 0 : Number.POSITIVE_INFINITY);
    if (this.#handle === null) {
      const place = this.#place ?? outputPlace(this.file);
      this.#place = place;
      if (!place.direct) {
        this.#handle = await replaceFile(place, bytes, this.newMode);
        return;
      }
      this.#handle = await openDirect(place, maxWaitMs);
    }
    await writeAll(this.#handle, bytes, maxWaitMs);
  }

  async close(wholeBytes: number): Promise<void> {
    this.#isClosed = true;
    const [handle, place] = [this.#handle, this.#place];
    if (handle === null || place === null) return;
    this.#handle = null;
    try {
      if (place.direct) return;
      const { ino, dev, size } = await handle.stat();
      if (size > wholeBytes) await handle.truncate(wholeBytes);
      const named = await stat(place.path).catch(() => null);
      if (named === null || named.ino !== ino || named.dev !== dev) throw new ReplacedError();
    } finally {
      await handle.close();
    }
  }
}

/** Standard output. cli/standard-streams.ts handles its errors. */
export class StdoutTarget implements OutputTarget {
  create(): void {}

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  }

  async close(): Promise<void> {}
}
