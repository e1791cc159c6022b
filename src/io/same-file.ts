/** Whether names are of the same file, whichever links lead to it. */
import { type BigIntStats, statSync } from 'node:fs';

/** Whether two names are of one file that there is. */
export function isSameFile(first: string, second: string): boolean {
  const [one, other] = [statOf(first), statOf(second)];
  return one !== undefined && other !== undefined && one.dev === other.dev && one.ino === other.ino;
}

function statOf(file: string): BigIntStats | undefined {
  try {
    return statSync(file, { bigint: true, throwIfNoEntry: false });
  } catch {
    // Opening it will say what is wrong.
    return undefined;
  }
}
