import type { CommandModule } from 'yargs';
import { IDENTIFY_FLAGS, parseIdentify } from '../options/identify.js';
import { exitHelp, helpEnd, oneUrl, withFlags } from './command.js';

export const identifyCommand: CommandModule = {
  command: 'identify [url]',
  describe: 'send one request and show where its response has the version',
  builder: (yargs) =>
    withFlags(
      yargs,
      IDENTIFY_FLAGS,
      '$0 identify [URL] [options]\n\nSends one request and shows where its response has the version and the endpoint, with the flags for run.',
    )
      .positional('url', { describe: 'where to send it: http[s]://HOST[:PORT][/PATH]', type: 'string' })
      .epilogue(
        helpEnd(
          [
            ['$0 identify http://203.0.113.7 --host test.devopscube.com', 'what a run would read there'],
            ['$0 identify http://localhost:8000/v1/chat/completions -d @chat.json', 'a POST'],
          ],
          exitHelp(['pass', 'usage', 'unreachable', 'outputFailed'], {
            pass: 'answered',
            unreachable: 'no answer that a run could begin with',
            outputFailed: 'the output could not be written',
          }),
        ),
      ),
  handler: async (argv) => {
    const options = parseIdentify(oneUrl(argv), argv);
    const { identifyAction } = await import('../actions/identify.js');
    process.exitCode = await identifyAction(options);
  },
};
