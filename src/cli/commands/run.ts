import type { CommandModule } from 'yargs';
import { parseRun, RUN_FLAGS } from '../options/run.js';
import { exitHelp, helpEnd, oneUrl, withFlags } from './command.js';

export const runCommand: CommandModule = {
  command: ['run [url]'],
  describe: 'send requests through a gateway and judge the versions behind it',
  builder: (yargs) =>
    withFlags(
      yargs,
      RUN_FLAGS,
      '$0 run [URL] [options]\n\nSends requests through a gateway, groups every response by backend version, and gives a verdict on the ' +
        'release: whether each version gets its share, whether errors and latency keep to their limits, and whether what was ' +
        'planned was sent.\nWithout a URL, the Gateway in the manifests says where to send them.',
    )
      .positional('url', { describe: 'where to send requests: http[s]://HOST[:PORT][/PATH]', type: 'string' })
      .epilogue(
        helpEnd(
          [
            [
              '$0 run http://203.0.113.7 --host test.devopscube.com -f route.yaml',
              'against the weights of a route',
            ],
            ['$0 run http://localhost:8080 --expect v1=90,v2=10 -n 20000', 'without manifests'],
            [
              'kubectl get gateway,httproute,destinationrule -o yaml | $0 run -f -',
              'everything from the cluster',
            ],
          ],
          exitHelp([
            'pass',
            'fail',
            'usage',
            'inconclusive',
            'unreachable',
            'outputFailed',
            'internalError',
            'interrupted',
            'terminated',
          ]),
        ),
      ),
  handler: async (argv) => {
    const options = parseRun(oneUrl(argv), argv);
    const { runAction } = await import('../actions/run.js');
    process.exitCode = await runAction(options);
  },
};
