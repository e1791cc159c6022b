/** Where samples are written: a file of the run's own, a pipe, standard output. */
import {
  accessSync,
  close,
  constants,
  fstat,
  ftruncate,
  open,
  openSync,
  realpathSync,
  stat,
  statSync,
  unlinkSync,
  write,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';

const openFile = promisify(open);
const writeFile = promisify(write);
const closeFile = promisify(close);
const statFile = promisify(stat);
const statOpen = promisify(fstat);
const truncateFile = promisify(ftruncate);
/** How often another run may be quicker at making a file of the same name. */
const MAX_TRIES = 100;

export interface OutputTarget {
  /** Before the first byte. */
  create(): void;
  /** Writes all of it, or throws. */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * Ends it.
   *
   * @param wholeBytes as far as whole pieces go: what lies beyond is taken away again
   * @throws Error when what was written is lost
   */
  close(wholeBytes: number): Promise<void>;
}

/** Another run took the file's name. */
export class ReplacedError extends Error {}

/**
 * A file. One that is there already is not written over but replaced by a new one, so that two runs that were
 * given the same name write two files and never a mixed one; the run that loses the name notices at its end.
 */
export class FileTarget implements OutputTarget {
  #fd: number | null = null;
  /** As it is on the disk, symbolic links followed. */
  #path: string;
  /** A pipe, a device or /dev/fd/3 is the reader's own: it is written to and otherwise left alone. */
  #ours = true;

  constructor(readonly file: string) {
    this.#path = file;
  }

  /** Whether it could be written, without changing anything. Throws what stands against it. */
  try(): void {
    const found = statSync(this.file, { throwIfNoEntry: false });
    if (found === undefined) {
      accessSync(dirname(this.file), constants.W_OK | constants.X_OK);
      return;
    }
    if (found.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    accessSync(this.file, constants.W_OK);
    if (found.isFile() && !isDevicePath(this.file))
      accessSync(dirname(realpathSync(this.file)), constants.W_OK);
  }

  create(): void {
    const found = statSync(this.file, { throwIfNoEntry: false });
    this.#ours = found === undefined || (found.isFile() && !isDevicePath(this.file));
    // Opening a pipe waits for its reader: not here.
    if (!this.#ours) return;
    if (found !== undefined) this.#path = realpathSync(this.file);
    for (let left = MAX_TRIES; this.#fd === null; left -= 1) {
      try {
        unlinkSync(this.#path);
      } catch (error) {
        if (codeOf(error) !== 'ENOENT') throw error;
      }
      try {
        this.#fd = openSync(this.#path, 'wx');
      } catch (error) {
        // Another run was quicker by a moment: its file goes.
        if (codeOf(error) !== 'EEXIST' || left === 0) throw error;
      }
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#fd ??= await openFile(this.#path, 'a');
    for (let from = 0; from < bytes.length; ) {
      const { bytesWritten } = await writeFile(this.#fd, bytes, from, bytes.length - from, null);
      if (bytesWritten === 0) throw Object.assign(new Error('nothing was written'), { code: 'EIO' });
      from += bytesWritten;
    }
  }

  async close(wholeBytes: number): Promise<void> {
    const fd = this.#fd;
    if (fd === null) return;
    this.#fd = null;
    try {
      if (!this.#ours) return;
      const { ino, dev, size } = await statOpen(fd);
      if (size > wholeBytes) await truncateFile(fd, wholeBytes);
      const named = await statFile(this.#path).catch(() => null);
      if (named === null || named.ino !== ino || named.dev !== dev) throw new ReplacedError();
    } finally {
      await closeFile(fd);
    }
  }
}

/** Standard output: what becomes of it when it cannot be written is standard-streams.ts's to say. */
export class StdoutTarget implements OutputTarget {
  create(): void {}

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  }

  async close(): Promise<void> {}
}

function isDevicePath(file: string): boolean {
  return /^\/(dev|proc)\//.test(resolve(file));
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
