/** Where results are written. Files are tried before the load starts, so that no run ends without its report. */
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
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../errors.js';
import { type Flags, one } from './options/flags.js';

const NOTHING_SENT = ' Nothing was sent.';

export interface Output {
  readonly flag: 'json' | 'csv' | 'csv-dir';
  readonly report: 'json' | 'versions' | 'ejections';
  /** A file's name, or `-`. */
  readonly file: string;
}

/**
 * The outputs that the options name, each known to be writable.
 *
 * @param effect what an error says of the command besides, with a space before it
 * @throws UserError naming the option and the file
 */
export function openOutputs(flags: Flags, effect = NOTHING_SENT): Output[] {
  // First, since other outputs may be files in it.
  const folder = one(flags, 'csv-dir');
  const inFolder = folder === undefined ? [] : folderOutputs(folder, effect);
  const outputs: Output[] = [];
  for (const flag of ['json', 'csv'] as const) {
    const file = one(flags, flag);
    if (file === undefined) continue;
    if (file === '') throw new UserError(`--${flag}: give a file name, or - for standard output.`);
    if (file !== '-') requireWritable(flag, file, effect);
    outputs.push({ flag, report: flag === 'json' ? 'json' : 'versions', file });
  }
  outputs.push(...inFolder);
  refuseSamePlace(outputs);
  return outputs;
}

/** The files of `--csv-dir`; the folder is made. */
function folderOutputs(folder: string, effect: string): Output[] {
  if (folder === '' || folder === '-') {
    throw new UserError('--csv-dir: give a folder; several files are written into it.');
  }
  const flag = 'csv-dir';
  try {
    makeFolder(folder);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    const why = code === 'EEXIST' ? 'is no folder' : `cannot be made (${code})`;
    throw new UserError(`--${flag}: ${folder} ${why}.${effect}`);
  }
  const outputs = outputsIn(folder);
  for (const { file } of outputs) requireWritable(flag, file, effect);
  return outputs;
}

/** What `--csv-dir` writes into its folder. */
export function outputsIn(folder: string): Output[] {
  return (['versions', 'ejections'] as const).map((report) => ({
    flag: 'csv-dir',
    report,
    file: join(folder, `${report}.csv`),
  }));
}

/**
 * Makes what is missing of a folder's path, one after the other: Node's own way to do that goes on for ever where a
 * folder is there and none can be made in it with ENOENT for a reason, as in /proc.
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

/** A file that an option names. */
export interface Destination {
  readonly flag: string;
  readonly file: string;
}

/** @throws UserError naming both options when two would write to one file */
export function refuseSamePlace(destinations: readonly Destination[]): void {
  destinations.forEach((destination, i) => {
    const first = destinations.slice(0, i).find((other) => placeOf(other) === placeOf(destination));
    if (first === undefined) return;
    const place = destination.file === '-' ? 'standard output' : destination.file;
    throw new UserError(`--${first.flag} and --${destination.flag} would both write to ${place}.`);
  });
}

function placeOf({ file }: Destination): string {
  return file === '-' ? file : resolve(file);
}

/**
 * @param effect as in {@link openOutputs}
 * @throws UserError naming the option and the file
 */
export function requireWritable(flag: string, file: string, effect = ''): void {
  try {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found?.isFile() === false && !found.isDirectory()) {
      // Opening and closing a pipe would end it for its reader.
      accessSync(file, constants.W_OK);
      return;
    }
    // Appending leaves what is in the file alone until there is something to replace it with.
    closeSync(openSync(file, 'a'));
    // A run that fails leaves no empty file behind, which could be taken for a report.
    if (found === undefined) rmSync(file, { force: true });
  } catch (error) {
    throw new UserError(
      `--${flag}: ${file} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}).${effect}`,
    );
  }
}

/**
 * Writes a finished report.
 *
 * @returns null, or why it could not be written
 */
export function writeOutput(output: Output, text: string): string | null {
  if (output.file === '-') {
    process.stdout.write(text);
    return null;
  }
  try {
    writeFileSync(output.file, text);
    return null;
  } catch (error) {
    return `--${output.flag}: ${output.file} could not be written (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}).`;
  }
}
