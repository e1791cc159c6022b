/** Reads request headers: lines `Name: value` as curl takes them, or values by name. */
import { OptionError, type OptionNamer } from '../../errors.js';
import type { TargetOptions } from '../plan-options.js';

/** Headers that weighbridge writes itself, because they depend on the connection or the body. */
const RESERVED = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'upgrade',
  'expect',
  'te',
]);

export interface GivenHeaders {
  readonly host: string | undefined;
  readonly headers: readonly (readonly [string, string])[];
  /** Lower-case names given as `Name:`: the default header of that name is not sent. */
  readonly removed: ReadonlySet<string>;
}

/** RFC 9110, section 5.1. */
const NAME = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const LINE = new RegExp(`^(${NAME})\\s*(:|;$)\\s*(.*)$`, 's');

/**
 * @param given lines `Name: value`, where `Name:` leaves out a default header and `Name;` sends it empty
 *   (curl's rules); or values by name
 * @throws OptionError naming `headers`
 */
export function readHeaders(given: NonNullable<TargetOptions['headers']>): GivenHeaders {
  const lines = isList(given) ? given : linesOf(given);
  const headers: [string, string][] = [];
  const removed = new Set<string>();
  let host: string | undefined;
  for (const line of lines) {
    const { name, value, sign } = readHeader(line);
    const key = name.toLowerCase();
    if (key === 'host') {
      host = value;
    } else if (value === '' && sign === ':') {
      removed.add(key);
    } else {
      headers.push([name, value]);
    }
  }
  return { host, headers, removed };
}

/** Headers that are sent unless the options give or remove them, as curl does. */
export function defaultHeaders(hasBody: boolean): readonly (readonly [name: string, value: string])[] {
  const type = ['content-type', 'application/x-www-form-urlencoded'] as const;
  return [['user-agent', 'weighbridge'], ['accept', '*/*'], ...(hasBody ? [type] : [])];
}

interface HeaderLine {
  readonly name: string;
  readonly value: string;
  readonly sign: ':' | ';';
}

/**
 * Reads one line `Name: value`. No error shows the value.
 *
 * @param where where the line is from, for errors
 */
export function readHeader(line: string, where = (name: OptionNamer) => name('headers')): HeaderLine {
  const match = LINE.exec(line);
  if (match === null) throw notAHeader(line, where);
  const name = match[1] as string;
  const value = (match[3] as string).trim();
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(value) || /[^\x00-\xff]/.test(value)) {
    throw new OptionError(
      (option) => `${where(option)}: the value of ${name} has characters that a header cannot carry.`,
    );
  }
  if (RESERVED.has(name.toLowerCase())) throw reserved(name, where);
  return { name, value, sign: (match[2] as string) === ':' ? ':' : ';' };
}

function isList(given: NonNullable<TargetOptions['headers']>): given is readonly string[] {
  return Array.isArray(given);
}

function linesOf(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).map(([name, value]) => {
    if (!new RegExp(`^${NAME}$`).test(name)) throw notAHeader(name, (option) => option('headers'));
    return value.trim() === '' ? `${name};` : `${name}: ${value}`;
  });
}

/** Shows no more of the text than a first word that looks like a name: the rest may be a secret. */
function notAHeader(text: string, where: (name: OptionNamer) => string): OptionError {
  const [, first] = /^([A-Za-z][A-Za-z-]{0,39})\s+\S/.exec(text) ?? [];
  const what = first === undefined ? `a text of ${text.length} characters` : `'${first} …'`;
  return new OptionError((name) => `${where(name)}: ${what} is not a header. Write it as 'Name: value'.`);
}

function reserved(header: string, where: (name: OptionNamer) => string): OptionError {
  return new OptionError((name) => {
    const instead = ['connection', 'keep-alive'].includes(header.toLowerCase())
      ? ` Use ${name('load.keepalive')} or ${name('load.requestsPerConnection')}.`
      : '';
    return `${where(name)}: ${header} is written by weighbridge itself.${instead}`;
  });
}
