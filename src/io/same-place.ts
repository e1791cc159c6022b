/** Whether two names are of the same file. */
import { type BigIntStats, statSync } from 'node:fs';
import { resolve } from 'node:path';

/** Whether two names are of the same existing file, also through links. */
export function isSameFile(first: string, second: string): boolean {
  const [one, other] = [statOf(first), statOf(second)];
  return one !== undefined && other !== undefined && one.dev === other.dev && one.ino === other.ino;
}

/** As {@link isSameFile}; also true for equal paths of a file that does not exist yet. */
export function isSamePlace(first: string, second: string): boolean {
  return resolve(first) === resolve(second) || isSameFile(first, second);
}

function statOf(file: string): BigIntStats | undefined {
  try {
    return statSync(file, { bigint: true, throwIfNoEntry: false });
  } catch {
    // Opening the file will report the error.
    return undefined;
  }
}
