/** Checks that data from a file has the expected shape. */
import { OptionError, type OptionNamer } from '../../errors.js';
import { printable } from '../../text/printable.js';

/**
 * Returns the value with its type, or throws a ShapeError.
 *
 * @param where path of the value, for the error: `plan.load.mode`
 */
export type Check<T> = (value: unknown, where: string) => T;

/** More than any plan has of anything. Time and memory of an analysis grow with each list. */
const MAX_ELEMENTS = 10_000;

/** The value does not have the expected shape. The message says where: `plan.load.mode is not …`. */
export class ShapeError extends Error {}

function simple<T>(what: string, is: (value: unknown) => value is T): Check<T> {
  return (value, where) => {
    if (is(value)) return value;
    throw new ShapeError(`${where} is not ${what}`);
  };
}

/** A string. */
export const text = simple('a string', (value) => typeof value === 'string');
/** A boolean. */
export const bool = simple('true or false', (value) => typeof value === 'boolean');

/** A number between two bounds, both included. */
export function number(low: number, high: number): Check<number> {
  return simple(
    `a number from ${low} to ${high}`,
    (value): value is number => typeof value === 'number' && value >= low && value <= high,
  );
}

/** A whole number from 0 to 2^53 − 1. */
export const count = simple(
  'a whole number from 0',
  (value): value is number => Number.isSafeInteger(value) && (value as number) >= 0,
);

/** Null, or what the check accepts. */
export function orNull<T>(check: Check<T>): Check<T | null> {
  return (value, where) => (value === null ? null : check(value, where));
}

/** What the check accepts, or null; absent in files of older versions means null. */
export function orAbsent<T>(check: Check<T>): Check<T | null> {
  return (value, where) => (value === undefined ? null : orNull(check)(value, where));
}

/** What the check accepts; absent in files of older versions means this value. */
export function orElse<T>(check: Check<T>, old: T): Check<T> {
  return (value, where) => (value === undefined ? old : check(value, where));
}

/** One of these words. */
export function oneOf<const T extends string>(...words: readonly T[]): Check<T> {
  return simple(`one of ${words.join(', ')}`, (value): value is T => words.includes(value as T));
}

/** A whole number from `min` to `max`. */
export function whole({ min, max }: { readonly min: number; readonly max: number }): Check<number> {
  return simple(
    `a whole number from ${min} to ${max}`,
    (value): value is number =>
      Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max,
  );
}

/**
 * A list whose elements all pass the check.
 *
 * @param max so many there may be
 */
export function list<T>(check: Check<T>, max = MAX_ELEMENTS): Check<T[]> {
  return (value, where) => {
    if (!Array.isArray(value)) throw new ShapeError(`${where} is not a list`);
    if (value.length > max) throw tooMany(value.length, max, where);
    return value.map((element, i) => check(element, `${where}[${i}]`));
  };
}

/** A pair of strings, such as a header. */
export const pair: Check<[string, string]> = (value, where) => {
  if (!Array.isArray(value) || value.length !== 2) throw new ShapeError(`${where} is not a pair`);
  return [text(value[0], `${where}[0]`), text(value[1], `${where}[1]`)];
};

/** An object with these members. Other members are dropped. */
export function object<T extends object>(members: { readonly [K in keyof T]-?: Check<T[K]> }): Check<T> {
  const entries = Object.entries(members) as [string, Check<unknown>][];
  return (value, where) => {
    const given = record(value, where);
    return Object.fromEntries(
      entries.map(([name, check]) => [
        name,
        check(Object.hasOwn(given, name) ? given[name] : undefined, `${where}.${name}`),
      ]),
    ) as T;
  };
}

/**
 * An object with members of any name, whose values all pass the check.
 *
 * @param max so many there may be
 */
export function recordOf<T>(check: Check<T>, max: number): Check<Readonly<Record<string, T>>> {
  return (value, where) => {
    const entries = Object.entries(record(value, where));
    if (entries.length > max) throw tooMany(entries.length, max, where);
    return Object.fromEntries(
      entries.map(([name, one]) => [name, check(one, `${where}.${printable(name)}`)]),
    );
  };
}

function tooMany(length: number, max: number, where: string): ShapeError {
  return new ShapeError(`${where} has ${length} elements, where at most ${max} are possible`);
}

/**
 * What `check` returns, by a rule that options are checked by too.
 *
 * @param name what errors call an option
 * @throws ShapeError with the words of an OptionError
 */
export function byRule<T>(name: OptionNamer, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    throw new ShapeError(error.messageWith(name).replace(/\.$/, ''));
  }
}

/** One of several kinds of objects; the member `tag` has the name of the kind. */
export function tagged<T extends object>(tag: string, kinds: Readonly<Record<string, Check<T>>>): Check<T> {
  const kindOf = oneOf(...Object.keys(kinds));
  return (value, where) => {
    const kind = kindOf(record(value, where)[tag], `${where}.${tag}`);
    return (kinds[kind] as Check<T>)(value, where);
  };
}

/** Any value; a missing one becomes null. */
export const anything: Check<unknown> = (value) => value ?? null;

function record(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new ShapeError(`${where} is not an object`);
}
