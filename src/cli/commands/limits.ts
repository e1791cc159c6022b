import type { CommandModule } from 'yargs';
import { FIND_LIMITS_FLAGS, parseFindLimits } from '../options/find-limits.js';
import { exitHelp, helpEnd, oneUrl, withFlags } from './command.js';

export const limitsCommand: CommandModule = {
  command: 'limits [url]',
  describe: "find how much load a gateway's circuit breakers let through, and which limit it is",
  builder: (yargs) =>
    withFlags(
      yargs,
      FIND_LIMITS_FLAGS,
      '$0 limits [URL] [options]\n\nRaises the load step by step until the gateway refuses requests. Says where refusals begin, at which load ' +
        'the gateway is full (the knee), which limit of the manifests that is, how long accepted requests take meanwhile, and how soon ' +
        'refusals end when the load falls. It overloads the gateway on purpose: --steps and --max-connections bound it.',
    )
      .positional('url', { describe: 'where to send requests: http[s]://HOST[:PORT][/PATH]', type: 'string' })
      .epilogue(
        helpEnd(
          [
            [
              '$0 limits http://203.0.113.7 --host test.devopscube.com -f route.yaml -f destinationrules.yaml',
              'against the limits of the manifests',
            ],
            ["$0 limits http://203.0.113.7 --limit requests=9 --expect-knee '>=9'", 'without manifests'],
            ['$0 limits -f - --steps 50,100,200 --csv limits.csv', 'at these numbers of connections'],
          ],
          exitHelp(
            [
              'pass',
              'fail',
              'usage',
              'inconclusive',
              'unreachable',
              'outputFailed',
              'internalError',
              'interrupted',
              'terminated',
            ],
            { pass: 'the knee is as expected, or nothing was expected' },
          ),
        ),
      ),
  handler: async (argv) => {
    const options = parseFindLimits(oneUrl(argv), argv);
    const { limitsAction } = await import('../actions/limits.js');
    process.exitCode = await limitsAction(options);
  },
};
