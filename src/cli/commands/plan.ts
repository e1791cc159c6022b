import type { CommandModule } from 'yargs';
import { PLAN_FLAGS, parsePlanCommand } from '../options/plan.js';
import { exitHelp, helpEnd, oneUrl, withFlags } from './command.js';

export const planCommand: CommandModule = {
  command: 'plan [url]',
  describe: 'say how many requests a run needs and what limits it, before anything is sent',
  builder: (yargs) =>
    withFlags(
      yargs,
      PLAN_FLAGS,
      '$0 plan [URL] [options]\n\nSends nothing. Shows what is expected and from where, whether it can come about, how many requests ' +
        'show it, what smaller runs would miss, and what circuit breakers and ejections do by the manifests.',
    )
      .positional('url', {
        describe: 'as for run; needed only if it decides which rule answers',
        type: 'string',
      })
      .epilogue(
        helpEnd(
          [
            ['$0 plan -f route.yaml', 'for the weights of a route'],
            [
              '$0 plan --expect v1=90,v2=10 --tolerance 1 -q 50',
              'without manifests, at 50 requests a second',
            ],
          ],
          exitHelp(['pass', 'fail', 'usage', 'outputFailed'], {
            pass: 'planned',
            fail: 'by the manifests, the expected weights cannot come about',
          }),
        ),
      ),
  handler: async (argv) => {
    const options = parsePlanCommand(oneUrl(argv), argv);
    const { planAction } = await import('../actions/plan.js');
    process.exitCode = await planAction(options);
  },
};
