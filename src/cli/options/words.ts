/** Rewrites arguments of the command line that yargs would misread. */
import { STDIN_FILE } from '../../io/byte-source.js';
import type { FlagSet } from './flags.js';

/**
 * Short options with their value attached, as curl and oha take them: rewrites `-XPOST` to `-X=POST`. Without this,
 * yargs takes only digits for an attached value, and letters for further options.
 *
 * @param args the words of the command line
 */
export function separateAttached(args: readonly string[], flags: FlagSet): string[] {
  const letters = Object.values(flags)
    .filter((flag) => flag.requiresArg === true)
    .flatMap((flag) => flag.alias ?? [])
    .filter((alias) => alias.length === 1);
  const attached = new RegExp(`^(-[kVh]*[${letters.join('')}])([^=].*)$`, 's');
  const end = args.indexOf('--');
  return args.map((word, at) => (end >= 0 && at > end ? word : word.replace(attached, '$1=$2')));
}

/**
 * `-` among several files, which yargs drops: writes `/dev/stdin` in its place, unless it is the value of an option.
 *
 * @param args the words of a command line
 * @param command only this command's
 */
export function nameStdin(args: readonly string[], command: string, flags: FlagSet): string[] {
  if (args[0] !== command) return [...args];
  return args.map((word, at) => {
    const before = args[at - 1] ?? '';
    const takesIt = before.startsWith('--') && flags[before.slice(2)]?.requiresArg === true;
    return word === '-' && !takesIt ? STDIN_FILE : word;
  });
}
