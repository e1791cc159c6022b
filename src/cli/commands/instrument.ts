import type { CommandModule } from 'yargs';
import { UserError } from '../../errors.js';
import { INSTRUMENT_FLAGS, parseInstrument } from '../options/instrument.js';
import { exitHelp, helpEnd, withFlags, words } from './command.js';

export const instrumentCommand: CommandModule = {
  command: 'instrument',
  describe: 'print routes with response headers that tell version and endpoint',
  builder: (yargs) =>
    withFlags(yargs, INSTRUMENT_FLAGS)
      .usage(
        '$0 instrument -f FILE [options]\n\nPrints the same manifests with a few lines more, by which the gateway adds to ' +
          'each response which backend it chose (x-weighbridge-version) and, on Istio, which pod answered ' +
          '(x-weighbridge-endpoint). A run finds both headers by itself.',
      )
      .epilogue(
        helpEnd(
          [
            ['$0 instrument -f route.yaml | diff route.yaml -', 'what would change'],
            ['$0 instrument -f route.yaml | kubectl apply -f -', 'apply it'],
            [
              '$0 instrument --undo -f route.yaml | kubectl apply -f -',
              'take it back; then delete the EnvoyFilter',
            ],
          ],
          exitHelp(['pass', 'usage', 'outputFailed'], {
            pass: 'printed',
            outputFailed: 'the output could not be written',
          }),
        ),
      ),
  handler: async (argv) => {
    const [extra] = words(argv, '');
    if (extra !== undefined) {
      throw new UserError(`'${extra}' is one word too many: give each manifest its own -f, or the folder.`);
    }
    const options = parseInstrument(argv);
    const { instrumentAction } = await import('../actions/instrument.js');
    await instrumentAction(options);
  },
};
