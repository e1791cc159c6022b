/**
 * How options are declared and read. Values stay text until our own readers see them: yargs' number options
 * turn `--tolerance abc` into NaN, its array options swallow the URL that follows, and an option without
 * `requiresArg` reads `--json -` as empty.
 */
import type { Options } from 'yargs';
import { UserError } from '../../errors.js';

/** An option that takes one value. */
export function value(describe: string, more: Options = {}): Options {
  return { describe, type: 'string', requiresArg: true, ...more };
}

/** An option that takes no value. */
export function toggle(describe: string, more: Options = {}): Options {
  return { describe, type: 'boolean', ...more };
}

/** Options by the heading that the help puts them under. */
export type OptionGroups = Readonly<Record<string, Readonly<Record<string, Options>>>>;

/** Options by name, each in its group. */
export function inGroups(groups: OptionGroups): Readonly<Record<string, Options>> {
  return Object.fromEntries(
    Object.entries(groups).flatMap(([group, options]) =>
      Object.entries(options).map(([name, option]) => [name, { ...option, group }]),
    ),
  );
}

/** Parsed options by name. */
export type Flags = Readonly<Record<string, unknown>>;

/** The option's value, undefined when absent. Given twice is an error: which one counts would be a guess. */
export function one(flags: Flags, name: string): string | undefined {
  const given = flags[name];
  if (Array.isArray(given)) throw new UserError(`--${name} was given ${given.length} times; give it once.`);
  return given === undefined ? undefined : String(given);
}

/** The values of an option that may be repeated. */
export function many(flags: Flags, name: string): string[] {
  const given = flags[name];
  if (given === undefined) return [];
  return (Array.isArray(given) ? given : [given]).map(String);
}

/** Whether a toggle was given; more than once is the same as once. */
export function on(flags: Flags, name: string): boolean {
  const given = flags[name];
  return Array.isArray(given) ? given.some((each) => each === true) : given === true;
}

/** Refuses pairs of options that contradict each other. */
export function refuseTogether(flags: Flags, pairs: readonly (readonly [string, string, string])[]): void {
  for (const [first, second, why] of pairs) {
    if (
      flags[first] !== undefined &&
      flags[first] !== false &&
      flags[second] !== undefined &&
      flags[second] !== false
    ) {
      throw new UserError(`--${first} and --${second} contradict each other: ${why}.`);
    }
  }
}
