/** Where output goes. Files are tried before the load starts, so that a run does not end without its report. */
import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { systemReason, UserError } from '../../errors.js';
import { writeWholeFile } from '../../io/output-file.js';
import { checkWritable, errorCode, OutputError } from '../../io/output-place.js';

/** Names standard output in place of a file. */
export const STDOUT = '-';

/** What an option writes to. */
export interface Destination {
  /** The option, without dashes. */
  readonly flag: string;
  /** A file's name, or {@link STDOUT}. */
  readonly file: string;
  /** Files of single versions are written beside it (version-files.ts). */
  readonly perVersion?: true;
}

/**
 * Checks that a file can be written, without changing anything.
 *
 * @param effect added to the error: what it means for the command; begins with a space
 * @throws UserError naming the option and the file
 */
export function requireWritable({ flag, file }: Destination, effect = ''): void {
  try {
    checkWritable(file);
  } catch (error) {
    throw new UserError(`--${flag}: ${file} ${reason(error, 'cannot')}.${effect}`);
  }
}

/**
 * Makes the folder that an option names.
 *
 * @param effect as in {@link requireWritable}
 * @throws UserError naming the option and the folder
 */
export function requireFolder(flag: string, folder: string, effect = ''): void {
  try {
    makeFolder(folder);
  } catch (error) {
    const code = errorCode(error);
    const why = code === 'EEXIST' ? 'is not a folder' : `cannot be made (${systemReason(error)})`;
    throw new UserError(`--${flag}: ${folder} ${why}.${effect}`);
  }
}

/**
 * Makes the missing folders of a path one by one. Node's `recursive` option never returns if making a folder in an
 * existing one fails with ENOENT, as in /proc.
 */
function makeFolder(folder: string): void {
  const missing: string[] = [];
  let at = resolve(folder);
  while (statSync(at, { throwIfNoEntry: false }) === undefined && dirname(at) !== at) {
    missing.unshift(at);
    at = dirname(at);
  }
  if (missing.length === 0 && !statSync(at).isDirectory()) {
    throw Object.assign(new Error('no folder'), { code: 'EEXIST' });
  }
  for (const one of missing) mkdirSync(one);
}

/**
 * Writes a finished text.
 *
 * @returns null, or why it could not be written
 */
export async function writeOutput({ flag, file }: Destination, text: string): Promise<string | null> {
  if (file === STDOUT) {
    process.stdout.write(text);
    return null;
  }
  try {
    await writeWholeFile(file, text);
    return null;
  } catch (error) {
    return `--${flag}: ${file} ${reason(error, 'could not')}.`;
  }
}

/** Completes "FILE …". */
function reason(error: unknown, verb: 'cannot' | 'could not'): string {
  return error instanceof OutputError ? error.message : `${verb} be written (${systemReason(error)})`;
}
