/** Where output goes. Files are tried before the load starts, so that a run does not end without its report. */
import {
  accessSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UserError } from '../../errors.js';
import { isSamePlace } from '../../io/same-place.js';

/** Names standard output in place of a file. */
export const STDOUT = '-';

/** What an option writes to. */
export interface Destination {
  /** The option, without dashes. */
  readonly flag: string;
  /** A file's name, or {@link STDOUT}. */
  readonly file: string;
}

/** A file that a command reads, which no output may replace. */
export interface Input {
  readonly file: string;
  /** What it is: completes "FILE is …". */
  readonly what: string;
}

/** @throws UserError naming both options if two would write to one file */
export function refuseSamePlace(destinations: readonly Destination[]): void {
  destinations.forEach((destination, i) => {
    const first = destinations.slice(0, i).find((other) => placeOf(other) === placeOf(destination));
    if (first === undefined) return;
    const place = destination.file === STDOUT ? 'standard output' : destination.file;
    throw new UserError(`--${first.flag} and --${destination.flag} would both write to ${place}.`);
  });
}

function placeOf({ file }: Destination): string {
  return file === STDOUT ? file : resolve(file);
}

/** @throws UserError naming the option that would write to a file that is read */
export function refuseOverwriting(inputs: readonly Input[], destinations: readonly Destination[]): void {
  for (const { flag, file } of destinations) {
    if (file === STDOUT) continue;
    const input = inputs.find((one) => isSamePlace(one.file, file));
    if (input === undefined) continue;
    throw new UserError(`--${flag}: ${file} is ${input.what}. Give another name.`);
  }
}

/**
 * Tries to write to a file, without changing anything.
 *
 * @param attempt throws if the file cannot be written
 * @param effect added to the error: what it means for the command; begins with a space
 * @throws UserError naming the option and the file
 */
export function requireWritable(
  { flag, file }: Destination,
  effect = '',
  attempt: (file: string) => void = tryToWrite,
): void {
  try {
    attempt(file);
  } catch (error) {
    throw new UserError(`--${flag}: ${file} cannot be written (${codeOf(error)}).${effect}`);
  }
}

function tryToWrite(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isFile() === false && !found.isDirectory()) {
    // Opening and closing a pipe would end it for its reader.
    accessSync(file, constants.W_OK);
    return;
  }
  // Opening for appending does not change the file: it is replaced only when the report is ready.
  closeSync(openSync(file, 'a'));
  // No empty file stays behind if the run fails: it could be taken for a report.
  if (found === undefined) rmSync(file, { force: true });
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
    const code = codeOf(error);
    const why = code === 'EEXIST' ? 'is not a folder' : `cannot be made (${code})`;
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
export function writeOutput({ flag, file }: Destination, text: string): string | null {
  if (file === STDOUT) {
    process.stdout.write(text);
    return null;
  }
  try {
    writeFileSync(file, text);
    return null;
  } catch (error) {
    return `--${flag}: ${file} could not be written (${codeOf(error)}).`;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}
