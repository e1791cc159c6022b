/** The options of `weighbridge demo`. */
import { REQUESTS } from '../../plan/ranges.js';
import { type Flags, read, value } from './flags.js';
import { within } from './load.js';
import { NO_COLOR, parseColor, parseFolder } from './output.js';

const DEFAULT_REQUESTS = 8000;
const DEFAULT_FOLDER = 'weighbridge-demo';

export const DEMO_FLAGS = {
  requests: value('requests of each run', {
    alias: 'n',
    defaultDescription: String(DEFAULT_REQUESTS),
    common: true,
  }),
  out: value('folder for the JSON and CSV files', { defaultDescription: DEFAULT_FOLDER, common: true }),
  'no-color': { ...NO_COLOR['no-color'], describe: 'no colour', common: true },
};

export interface DemoOptions {
  readonly requests: number;
  readonly folder: string;
  readonly color: boolean;
}

/** @throws UserError naming the flag */
export function parseDemo(flags: Flags): DemoOptions {
  return {
    requests: read(flags, 'requests', within(REQUESTS)) ?? DEFAULT_REQUESTS,
    folder: parseFolder(flags, 'out') ?? DEFAULT_FOLDER,
    color: parseColor(flags),
  };
}
