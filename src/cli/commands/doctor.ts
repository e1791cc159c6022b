import type { CommandModule } from 'yargs';
import { DOCTOR_FLAGS, parseDoctor } from '../options/doctor.js';
import { exitHelp, helpEnd, withFlags } from './command.js';

export const doctorCommand: CommandModule = {
  command: 'doctor',
  describe: 'measure what this machine can send, so that no gateway is blamed for it',
  builder: (yargs) =>
    withFlags(
      yargs,
      DOCTOR_FLAGS,
      '$0 doctor [options]\n\nSends for about three seconds to an echo server of its own on loopback: as much as it can, then at a fixed rate. ' +
        'Says how many requests per second and connections this machine can have, how precisely requests are sent, and what limits it.',
    ).epilogue(
      helpEnd(
        [
          ['$0 doctor', 'what this machine can do'],
          ['$0 doctor --rate 20000 -c 500', 'whether it can send this load'],
        ],
        exitHelp(
          [
            'pass',
            'fail',
            'usage',
            'inconclusive',
            'outputFailed',
            'internalError',
            'interrupted',
            'terminated',
          ],
          {
            pass: 'this machine can do what was asked for, or nothing was',
            fail: 'it cannot',
            inconclusive: 'it can by so little that requests would be late, or it is not known',
          },
        ),
      ),
    ),
  handler: async (argv) => {
    const options = parseDoctor(argv);
    const { doctorAction } = await import('../actions/doctor.js');
    process.exitCode = await doctorAction(options);
  },
};
