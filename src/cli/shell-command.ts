/** Commands that people copy from what is printed. */
import { basename, relative, resolve } from 'node:path';
import { printable } from '../text/printable.js';

/** How and where the user started weighbridge. */
interface Invocation {
  /** As in `process.argv`. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

const HERE: Invocation = { argv: process.argv, env: process.env, cwd: process.cwd() };

/** The text quoted for a POSIX shell, if necessary. */
export function quote(text: string): string {
  const safe = printable(text, 500);
  return /^[\w./:=@-]+$/.test(safe) ? safe : `'${safe.replaceAll("'", "'\\''")}'`;
}

/** The words that start weighbridge: `weighbridge`, with npx before it, or `node bin/weighbridge.js` in a clone. */
export function programWords(invocation: Invocation = HERE): string[] {
  const script = invocation.argv[1] ?? '';
  if (basename(script) !== 'weighbridge') return ['node', pathFromUser(script, invocation)];
  return invocation.env['npm_command'] === 'exec' ? ['npx', 'weighbridge'] : ['weighbridge'];
}

/** A file's path from the user's folder. npm runs scripts in the package's folder, wherever it was called. */
export function pathFromUser(file: string, { env, cwd }: Invocation = HERE): string {
  const path = relative(env['INIT_CWD'] ?? cwd, resolve(cwd, file));
  return path.startsWith('..') ? resolve(cwd, file) : path;
}

/** The words as one line to copy. */
export function shellCommand(words: readonly string[]): string {
  return words.map(quote).join(' ');
}
