/** Whether two names stand for one file, whether it exists already or not. */
import { type BigIntStats, fstatSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * What a name stands for, as a text that is equal for two names of one file. Links are followed. A file that exists is
 * its device and inode; one to be made is the nearest folder that exists, and its path from there.
 *
 * @returns null for what nothing in can be lost, such as /dev/null or a terminal, and for what cannot be looked at
 */
export function fileIdentity(file: string): string | null {
  try {
    const found = statSync(file, { bigint: true, throwIfNoEntry: false });
    return found === undefined ? identityOfNew(file) : identityOf(found);
  } catch {
    // Opening the file will report the error.
    return null;
  }
}

/** The file that an open descriptor writes to or reads from; null if that is a pipe, a terminal or the like. */
export function descriptorIdentity(descriptor: number): string | null {
  try {
    const found = fstatSync(descriptor, { bigint: true });
    return found.isFile() ? identityOf(found) : null;
  } catch {
    return null;
  }
}

function identityOf(found: BigIntStats): string | null {
  return found.isCharacterDevice() ? null : `${found.dev}:${found.ino}`;
}

function identityOfNew(file: string): string | null {
  const folder = dirname(file);
  // Only the name of a root folder has no folder above it.
  return folder === file ? null : join(`${fileIdentity(folder)}`, basename(file));
}
