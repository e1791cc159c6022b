/** `weighbridge identify`: what each identifier would read from one answer, and the flag to use. */
import type { CommandModule, Options } from 'yargs';
import { UserError } from '../../errors.js';
import type { Flags } from '../options/flags.js';
import { RUN_OPTIONS } from '../options/run-options.js';

/** Options of `run` that are about the one request, in the order of its help. */
const TAKEN = [
  'manifest',
  'rule',
  'expect',
  'map',
  'host',
  'sni',
  'resolve',
  'connect-to',
  'unix-socket',
  'method',
  'header',
  'data',
  'cacert',
  'cert',
  'key',
  'insecure',
  'http2',
  'timeout',
  'body-limit',
  'json',
  'no-color',
];

export const IDENTIFY_OPTIONS: Readonly<Record<string, Options>> = Object.fromEntries(
  TAKEN.map((name) => [name, RUN_OPTIONS[name] as Options]),
);

export const identifyCommand: CommandModule = {
  command: 'identify [url]',
  describe: 'send one request and show what each identifier reads from the answer',
  builder: (yargs) =>
    yargs
      .usage(
        '$0 identify [URL] [options]\n\nSends one request and shows where its answer tells version and endpoint, with the flag to give to run.',
      )
      .positional('url', { describe: 'where to send it: http[s]://HOST[:PORT][/PATH]', type: 'string' })
      .options(IDENTIFY_OPTIONS)
      .example('$0 identify http://203.0.113.7 --host test.devopscube.com', '')
      .example(
        "$0 identify http://localhost:8000/v1/chat/completions -d @chat.json -H 'Content-Type: application/json'",
        '',
      )
      .epilogue(
        'Exit status: 0 answered, 2 wrong use or input, 4 no answer that a run could begin with, 5 the output could not be written.',
      ),
  handler: async (argv) => {
    const { identifyFromFlags } = await import('./identify-from-flags.js');
    const urls = [argv['url'], ...argv._.slice(1)].filter((url) => url !== undefined).map(String);
    if (urls.length > 1) throw new UserError(`One URL is taken, not ${urls.length}: ${urls.join(' ')}`);
    process.exitCode = await identifyFromFlags(urls[0], argv as Flags);
  },
};
