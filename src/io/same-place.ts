/** Whether names lead to one place in the file system. */
import { type BigIntStats, statSync } from 'node:fs';
import { resolve } from 'node:path';

/** Whether two names are of one file that there is, whichever links lead to it. */
export function isSameFile(first: string, second: string): boolean {
  const [one, other] = [statOf(first), statOf(second)];
  return one !== undefined && other !== undefined && one.dev === other.dev && one.ino === other.ino;
}

/** As {@link isSameFile}, or one path for a file that is still to be made. */
export function isSamePlace(first: string, second: string): boolean {
  return resolve(first) === resolve(second) || isSameFile(first, second);
}

function statOf(file: string): BigIntStats | undefined {
  try {
    return statSync(file, { bigint: true, throwIfNoEntry: false });
  } catch {
    // Opening it will say what is wrong.
    return undefined;
  }
}
