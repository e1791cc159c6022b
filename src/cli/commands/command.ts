/** What the commands have in common. */
import type { Argv } from 'yargs';
import { UserError } from '../../errors.js';
import { EXIT_CODES, type ExitName } from '../../exit-codes.js';
import type { FlagSet, Flags } from '../options/flags.js';

/** Asks for every option in the help; without it there are the common ones. */
export const HELP_ALL = 'help-all';

/** yargs leaves hidden options out of completions too. */
const isCompleting = process.argv.includes('--get-yargs-completions');

/**
 * Whether the help may be shown: some word has an `h` where `-h` or `--help` would have it. yargs lays the help out for
 * every command line, which takes a tenth of a short run's CPU, unless all options are hidden.
 */
const mayShowHelp = process.argv.some((word) => /^-(-h|[a-zA-Z]*h)/.test(word));

/** The command's options; of those that are not common the short help says nothing. */
export function withFlags(yargs: Argv, flags: FlagSet): Argv {
  const rest = Object.values(flags).some(({ common }) => common !== true);
  const all = Object.fromEntries(
    Object.entries(flags).map(([name, { sets, shown, common, ...option }]) => [
      name,
      { ...option, hidden: !isCompleting && !(mayShowHelp && common === true) },
    ]),
  );
  yargs.options(all);
  return rest ? yargs.showHidden(HELP_ALL, 'show every option') : yargs;
}

/** The words that are no options, those behind `--` included: yargs puts these elsewhere. */
export function words(argv: Flags, positional: string): string[] {
  const given = argv[positional];
  return [given ?? [], (argv['_'] as (string | number)[]).slice(1)].flat().map(String);
}

/** @throws UserError when there are several */
export function oneUrl(argv: Flags): string | undefined {
  const urls = words(argv, 'url');
  if (urls.length > 1) throw new UserError(`One URL is taken, not ${urls.length}: ${urls.join(' ')}`);
  return urls[0];
}

/**
 * Examples and exit codes, which end a help text. yargs' own examples stand in columns that break commands, so that
 * they cannot be copied.
 *
 * @param examples each a command and what it is for
 */
export function helpEnd(examples: readonly (readonly [command: string, what: string])[], exit = ''): string {
  const lines = examples.map(([command, what]) => `  # ${what}\n  ${command}`);
  return `Examples:\n${lines.join('\n')}${exit === '' ? '' : `\n\n${exit}`}`;
}

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
