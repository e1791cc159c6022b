import type { CommandModule } from 'yargs';
import { UserError } from '../../errors.js';
import { INSTRUMENT_FLAGS, parseInstrument } from '../options/instrument.js';
import { exitHelp, helpEnd, withFlags, words } from './command.js';

export const instrumentCommand: CommandModule = {
  command: 'instrument',
  describe: 'add response headers with version and endpoint to routes',
  builder: (yargs) =>
    withFlags(
      yargs,
      INSTRUMENT_FLAGS,
      '$0 instrument -f FILE [options]\n\nPrints the same manifests with a few lines added. With them, the gateway adds ' +
        'to each response the backend that it chose (x-weighbridge-version) and, on Istio, the pod that answered ' +
        '(x-weighbridge-endpoint). A run detects both headers.',
    ).epilogue(
      helpEnd(
        [
          ['$0 instrument -f route.yaml | diff route.yaml -', 'what would change'],
          ['$0 instrument -f route.yaml | kubectl apply -f -', 'apply it'],
          ['$0 instrument --undo -f route.yaml | kubectl apply -f -', 'undo it; then delete the EnvoyFilter'],
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
      throw new UserError(
        `'${extra}' is an extra argument. Give each manifest its own -f, or give the folder.`,
      );
    }
    const options = parseInstrument(argv);
    const { instrumentAction } = await import('../actions/instrument.js');
    await instrumentAction(options);
  },
};
