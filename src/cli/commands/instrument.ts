/** `weighbridge instrument`: routes that have the gateway tell version and endpoint, as a patch of their text. */
import type { CommandModule, Options } from 'yargs';
import { UserError } from '../../errors.js';
import { type Flags, toggle, value } from '../options/flags.js';

export const INSTRUMENT_OPTIONS: Readonly<Record<string, Options>> = {
  manifest: value('manifests with routes: a file, a folder, or - for standard input; may be repeated', {
    alias: 'f',
  }),
  undo: toggle('take out again what instrument put in'),
  'no-endpoints': toggle('without the EnvoyFilter, which shows pod addresses to every client'),
};

export const instrumentCommand: CommandModule = {
  command: 'instrument',
  describe: 'print routes with response headers that tell version and endpoint',
  builder: (yargs) =>
    yargs
      .usage(
        '$0 instrument -f FILE [options]\n\nPrints the same manifests with a few lines more, by which the gateway adds to ' +
          'each response which backend it chose (x-weighbridge-version) and, on Istio, which pod answered ' +
          '(x-weighbridge-endpoint). A run finds both headers by itself.',
      )
      .options(INSTRUMENT_OPTIONS)
      .example('$0 instrument -f route.yaml | diff route.yaml -', 'what would change')
      .example('$0 instrument -f route.yaml | kubectl apply -f -', '')
      .example('$0 instrument --undo -f route.yaml | kubectl apply -f -', 'and delete the EnvoyFilter')
      .epilogue('Exit status: 0 printed, 2 wrong use or input, 5 the output could not be written.'),
  handler: async (argv) => {
    const extra = argv._.slice(1).map(String);
    if (extra.length > 0) {
      throw new UserError(
        `'${extra[0]}' is one word too many: give each manifest its own -f, or the folder.`,
      );
    }
    const { instrumentFromFlags } = await import('./instrument-from-flags.js');
    await instrumentFromFlags(argv as Flags);
  },
};
