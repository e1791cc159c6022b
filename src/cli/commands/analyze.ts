/** `weighbridge analyze`: saved runs → the same reports → exit code. */
import type { CommandModule } from 'yargs';
import { ANALYZE_OPTIONS } from '../options/analyze-options.js';
import type { Flags } from '../options/flags.js';

export const analyzeCommand: CommandModule = {
  command: 'analyze [files..]',
  describe: 'report on saved runs, or on results of vegeta',
  builder: (yargs) =>
    yargs
      .usage(
        '$0 analyze FILE… [options]\n\nReports on a run that was saved with run --save, with the same figures. Several ' +
          'files are shards of one run, measured by several generators at the same time.\n' +
          "Results of vegeta ('vegeta encode --to csv', or json) are read too, and regrouped by version.",
      )
      .positional('files', { describe: 'saved runs, or - for standard input', type: 'string', array: true })
      .options(ANALYZE_OPTIONS)
      .example('$0 analyze run.arrow --since 10s', 'the rest of a run, by when requests were due')
      .example('$0 analyze run.arrow --where status=5xx', 'errors only')
      .example('$0 analyze shard-*.arrow --json -', 'what eight generators measured')
      .example("$0 analyze results.csv --version-from 'body:/backend (\\w+)/' --expect v1=90,v2=10", '')
      .epilogue(
        'Exit status: 0 pass or nothing to judge, 1 fail, 2 wrong use or input, 3 inconclusive, 4 no request was ' +
          'sent, 5 an output could not be written. That a run was interrupted, or its file is cut, does not change it.',
      ),
  handler: async (argv) => {
    const { analyzeFromFlags } = await import('./analyze-from-flags.js');
    // What follows `--` is no option, but yargs does not take it for a file either.
    const files = [(argv['files'] as string[] | undefined) ?? [], argv._.slice(1)].flat().map(String);
    process.exitCode = await analyzeFromFlags(files, argv as Flags);
  },
};
