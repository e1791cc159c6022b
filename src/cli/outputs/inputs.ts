/** Files that commands read, which no output may replace. */
import { UserError } from '../../errors.js';
import { STDIN_FILE } from '../../io/byte-source.js';
import { fileIdentity } from '../../io/file-identity.js';
import { type FlagSet, type Flags, many } from '../options/flags.js';

export interface Input {
  /** A file, or a folder of manifests. */
  readonly file: string;
  /** Who reads it: `--key`. */
  readonly reader: string;
}

/** The files that the flags name, of the options that read files. */
export function inputsIn(set: FlagSet, flags: Flags): Input[] {
  return Object.entries(set).flatMap(([name, { reads, shown }]) => {
    if (reads === undefined) return [];
    const texts = many(flags, name);
    const files = reads === '@file' ? texts.filter((text) => text.startsWith('@')) : texts;
    return files.map((text) => ({ file: fileOf(reads, text), reader: shown ?? `--${name}` }));
  });
}

function fileOf(reads: 'file' | '@file' | 'manifests', text: string): string {
  const file = reads === '@file' ? text.slice(1) : text;
  return reads !== 'file' && file === '-' ? STDIN_FILE : file;
}

/**
 * Files of which each is read once.
 *
 * @param reader the command
 * @param effect what reading one twice would do: ends a sentence
 * @throws UserError if a file is named twice
 */
export function inputsOnce(files: readonly string[], reader: string, effect: string): Input[] {
  files.forEach((file, i) => {
    const identity = fileIdentity(file);
    const first = files
      .slice(0, i)
      .find((other) => other === file || (identity !== null && fileIdentity(other) === identity));
    if (first === undefined) return;
    const names = first === file ? `${file} is given twice` : `${first} and ${file} are the same file`;
    throw new UserError(`${names}: ${effect}.`);
  });
  return files.map((file) => ({ file, reader }));
}
