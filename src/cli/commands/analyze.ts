import type { CommandModule } from 'yargs';
import { ANALYZE_FLAGS, parseAnalyze } from '../options/analyze.js';
import { exitHelp, helpEnd, withFlags, words } from './command.js';

export const analyzeCommand: CommandModule = {
  command: 'analyze [files..]',
  describe: 'report on saved runs, or on results of vegeta',
  builder: (yargs) =>
    withFlags(
      yargs,
      ANALYZE_FLAGS,
      '$0 analyze FILE… [options]\n\nReports on a run that was saved with run --save, with the same figures. Several ' +
        'files are shards of one run, measured by several generators at the same time.\n' +
        "Results of vegeta ('vegeta encode --to csv', or json) are read too, and regrouped by version.",
    )
      .positional('files', { describe: 'saved runs, or - for standard input', type: 'string', array: true })
      .epilogue(
        helpEnd(
          [
            ['$0 analyze run.arrow --since 10s', 'the rest of a run, by when requests were due'],
            ['$0 analyze run.arrow --where status=5xx', 'errors only'],
            ['$0 analyze shard-*.arrow --json -', 'shards of a run, in one report'],
            ['$0 analyze results.csv --expect v1=90,v2=10', 'results of vegeta'],
          ],
          `${exitHelp(['pass', 'fail', 'usage', 'inconclusive', 'unreachable', 'outputFailed'], {
            unreachable: 'no request was sent',
          })} It does not depend on whether the run was interrupted or its file is cut.`,
        ),
      ),
  handler: async (argv) => {
    const options = parseAnalyze(words(argv, 'files'), argv);
    const { analyzeAction } = await import('../actions/analyze.js');
    process.exitCode = await analyzeAction(options);
  },
};
