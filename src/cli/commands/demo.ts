/** `weighbridge demo`: the main job, shown on the embedded lab with nothing but Node. */
import type { CommandModule } from 'yargs';
import { type Flags, on, one, toggle, value } from '../options/flags.js';

export const demoCommand: CommandModule = {
  command: 'demo',
  describe: 'weigh three splits on an embedded gateway: kept, off by 5 points, and with a failing version',
  builder: (yargs) =>
    yargs
      .usage(
        '$0 demo [options]\n\nStarts a gateway and backends on loopback and weighs three splits of 90/10.',
      )
      .options({
        requests: value('requests of each run', { alias: 'n', defaultDescription: '8000' }),
        out: value('folder for the JSON and CSV files', { defaultDescription: 'weighbridge-demo' }),
        'no-color': toggle('no colour'),
      }),
  handler: async (argv) => {
    const flags = argv as Flags;
    const { runDemo } = await import('./demo-runs.js');
    process.exitCode = await runDemo({
      requests: one(flags, 'requests'),
      folder: one(flags, 'out') ?? 'weighbridge-demo',
      color: !on(flags, 'no-color'),
    });
  },
};
