/**
 * How flags are declared and read. Only the files of this folder read flags: each has the flags of one group and the
 * function that turns them into typed options.
 *
 * yargs passes all values on as text: its number options turn `--tolerance abc` into NaN, its array options take the URL
 * that follows as a value, and an option without `requiresArg` reads `--json -` as empty.
 */
import type { Options } from 'yargs';
import { UserError } from '../../errors.js';

/** An option of the command line: yargs' description of it, and more. */
export interface Flag extends Options {
  /** The option of the library that it sets, or several: errors about these name the flag (flag-names.ts). */
  readonly sets?: string | readonly string[] | undefined;
  /** What its values name that is read: no output may replace it (outputs/inputs.ts). */
  readonly reads?: 'file' | '@file' | 'manifests' | undefined;
  /** How errors name it, if not by its long name: `-H`. */
  readonly shown?: string | undefined;
  /** True: the short help shows it too. */
  readonly common?: boolean | undefined;
}

/** Options by name. */
export type FlagSet = Readonly<Record<string, Flag>>;

/** An option that takes one value. */
export function value(describe: string, more: Flag = {}): Flag {
  return { describe, type: 'string', requiresArg: true, ...more };
}

/** An option that takes no value. */
export function toggle(describe: string, more: Flag = {}): Flag {
  return { describe, type: 'boolean', ...more };
}

/** Joins options by group; the key is the heading in the help. */
export function inGroups(groups: Readonly<Record<string, FlagSet>>): FlagSet {
  return Object.fromEntries(
    Object.entries(groups).flatMap(([group, flags]) =>
      Object.entries(flags).map(([name, flag]) => [name, { ...flag, group }]),
    ),
  );
}

/** Some options of a set, in the order of `names`. */
export function pick<Name extends string>(
  flags: Readonly<Record<Name, Flag>>,
  names: readonly Name[],
): FlagSet {
  return Object.fromEntries(names.map((name) => [name, flags[name]]));
}

/** Parsed options by name. */
export type Flags = Readonly<Record<string, unknown>>;

/** The option's value; undefined if it is not given. Twice is an error: it is not clear which value is meant. */
export function one(flags: Flags, name: string): string | undefined {
  const given = flags[name];
  if (Array.isArray(given)) throw new UserError(`--${name} was given ${given.length} times; give it once.`);
  return given === undefined ? undefined : String(given);
}

/** The option's value as `parse` reads it; undefined if it is not given. */
export function read<T>(flags: Flags, name: string, parse: (text: string, flag: string) => T): T | undefined {
  const text = one(flags, name);
  return text === undefined ? undefined : parse(text, `--${name}`);
}

/** The values of an option that may be repeated. */
export function many(flags: Flags, name: string): string[] {
  const given = flags[name];
  if (given === undefined) return [];
  return (Array.isArray(given) ? given : [given]).map(String);
}

/**
 * The items of an option that takes a list with commas and may be repeated, as `parse` reads them; undefined if it is not given.
 *
 * @throws UserError naming the flag, for an empty item
 */
export function readList<T>(
  flags: Flags,
  name: string,
  parse: (items: string[], flag: string) => T,
): T | undefined {
  const texts = many(flags, name);
  if (texts.length === 0) return undefined;
  const items = texts.flatMap((text) => text.split(',')).map((item) => item.trim());
  if (items.includes('')) throw new UserError(`--${name}: an item of the list is empty.`);
  return parse(items, `--${name}`);
}

/** Whether a toggle is given, once or more often. */
export function on(flags: Flags, name: string): boolean {
  const given = flags[name];
  return Array.isArray(given) ? given.some((each) => each === true) : given === true;
}
