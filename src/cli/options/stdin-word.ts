/** `-` among several files: yargs drops it there, so it goes by the name of the device. */
import type { Options } from 'yargs';
import { STDIN_FILE } from '../../io/byte-source.js';

/**
 * Writes `/dev/stdin` for `-` where it stands for a file and not for the value of an option.
 *
 * @param args the words of a command line
 * @param command only this command's
 */
export function nameStdin(
  args: readonly string[],
  command: string,
  options: Readonly<Record<string, Options>>,
): string[] {
  if (args[0] !== command) return [...args];
  return args.map((word, at) => {
    const before = args[at - 1] ?? '';
    const takesIt = before.startsWith('--') && options[before.slice(2)]?.requiresArg === true;
    return word === '-' && !takesIt ? STDIN_FILE : word;
  });
}
