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
import { join, resolve } from 'node:path';
import { UserError } from '../errors.js';
import { type Flags, one } from './flags.js';

export interface Output {
  readonly flag: 'json' | 'csv' | 'csv-dir';
  readonly report: 'json' | 'versions' | 'ejections';
  /** A file's name, or `-`. */
  readonly file: string;
}

/**
 * The outputs that the options name, each known to be writable.
 *
 * @throws UserError naming the option and the file
 */
export function openOutputs(flags: Flags): Output[] {
  // First, since other outputs may be files in it.
  const folder = one(flags, 'csv-dir');
  const inFolder = folder === undefined ? [] : folderOutputs(folder);
  const outputs: Output[] = [];
  for (const flag of ['json', 'csv'] as const) {
    const file = one(flags, flag);
    if (file === undefined) continue;
    if (file === '') throw new UserError(`--${flag}: give a file name, or - for standard output.`);
    if (file !== '-') tryFile(flag, file);
    outputs.push({ flag, report: flag === 'json' ? 'json' : 'versions', file });
  }
  outputs.push(...inFolder);
  refuseSamePlace(outputs);
  return outputs;
}

/** The files of `--csv-dir`; the folder is made. */
function folderOutputs(folder: string): Output[] {
  if (folder === '' || folder === '-') {
    throw new UserError('--csv-dir: give a folder; several files are written into it.');
  }
  const flag = 'csv-dir';
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    const why = code === 'EEXIST' ? 'is no folder' : `cannot be made (${code})`;
    throw new UserError(`--${flag}: ${folder} ${why}. Nothing was sent.`);
  }
  return (['versions', 'ejections'] as const).map((report) => {
    const file = join(folder, `${report}.csv`);
    tryFile(flag, file);
    return { flag, report, file };
  });
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

function tryFile(flag: string, file: string): void {
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
      `--${flag}: ${file} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}). Nothing was sent.`,
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
