/** The command line: declares the commands, and turns errors into words and exit codes. */
import { readFileSync } from 'node:fs';
import yargs from 'yargs';
import { UserError } from '../errors.js';
import { packageRoot } from '../package-root.js';
import { demoCommand } from './demo.js';
import { labCommand } from './lab.js';
import { runCommand } from './run.js';

// A reader that went away (`| head`) is no failure of ours: what is left is simply not shown.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

function version(): string {
  const { version: text } = JSON.parse(readFileSync(`${packageRoot()}/package.json`, 'utf8')) as {
    version: string;
  };
  return text;
}

/** Says what went wrong. A stack is for our own mistakes only. */
function report(error: unknown): void {
  if (error instanceof UserError) {
    process.stderr.write(`weighbridge: ${error.message}\n`);
    process.exitCode = error.exitCode;
    return;
  }
  process.stderr.write(
    `weighbridge: an error in weighbridge itself, please report it:\n${(error as Error).stack ?? error}\n`,
  );
  process.exitCode = 70;
}

try {
  await yargs(process.argv.slice(2))
    .scriptName('weighbridge')
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
    .command(labCommand)
    .command(demoCommand)
    .completion('completion', 'print a completion script for the shell')
    .demandCommand(1, 'Say what to do: run, lab or demo.')
    .strict()
    .recommendCommands()
    .version(version())
    .alias('version', 'V')
    .help()
    .alias('help', 'h')
    .wrap(Math.min(100, process.stdout.columns ?? 100))
    .fail((message, error) => {
      if (error !== undefined && error !== null) throw error;
      throw new UserError(
        `${message}\n'weighbridge --help' and 'weighbridge run --help' tell what there is.`,
      );
    })
    .parseAsync();
} catch (error) {
  report(error);
}
