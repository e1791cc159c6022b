/** The options for request headers: given on the command line, in files and in environment variables. */
import { isatty } from 'node:tty';
import { UserError } from '../../errors.js';
import { STDIN_FILE } from '../../io/byte-source.js';
import type { PlanOptions } from '../../plan/plan-options.js';
import { readHeader } from '../../plan/target/request-headers.js';
import { printable } from '../../text/printable.js';
import { type Flags, many, value } from './flags.js';
import { readInput } from './input-file.js';

/** Names standard input in place of a file. */
const STDIN = '-';
/** More than any server takes. */
export const MAX_HEADER_FILE_BYTES = 1024 * 1024;

export const HEADER_FLAGS = {
  header: value(
    "a request header, 'Name: value'; @FILE reads one from each line of a file, @- of standard input, and hides the values; may be repeated",
    { alias: 'H', sets: 'headers', reads: '@file', shown: '-H', common: true },
  ),
  'header-env': value(
    'NAME=VARIABLE: a request header with the value of an environment variable, which is hidden; may be repeated',
  ),
  secret: value(
    'name of a header or query parameter whose value is hidden in reports and messages, besides names with token, key, session and the like; may be repeated',
    { sets: 'secretHeaders' },
  ),
};

type HeaderOptions = Required<Pick<PlanOptions, 'secretHeaders'>> & { readonly headers: readonly string[] };

/**
 * Headers, and which of them are secret: those that do not stand on the command line are, whatever their names.
 *
 * @throws UserError naming the flag, and file and line; it never shows a value
 */
export function parseHeaders(flags: Flags, env: NodeJS.ProcessEnv = process.env): HeaderOptions {
  const given = many(flags, 'header').map((text) => ({ text, file: /^@/.test(text) ? text.slice(1) : null }));
  checkStdin(given.filter(({ file }) => file === STDIN).length, many(flags, 'manifest').includes(STDIN));
  const hidden: string[] = [];
  const headers = given.flatMap(({ text, file }) => {
    if (file === null) return [text];
    const found = headersIn(file);
    hidden.push(...found.map(({ name }) => name));
    return found.map(({ line }) => line);
  });
  for (const text of many(flags, 'header-env')) {
    const { name, line } = headerFromEnv(text, env);
    hidden.push(name);
    headers.push(line);
  }
  return { headers, secretHeaders: [...many(flags, 'secret'), ...new Set(hidden)] };
}

interface FoundHeader {
  readonly name: string;
  readonly line: string;
}

function checkStdin(times: number, manifestsToo: boolean): void {
  if (times > 1) throw new UserError(`-H @- was given ${times} times: standard input can be read once.`);
  if (times === 1 && manifestsToo) {
    throw new UserError('-H @- and -f - would both read standard input. Give one of them as a file.');
  }
  if (times === 1 && isatty(0)) {
    throw new UserError('-H @-: standard input is the terminal. Pipe the headers in, or give a file.');
  }
}

/** As in curl, empty lines and those that begin with # are left out. */
function headersIn(file: string): FoundHeader[] {
  if (file === '') throw new UserError('-H @: give the name of a file after the @.');
  const lines = readInput(file === STDIN ? STDIN_FILE : file, '-H', MAX_HEADER_FILE_BYTES)
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .split(/\r?\n/);
  return lines.flatMap((line, index) => {
    const text = line.trim();
    if (text === '' || text.startsWith('#')) return [];
    const place = `${file === STDIN ? 'standard input' : file}:${index + 1}`;
    return [{ name: readHeader(text, (name) => `${name('headers')} ${place}`).name, line: text }];
  });
}

function headerFromEnv(text: string, env: NodeJS.ProcessEnv): FoundHeader {
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(at, 0));
  // A value in place of the variable's name is an easy mistake: nothing behind the = is ever shown.
  if (!/^[A-Za-z0-9-]+$/.test(name)) {
    throw new UserError('--header-env: write it as NAME=VARIABLE, e.g. Authorization=API_AUTHORIZATION.');
  }
  const fail = (why: string) => new UserError(`--header-env ${printable(name)}: ${why}`);
  const given = env[text.slice(at + 1)];
  if (given === undefined) {
    throw fail('the environment has no variable with the name behind the =, which is not shown.');
  }
  if (given.trim() === '') throw fail('its variable is empty.');
  if (/[\r\n]/.test(given))
    throw fail('the value of its variable has a line break, which a header cannot carry.');
  const line = `${name}: ${given}`;
  readHeader(line, () => `--header-env ${name}`);
  return { name, line };
}
