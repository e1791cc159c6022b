/** Values for all versions and for single ones: `1%,v2=0.5%`. */
import { UserError } from '../../errors.js';
import { printable } from '../../text/printable.js';

/** A value for all versions, if given, and others for some. */
export interface PerVersion<T> {
  readonly all: T | undefined;
  readonly versions: ReadonlyMap<string, T>;
}

/**
 * @param items such as `1%` and `v2=0.5%`
 * @param flag for errors
 * @param parse reads one value; throws a UserError naming the flag
 * @param example how to write it, a sentence
 * @throws UserError naming `flag`
 */
export function parsePerVersion<T>(
  items: readonly string[],
  flag: string,
  parse: (text: string) => T,
  example: string,
): PerVersion<T> {
  let all: T | undefined;
  const versions = new Map<string, T>();
  const twice = (what: string) => new UserError(`${flag}: ${what} is given twice. ${example}`);
  for (const item of items) {
    const at = item.lastIndexOf('=');
    const version = item.slice(0, Math.max(0, at)).trim();
    if (at >= 0 && version === '') {
      throw new UserError(`${flag}: '${printable(item)}' names no version. ${example}`);
    }
    const value = parse(item.slice(at + 1).trim());
    if (at < 0) {
      if (all !== undefined) throw twice('the value for all versions');
      all = value;
    } else {
      if (versions.has(version)) throw twice(`'${printable(version)}'`);
      versions.set(version, value);
    }
  }
  return { all, versions };
}
