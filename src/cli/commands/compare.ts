import type { CommandModule } from 'yargs';
import { COMPARE_FLAGS, parseCompare } from '../options/compare.js';
import { exitHelp, helpEnd, withFlags, words } from './command.js';

export const compareCommand: CommandModule = {
  command: 'compare [files..]',
  describe: 'say how results differ from a first one, and whether they are worse',
  builder: (yargs) =>
    withFlags(
      yargs,
      COMPARE_FLAGS,
      '$0 compare A B… [options]\n\nLays results beside each other: A is the reference, and each other one is compared with it. Says which ' +
        'shares, latencies, error rates or knees differ beyond chance, which differences are too small to count, and what cannot be told.\n' +
        'A result is what run, analyze or limits wrote with --json, or a run that was saved with run --save.',
    )
      .positional('files', {
        describe: 'results, the reference first; one of them may be - for standard input',
        type: 'string',
        array: true,
      })
      .epilogue(
        helpEnd(
          [
            ['$0 compare last-week.json today.json', "today's run against last week's"],
            ['$0 compare base.arrow new.arrow --fail-on-regression --quiet', 'a step of CI'],
            ['$0 compare a.json b.json --latency-tolerance 5ms', 'latency counts from 5 ms on'],
          ],
          exitHelp(['pass', 'fail', 'usage', 'inconclusive', 'outputFailed', 'internalError'], {
            pass: 'no result is worse, or --fail-on-regression is not given',
            fail: 'one is worse',
            inconclusive: 'whether one is worse cannot be told',
          }),
        ),
      ),
  handler: async (argv) => {
    const options = parseCompare(words(argv, 'files'), argv);
    const { compareAction } = await import('../actions/compare.js');
    process.exitCode = await compareAction(options);
  },
};
