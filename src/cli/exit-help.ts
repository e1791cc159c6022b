/** The exit codes in the words of a command's help. */
import { EXIT_CODES, type ExitName } from '../exit-codes.js';

/**
 * `Exit status: 0 pass or nothing to judge, 1 fail, …`
 *
 * @param names in the order of the help
 * @param meanings what a code means in this command, where that is not the table's
 */
export function exitHelp(
  names: readonly ExitName[],
  meanings: Readonly<Partial<Record<ExitName, string>>> = {},
): string {
  const parts = names.map((name) => `${EXIT_CODES[name].code} ${meanings[name] ?? EXIT_CODES[name].meaning}`);
  return `Exit status: ${parts.join(', ')}.`;
}
