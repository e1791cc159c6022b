import type { CommandModule } from 'yargs';
import { LAB_FLAGS, parseLab } from '../options/lab.js';
import { helpEnd, withFlags } from './command.js';

export const labCommand: CommandModule = {
  command: 'lab',
  describe: 'start a gateway with demo backends from manifests',
  builder: (yargs) =>
    withFlags(
      yargs,
      LAB_FLAGS,
      '$0 lab [options]\n\nStarts a gateway and demo backends on this machine, from the manifests that you apply to ' +
        'a cluster.\nCtrl-C stops it.',
    ).epilogue(
      helpEnd([
        ['$0 lab', 'the samples at 90/10'],
        ["$0 lab -f route.yaml --fault 'v2-0:status=503,after=5s,for=10s'", 'a pod that fails for a while'],
        ['$0 lab --envoy -f manifests/', 'with a real Envoy'],
      ]),
    ),
  handler: async (argv) => {
    const options = parseLab(argv);
    const { labAction } = await import('../actions/lab.js');
    process.exitCode = await labAction(options);
  },
};
