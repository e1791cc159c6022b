/** Writes to files so that an older one is lost only when a new one is complete, and to pipes and devices. */
import { constants, rmSync } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import {
  errorCode,
  mustWriteInPlace,
  OutputError,
  type OutputPlace,
  outputPlace,
  temporaryName,
} from './output-place.js';

/** A report for a pipe is given up when its reader is missing, or takes nothing, for so long. */
const MAX_READER_WAIT_MS = 10_000;
/** A pipe is tried again after this time. */
const AGAIN_MS = 5;
const DIRECT = constants.O_WRONLY | constants.O_APPEND | constants.O_NONBLOCK;

/**
 * Writes a whole file, as {@link replaceFile} does, or to a pipe or device.
 *
 * @throws OutputError, or an error of the file system
 */
export async function writeWholeFile(file: string, text: string): Promise<void> {
  const place = outputPlace(file);
  const bytes = Buffer.from(text);
  if (!place.direct) {
    await (await replaceFile(place, bytes, 0o666)).close();
    return;
  }
  const handle = await openDirect(place, () => MAX_READER_WAIT_MS);
  try {
    await writeAll(handle, bytes, () => MAX_READER_WAIT_MS);
  } finally {
    await handle.close();
  }
}

/**
 * Makes a file that begins with the bytes, and puts it in the place of the older file when they are written: at no time
 * is there neither of them. The older file's mode and, where this user may, its owner are kept. Where files cannot be
 * replaced, the older file is overwritten.
 *
 * @param newMode mode of a file that did not exist, before the umask
 * @returns the open file, for more bytes
 */
export async function replaceFile(
  place: OutputPlace,
  bytes: Uint8Array,
  newMode: number,
): Promise<FileHandle> {
  try {
    return await renamedOver(place, bytes, newMode);
  } catch (error) {
    if (place.found === null || !mustWriteInPlace(error)) throw error;
    return await overwritten(place, bytes);
  }
}

async function renamedOver(
  { path, found }: OutputPlace,
  bytes: Uint8Array,
  newMode: number,
): Promise<FileHandle> {
  const temporary = temporaryName(path);
  const handle = await open(temporary, 'wx', found === null ? newMode : 0o600);
  try {
    await writeAll(handle, bytes);
    if (found !== null) {
      // Only root may give files away.
      await handle.chown(found.uid, found.gid).catch(() => {});
      await handle.chmod(found.mode & 0o7777);
    }
    // Network file systems report a full disk only here.
    await handle.sync();
    await rename(temporary, path);
    return handle;
  } catch (error) {
    rmSync(temporary, { force: true });
    await handle.close().catch(() => {});
    throw error;
  }
}

async function overwritten({ path }: OutputPlace, bytes: Uint8Array): Promise<FileHandle> {
  const handle = await open(path, constants.O_WRONLY);
  try {
    await writeAll(handle, bytes);
    await handle.truncate(bytes.length);
    return handle;
  } catch (error) {
    await handle.close().catch(() => {});
    throw error;
  }
}

/**
 * Opens a pipe or a device. No thread waits inside the system for the reader of a pipe: such a thread could not be
 * stopped, and the process could not end.
 *
 * @param maxWaitMs how long its reader is waited for; asked again at each try
 */
export function openDirect({ path, found }: OutputPlace, maxWaitMs: () => number): Promise<FileHandle> {
  const missing = found?.isFIFO() === true ? 'ENXIO' : null;
  return retry(() => open(path, DIRECT), missing, maxWaitMs, 'is a pipe that nobody reads');
}

/**
 * Writes all bytes.
 *
 * @param maxWaitMs how long a full pipe is waited for; asked again at each try
 */
export async function writeAll(
  handle: FileHandle,
  bytes: Uint8Array,
  maxWaitMs: () => number = () => Number.POSITIVE_INFINITY,
): Promise<void> {
  for (let from = 0; from < bytes.length; ) {
    const write = () => handle.write(bytes, from);
    const { bytesWritten } = await retry(write, 'EAGAIN', maxWaitMs, 'is a pipe whose reader takes no more');
    if (bytesWritten === 0) throw new OutputError('takes no bytes', 'EIO');
    from += bytesWritten;
  }
}

/** Tries again while `again` is the error. */
async function retry<T>(
  attempt: () => Promise<T>,
  again: string | null,
  maxWaitMs: () => number,
  complaint: string,
): Promise<T> {
  const sinceMs = performance.now();
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (errorCode(error) !== again) throw error;
      if (performance.now() - sinceMs >= maxWaitMs()) throw new OutputError(complaint, again);
    }
    await delay(AGAIN_MS);
  }
}
