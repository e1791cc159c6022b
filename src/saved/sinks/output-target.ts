/** Where a sink writes to: a file, a pipe, or standard output. */
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
/** Attempts to create a file while other runs create files of the same name. */
const MAX_TRIES = 100;

/** A place to write bytes to. */
export interface OutputTarget {
  /** Called before the first byte. Throws when it cannot be written to. */
  create(): void;
  /** Writes all bytes, or throws. */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * Called after the last byte.
   *
   * @param wholeBytes length of all complete pieces; bytes of an incomplete piece after them are removed
   * @throws ReplacedError when what was written is lost
   */
  close(wholeBytes: number): Promise<void>;
}

/** The file was replaced or removed while it was written, e.g. by another run with the same file name. */
export class ReplacedError extends Error {}

/**
 * A file. An existing file is not overwritten but replaced by a new one. So two runs with the same file name write two
 * files, never a mix of both. The run whose file was replaced finds out when it closes it.
 */
export class FileTarget implements OutputTarget {
  #fd: number | null = null;
  /** The path with symbolic links resolved. */
  #path: string;
  /** False for a pipe, a device, or a path such as /dev/fd/3: these are written to, but never replaced or truncated. */
  #isRegularFile = true;

  constructor(readonly file: string) {
    this.#path = file;
  }

  /** Checks that the file can be written, without changing anything. Throws the error of the file system if not. */
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
    this.#isRegularFile = found === undefined || (found.isFile() && !isDevicePath(this.file));
    // Opening a pipe waits for its reader, so it is opened by the first write.
    if (!this.#isRegularFile) return;
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
        // Another run created the file in between: it is replaced too.
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
      if (!this.#isRegularFile) return;
      const { ino, dev, size } = await statOpen(fd);
      if (size > wholeBytes) await truncateFile(fd, wholeBytes);
      const named = await statFile(this.#path).catch(() => null);
      if (named === null || named.ino !== ino || named.dev !== dev) throw new ReplacedError();
    } finally {
      await closeFile(fd);
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

function isDevicePath(file: string): boolean {
  return /^\/(dev|proc)\//.test(resolve(file));
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
