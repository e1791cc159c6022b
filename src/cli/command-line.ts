/** The commands and their options, parsed by yargs. */
import yargs from 'yargs';
import { HELP_ALL, mayShowHelp, shownHelp } from './commands/command.js';
import { commandsFor } from './commands/index.js';
import { RUN_FLAGS } from './options/run.js';
import { nameStdin, separateAttached } from './options/words.js';
import { terminalColumns } from './terminal.js';
import { usageError } from './usage-error.js';

const MAX_COLUMNS = 100;
/** Width of the help in a pipe. */
const PIPE_COLUMNS = 80;

/** The third argument of yargs' failure handler. Its types say that this is a parser, which is wrong. */
interface Usage {
  getDescriptions(): Readonly<Record<string, string>>;
}

/**
 * Runs the command that the words name, which sets `process.exitCode`.
 *
 * @param words the command line, without node and script
 * @throws UserError for a wrong command line, and whatever the command throws
 */
export async function runCommandLine(words: readonly string[], version: string): Promise<void> {
  const args = helpAll(await stdinNamed(separateAttached(words, RUN_FLAGS)));
  await yargs(args)
    .scriptName('weighbridge')
    // Messages of weighbridge are in English only, so those of yargs are too.
    .locale('en')
    .usage(
      shownHelp(
        '$0 <command>\n\nMeasures how a gateway splits traffic and how its versions answer, and gives a verdict.',
      ),
    )
    .parserConfiguration({
      // `--no-color` and its like are options of their own, and dots in names are only dots.
      'boolean-negation': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'camel-case-expansion': false,
    })
    .command(await commandsFor(words[0]))
    .completion('completion', 'print a completion script for the shell')
    .demandCommand(
      1,
      'Give a command: run, plan, limits, analyze, compare, doctor, identify, instrument, lab or demo.',
    )
    .strict()
    .version(version)
    .alias('version', 'V')
    .help()
    .alias('help', 'h')
    // yargs makes the help of every command line; what nobody sees need not be wrapped.
    .wrap(
      mayShowHelp ? Math.min(MAX_COLUMNS, terminalColumns(process.stdout, process.env, PIPE_COLUMNS)) : null,
    )
    .fail((message, error, usage) => {
      if (error instanceof Error && error.name !== 'YError') throw error;
      throw usageError(message, Object.keys((usage as unknown as Usage).getDescriptions()), args);
    })
    .parseAsync();
}

/** `analyze -` and `compare -` read standard input. */
async function stdinNamed(args: readonly string[]): Promise<readonly string[]> {
  if (args[0] === 'compare') {
    const { COMPARE_FLAGS } = await import('./options/compare.js');
    return nameStdin(args, 'compare', COMPARE_FLAGS);
  }
  if (args[0] !== 'analyze') return args;
  const { ANALYZE_FLAGS } = await import('./options/analyze.js');
  return nameStdin(args, 'analyze', ANALYZE_FLAGS);
}

/** `--help-all` is the help with every option. */
function helpAll(args: readonly string[]): string[] {
  return args.flatMap((word) => (word === `--${HELP_ALL}` ? [word, '--help'] : [word]));
}
