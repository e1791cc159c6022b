import type { CommandModule } from 'yargs';
import { DEMO_FLAGS, parseDemo } from '../options/demo.js';
import { withFlags } from './command.js';

export const demoCommand: CommandModule = {
  command: 'demo',
  describe: 'test an embedded gateway three times: weights kept, off by 5 points, and with a failing version',
  builder: (yargs) =>
    withFlags(
      yargs,
      DEMO_FLAGS,
      '$0 demo [options]\n\nStarts a gateway and backends on this machine, and tests three 90/10 splits.',
    ),
  handler: async (argv) => {
    const options = parseDemo(argv);
    const { demoAction } = await import('../actions/demo.js');
    process.exitCode = await demoAction(options);
  },
};
