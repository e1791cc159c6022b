/** Short options with their value attached, as curl and oha take them: `-XPOST`, `-z10s`, `-kHa:b`. */
import type { Options } from 'yargs';

/**
 * Rewrites `-XPOST` to `-X=POST`, the form that yargs reads as one option whatever the value is; by itself it
 * takes only digits for a value there, and other letters for options.
 *
 * @param args the words of the command line
 */
export function separateAttached(
  args: readonly string[],
  options: Readonly<Record<string, Options>>,
): string[] {
  const letters = Object.values(options)
    .filter((option) => option.requiresArg === true)
    .flatMap((option) => option.alias ?? [])
    .filter((alias) => alias.length === 1);
  const attached = new RegExp(`^(-[kVh]*[${letters.join('')}])([^=].*)$`, 's');
  const end = args.indexOf('--');
  return args.map((word, at) => (end >= 0 && at > end ? word : word.replace(attached, '$1=$2')));
}
