/** The command line in a form that can be repeated, as results keep it. */
import { isSecretName, maskUrl, SECRET } from '../../text/secrets.js';
import { programWords, shellCommand } from '../shell-command.js';
import type { FlagSet, Flags } from './flags.js';

/**
 * The command with its options by their letters or names, quoted for a POSIX shell, without secrets: values of secret headers and
 * query parameters, bodies, and passwords in URLs are `(secret)`.
 *
 * @param words the command and what it is for: a URL, or files
 * @param flags those given
 * @param known the command's options
 * @param secretNames further secret headers and query parameters
 */
export function givenCommand(
  words: readonly string[],
  flags: Flags,
  known: FlagSet,
  secretNames: readonly string[] = [],
): string {
  const given = Object.entries(flags).filter(
    ([name, value]) => Object.hasOwn(known, name) && value !== undefined && value !== false,
  );
  const mask = (name: string, value: string) => withoutSecret(name, value, secretNames);
  return shellCommand([
    ...programWords(),
    ...words.map((word) => maskUrl(word, secretNames)),
    ...flagWords(Object.fromEntries(given), known, mask),
  ]);
}

/**
 * Flags as words of a command line, by their letters where they have one.
 *
 * @param shown what stands for a value; default: itself
 */
export function flagWords(
  flags: Flags,
  known: FlagSet,
  shown: (name: string, value: string) => string = (_, value) => value,
): string[] {
  return Object.entries(flags).flatMap(([name, value]) => {
    const [letter] = [known[name]?.alias ?? []].flat();
    const flag = letter === undefined ? `--${name}` : `-${letter}`;
    return value === true ? [flag] : [value].flat().flatMap((each) => [flag, shown(name, String(each))]);
  });
}

function withoutSecret(name: string, value: string, secretNames: readonly string[]): string {
  const isFile = value.startsWith('@');
  if (name === 'data' && !isFile) return SECRET;
  if (name === 'header' && !isFile) {
    const header = value.slice(0, Math.max(0, value.indexOf(':'))).trim();
    return isSecretName(header, secretNames) ? `${header}: ${SECRET}` : maskUrl(value, secretNames);
  }
  return value.includes('://') ? maskUrl(value, secretNames) : value;
}
