/** Where manifest text comes from: files, folders and standard input. */
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { OptionError, systemReason, UserError } from '../../errors.js';
import { printable } from '../../text/printable.js';

/** The YAML parser takes about a second and 40 MB per MiB. */
const MAX_BYTES = 8 * 1024 * 1024;
/** Of all files together. */
const MAX_ALL_BYTES = 32 * 1024 * 1024;

export interface SourceText {
  /** File name as given, or `standard input`. */
  readonly name: string;
  readonly text: string;
  /** Named by the user, not found in a folder: it must hold a resource. */
  readonly named: boolean;
}

/**
 * Reads every source: a file, a folder (its .yaml, .yml and .json files by name, not those of its folders),
 * or `-`.
 *
 * @param stdin gives standard input as text; called at most once
 * @throws UserError for what cannot be read, is empty or too large, and for a second `-`
 */
export async function readSources(
  sources: readonly string[],
  stdin: () => Promise<string>,
): Promise<SourceText[]> {
  if (sources.filter((source) => source === '-').length > 1) {
    throw new OptionError(
      (name) => `${name('manifests')} - is given twice: standard input can be read only once`,
    );
  }
  const texts: SourceText[] = [];
  for (const source of sources) {
    if (source === '-') {
      const text = await stdin();
      bound('standard input', text.length);
      texts.push({ name: 'standard input', text, named: true });
    } else {
      texts.push(...(await readPath(source, texts)));
    }
  }
  return texts;
}

/** @param before what was read so far: all together are bounded too */
async function readPath(path: string, before: readonly SourceText[]): Promise<SourceText[]> {
  const name = printable(path, 300);
  if (path === '') throw new OptionError((name) => `${name('manifests')}: the file name is empty`);
  try {
    const info = await stat(path);
    if (info.isDirectory()) return await readFolder(path, name, before);
    if (info.isFile()) bound(name, info.size);
    const bytes = await readBeginning(path);
    bound(name, bytes.length);
    if (before.reduce((sum, { text }) => sum + text.length, bytes.length) > MAX_ALL_BYTES) {
      throw new UserError(
        `${name}: with it the manifests are more than 32 MiB: give only the routes that matter`,
      );
    }
    return [{ name, text: decode(bytes), named: true }];
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${name}: ${reason(error)}`, 'usage', { cause: error });
  }
}

async function readFolder(path: string, name: string, before: readonly SourceText[]): Promise<SourceText[]> {
  const files = await manifestFiles(path);
  if (files.length === 0) throw new UserError(`${name}: the folder holds no .yaml, .yml or .json file`);
  const texts: SourceText[] = [];
  for (const file of files) {
    const read = await readPath(file, [...before, ...texts]);
    for (const text of read) texts.push({ ...text, named: false });
  }
  return texts;
}

/** The files of a folder that are read as manifests, by name. */
export async function manifestFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && /\.(ya?ml|json)$/i.test(entry.name))
    .map((entry) => join(folder, entry.name))
    .sort();
}

/** One byte more than is allowed at most: a device or a pipe may have no end. */
async function readBeginning(path: string): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of createReadStream(path, { end: MAX_BYTES })) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

/** UTF-8, or UTF-16 with a byte order mark, as PowerShell's `>` writes. */
function decode(bytes: Uint8Array): string {
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(wide ? 'utf-16le' : 'utf-8').decode(bytes);
}

function bound(name: string, size: number): void {
  if (size > MAX_BYTES) {
    const mebibytes = (size / 1024 / 1024).toFixed(1);
    throw new UserError(
      `${name}: ${mebibytes} MiB are too much (at most 8 MiB): give only the routes that matter`,
    );
  }
}

function reason(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'no such file or folder';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read (permission denied)';
  if (code === 'ERR_INVALID_ARG_VALUE') return 'not a file name';
  return `cannot be read (${systemReason(error)})`;
}
