/** The commands and their options, parsed by yargs. */
import yargs from 'yargs';
import { analyzeCommand } from './commands/analyze.js';
import { demoCommand } from './commands/demo.js';
import { identifyCommand } from './commands/identify.js';
import { instrumentCommand } from './commands/instrument.js';
import { labCommand } from './commands/lab.js';
import { runCommand } from './commands/run.js';
import { ANALYZE_OPTIONS } from './options/analyze-options.js';
import { separateAttached } from './options/attached-values.js';
import { RUN_OPTIONS } from './options/run-options.js';
import { nameStdin } from './options/stdin-word.js';
import { terminalColumns } from './terminal.js';
import { usageError } from './usage-error.js';

const MAX_COLUMNS = 100;

/** What yargs gives its failure handler, which its types take for a parser. */
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
  const args = nameStdin(separateAttached(words, RUN_OPTIONS), 'analyze', ANALYZE_OPTIONS);
  await yargs(args)
    .scriptName('weighbridge')
    // Ours are English only, and sentences of two languages side by side help nobody.
    .locale('en')
    .usage('$0 <command>\n\nThe scale that traffic splits are weighed on.')
    .parserConfiguration({
      // `--no-color` and its like are options of their own, and dots in names are only dots.
      'boolean-negation': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'camel-case-expansion': false,
    })
    .command(runCommand)
    .command(analyzeCommand)
    .command(identifyCommand)
    .command(instrumentCommand)
    .command(labCommand)
    .command(demoCommand)
    .completion('completion', 'print a completion script for the shell')
    .demandCommand(1, 'Say what to do: run, analyze, identify, instrument, lab or demo.')
    .strict()
    .version(version)
    .alias('version', 'V')
    .help()
    .alias('help', 'h')
    .wrap(Math.min(MAX_COLUMNS, terminalColumns(process.stdout, process.env)))
    .fail((message, error, usage) => {
      if (error instanceof Error && error.name !== 'YError') throw error;
      throw usageError(message, Object.keys((usage as unknown as Usage).getDescriptions()), args);
    })
    .parseAsync();
}
