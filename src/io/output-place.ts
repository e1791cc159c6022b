/** What stands at the name of an output, and whether it can be written. */
import {
  accessSync,
  closeSync,
  constants,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** Why an output cannot be written: the message completes "FILE …". */
export class OutputError extends Error {
  constructor(
    message: string,
    /** As in errors of the file system. */
    readonly code: string,
  ) {
    super(message);
  }
}

export interface OutputPlace {
  /** The file's path, with links followed. */
  readonly path: string;
  /** Null: there is no file yet. */
  readonly found: Stats | null;
  /** True for pipes, devices and names of descriptors such as /dev/fd/3: these are written to, never replaced. */
  readonly direct: boolean;
}

/** @throws OutputError, or an error of the file system, if nothing can be written there */
export function outputPlace(file: string): OutputPlace {
  if (file === '') throw new OutputError('is not a file name', 'ENOENT');
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) {
    if (file.endsWith('/')) throw new OutputError('is the name of a folder', 'EISDIR');
    refuseDangling(file);
    return { path: join(realpathSync(dirname(file)), basename(file)), found: null, direct: false };
  }
  if (found.isDirectory()) throw new OutputError('is a folder', 'EISDIR');
  if (found.isSocket()) throw new OutputError('is a socket', 'ENXIO');
  const direct = !found.isFile() || isDescriptor(file);
  return { path: direct ? file : realpathSync(file), found, direct };
}

function refuseDangling(file: string): void {
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return;
  throw new OutputError(`is a link to ${readlinkSync(file)}, which does not exist`, 'ENOENT');
}

/** On Linux /dev/stdout is a link to the file itself: replacing that would not write to the descriptor. */
function isDescriptor(file: string): boolean {
  return /^\/(dev\/(fd\/|std(in|out|err)$)|proc\/[^/]+\/(task\/[^/]+\/)?fd\/)/.test(resolve(file));
}

/**
 * Checks that a file can be written, without changing anything.
 *
 * @throws OutputError, or an error of the file system, if not
 */
export function checkWritable(file: string): void {
  const { path, found, direct } = outputPlace(file);
  if (direct) {
    // Opening and closing a pipe would end it for its reader.
    accessSync(path, constants.W_OK);
    return;
  }
  if (found !== null) closeSync(openSync(path, constants.O_WRONLY));
  try {
    const trial = temporaryName(path);
    closeSync(openSync(trial, 'wx', 0o600));
    rmSync(trial);
  } catch (error) {
    if (found === null || !mustWriteInPlace(error)) throw error;
  }
}

/** A name in the same folder for a file that will be renamed. Short, since the file's own name may have 255 bytes. */
export function temporaryName(path: string): string {
  // Not imported above: most runs write no file, and all would load it.
  const { randomBytes } = process.getBuiltinModule('node:crypto');
  return join(dirname(path), `.weighbridge-${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
}

/**
 * Whether an error of making or renaming a file says that files of this folder cannot be replaced: no permission for the
 * folder, or the file is mounted into a container. The file itself may still be written.
 */
export function mustWriteInPlace(error: unknown): boolean {
  return ['EACCES', 'EPERM', 'EROFS', 'EBUSY'].includes(errorCode(error));
}

export function errorCode(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? (error as Error).message;
}
