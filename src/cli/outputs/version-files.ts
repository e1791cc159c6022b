/**
 * Files of single versions beside a report: `run-v1.hgrm` beside `run.hgrm`. Versions are named by the network and known only after
 * the run, so every name of this form belongs to the report.
 */
import { readdirSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { fileIdentity } from '../../io/file-identity.js';
import { outputPlace } from '../../io/output-place.js';
import { STDOUT } from './destinations.js';

/** Longer names of versions are cut. */
const MAX_NAME = 60;
const EXTENSION = '.hgrm';

/** False for what is no file, such as standard output or a pipe: then there is nothing beside it. */
export function hasFilesBeside(file: string): boolean {
  if (file === STDOUT) return false;
  try {
    return !outputPlace(file).direct;
  } catch {
    return true;
  }
}

/**
 * A file for each version, in their order. What no file name may have is `_`, and names that would be the same, also where capitals
 * make no difference, end in a number.
 */
export function versionFiles(file: string, versions: readonly string[]): string[] {
  const taken = new Set<string>();
  return versions.map((version) => {
    const name = version.slice(0, MAX_NAME).replace(/[^A-Za-z0-9._-]/g, '_') || '_';
    let unique = name;
    for (let n = 2; taken.has(unique.toLowerCase()); n++) unique = `${name}-${n}`;
    taken.add(unique.toLowerCase());
    return named(file, unique);
  });
}

/** The longest name that may come. */
export function longestVersionFile(file: string): string {
  return named(file, 'x'.repeat(MAX_NAME + '-99'.length));
}

/** Whether the other file's name is one of those, whatever the versions are called. */
export function isVersionFile(file: string, other: string): boolean {
  const { stem, extension } = partsOf(file);
  const name = basename(other).toLowerCase();
  return (
    name.startsWith(`${stem}-`.toLowerCase()) &&
    name.endsWith(extension.toLowerCase()) &&
    fileIdentity(dirname(file)) === fileIdentity(dirname(other))
  );
}

/** Those that are there. */
export function versionFilesFound(file: string): string[] {
  try {
    const folder = dirname(file);
    return readdirSync(folder)
      .map((name) => join(folder, name))
      .filter((other) => isVersionFile(file, other));
  } catch {
    // A folder that cannot be read is told of when the report is tried.
    return [];
  }
}

function named(file: string, version: string): string {
  const { stem, extension } = partsOf(file);
  return join(dirname(file), `${stem}-${version}${extension}`);
}

/** A name without an extension gets one, so that fewer names are of this form. */
function partsOf(file: string): { readonly stem: string; readonly extension: string } {
  const extension = extname(file);
  return { stem: basename(file, extension), extension: extension === '' ? EXTENSION : extension };
}
