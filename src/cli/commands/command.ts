/** What the commands have in common. */
import type { Argv } from 'yargs';
import { UserError } from '../../errors.js';
import { EXIT_CODES, type ExitName } from '../../exit-codes.js';
import { printable } from '../../text/printable.js';
import { maskBrokenUrl } from '../../text/secrets.js';
import type { FlagSet, Flags } from '../options/flags.js';

/** Shows every option in the help; without it, the help shows the common ones. */
export const HELP_ALL = 'help-all';

/** yargs leaves hidden options out of completions too. */
const isCompleting = process.argv.includes('--get-yargs-completions');

/**
 * Whether the help may be shown: an argument is `help`, begins with `--help`, or is a group of short options with an `h`.
 * yargs formats the help for every command line, which takes a tenth of a short run's CPU, unless all options are hidden.
 */
export const mayShowHelp = process.argv.some((word) => /^(-(-help|[a-zA-Z]*h)|help$)/.test(word));

/**
 * Adds the command's options. The short help shows only the common ones.
 *
 * @param usage the beginning of its help
 */
export function withFlags(yargs: Argv, flags: FlagSet, usage: string): Argv {
  const rest = Object.values(flags).some(({ common }) => common !== true);
  const all = Object.fromEntries(
    Object.entries(flags).map(([name, { sets, reads, shown, common, ...option }]) => [
      name,
      { ...option, hidden: !isCompleting && !(mayShowHelp && common === true) },
    ]),
  );
  yargs.options(all).usage(shownHelp(usage));
  return rest ? yargs.showHidden(HELP_ALL, 'show every option') : yargs;
}

/** A text of the help; nothing where the help cannot be shown, since yargs measures it character by character. */
export function shownHelp(text: string): string {
  return mayShowHelp ? text : '';
}

/** The positional arguments, including those after `--`, which yargs keeps separately. */
export function words(argv: Flags, positional: string): string[] {
  const given = argv[positional];
  return [given ?? [], (argv['_'] as (string | number)[]).slice(1)].flat().map(String);
}

/** @throws UserError if there are several */
export function oneUrl(argv: Flags): string | undefined {
  const urls = words(argv, 'url');
  const shown = urls.map((url) => printable(maskBrokenUrl(url))).join(' ');
  if (urls.length > 1) throw new UserError(`Only one URL is allowed, not ${urls.length}: ${shown}`);
  return urls[0];
}

/**
 * The examples and exit codes at the end of a help text. yargs prints examples in columns, which break commands so that
 * they cannot be copied.
 *
 * @param examples each a command and what it is for
 */
export function helpEnd(examples: readonly (readonly [command: string, what: string])[], exit = ''): string {
  const lines = examples.map(([command, what]) => `  # ${what}\n  ${command}`);
  return shownHelp(`Examples:\n${lines.join('\n')}${exit === '' ? '' : `\n\n${exit}`}`);
}

/**
 * `Exit status: 0 pass or nothing to judge, 1 fail, …`
 *
 * @param names in the order of the help
 * @param meanings meanings in this command that differ from the table's
 */
export function exitHelp(
  names: readonly ExitName[],
  meanings: Readonly<Partial<Record<ExitName, string>>> = {},
): string {
  const parts = names.map((name) => `${EXIT_CODES[name].code} ${meanings[name] ?? EXIT_CODES[name].meaning}`);
  return `Exit status: ${parts.join(', ')}.`;
}
