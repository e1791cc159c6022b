/** `weighbridge run`: options → Plan → run → reports → exit code. */
import type { CommandModule } from 'yargs';
import { UserError } from '../../errors.js';
import type { Flags } from '../options/flags.js';
import { RUN_OPTIONS } from '../options/run-options.js';

export const runCommand: CommandModule = {
  command: ['run [url]'],
  describe: 'send requests through a gateway and weigh how they are split',
  builder: (yargs) =>
    yargs
      .usage(
        '$0 run [URL] [options]\n\nSends requests, groups every response by backend version, and says whether the ' +
          "weights are kept.\nWithout a URL the manifests' Gateway tells where to send them.",
      )
      .positional('url', { describe: 'where to send requests: http[s]://HOST[:PORT][/PATH]', type: 'string' })
      .options(RUN_OPTIONS)
      .example(
        '$0 run http://203.0.113.7 --host test.devopscube.com -f route.yaml',
        'against the weights of a route',
      )
      .example('$0 run http://localhost:8080 --expect v1=90,v2=10 -n 20000', 'without manifests')
      .example(
        'kubectl get gateway,httproute,destinationrule -o yaml | $0 run -f -',
        'everything from the cluster',
      )
      .epilogue(
        'Exit status: 0 pass or nothing to judge, 1 fail, 2 wrong use or input, 3 inconclusive, 4 gateway unreachable, ' +
          '5 an output could not be written, 130 interrupted, 143 terminated.',
      ),
  handler: async (argv) => {
    const { runFromFlags } = await import('./run-from-flags.js');
    // What follows `--` is no option, but yargs does not take it for the URL either.
    const urls = [argv['url'], ...argv._.slice(1)].filter((url) => url !== undefined).map(String);
    if (urls.length > 1) throw new UserError(`One URL is taken, not ${urls.length}: ${urls.join(' ')}`);
    process.exitCode = await runFromFlags(urls[0], argv as Flags);
  },
};
