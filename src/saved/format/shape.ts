/** Holds plain data that comes from outside against the shape that it should have. */

import type { NoteCode } from '../../plan/note-code.js';

/** Gives the value back, typed, or throws a ShapeError that says where it is wrong. */
export type Check<T> = (value: unknown, where: string) => T;

/** What is wrong, and where: `plan.load.mode is not …`. */
export class ShapeError extends Error {}

function simple<T>(what: string, is: (value: unknown) => value is T): Check<T> {
  return (value, where) => {
    if (is(value)) return value;
    throw new ShapeError(`${where} is not ${what}`);
  };
}

export const text = simple('a text', (value) => typeof value === 'string');
/** A code of another version is read all the same: nothing depends on it but how programs sort notes. */
export const noteCode: Check<NoteCode> = (value, where) => text(value, where) as NoteCode;
export const bool = simple('true or false', (value) => typeof value === 'boolean');

/** A number between two bounds, both included. */
export function number(low: number, high: number): Check<number> {
  return simple(
    `a number from ${low} to ${high}`,
    (value): value is number => typeof value === 'number' && value >= low && value <= high,
  );
}

/** A whole number from 0. */
export const count = simple(
  'a whole number from 0',
  (value): value is number => Number.isSafeInteger(value) && (value as number) >= 0,
);

export function orNull<T>(check: Check<T>): Check<T | null> {
  return (value, where) => (value === null ? null : check(value, where));
}

export function oneOf<const T extends string>(...words: readonly T[]): Check<T> {
  return simple(`one of ${words.join(', ')}`, (value): value is T => words.includes(value as T));
}

export function list<T>(check: Check<T>): Check<T[]> {
  return (value, where) => {
    if (!Array.isArray(value)) throw new ShapeError(`${where} is not a list`);
    return value.map((element, i) => check(element, `${where}[${i}]`));
  };
}

/** A pair of texts, such as a header. */
export const pair: Check<[string, string]> = (value, where) => {
  if (!Array.isArray(value) || value.length !== 2) throw new ShapeError(`${where} is not a pair`);
  return [text(value[0], `${where}[0]`), text(value[1], `${where}[1]`)];
};

/** An object with these members; others are left out. */
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

/** An object with any names, whose values are all alike. */
export function recordOf<T>(check: Check<T>): Check<Readonly<Record<string, T>>> {
  return (value, where) =>
    Object.fromEntries(
      Object.entries(record(value, where)).map(([name, one]) => [name, check(one, `${where}.${name}`)]),
    );
}

/** One of several objects, told apart by a member. */
export function tagged<T extends object>(tag: string, kinds: Readonly<Record<string, Check<T>>>): Check<T> {
  const kindOf = oneOf(...Object.keys(kinds));
  return (value, where) => {
    const kind = kindOf(record(value, where)[tag], `${where}.${tag}`);
    return (kinds[kind] as Check<T>)(value, where);
  };
}

/** Anything, left unread. */
export const anything: Check<unknown> = (value) => value ?? null;

function record(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new ShapeError(`${where} is not an object`);
}
