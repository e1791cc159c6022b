/** The formats in which a run's samples are written while it goes on. Encoders are loaded when they are wanted. */
import type { SampleEncoder } from './sample-output.js';

export interface SampleFormat {
  /** The option that writes it, without dashes. */
  readonly flag: string;
  /** What the option does: completes "… to a file, or - for standard output". */
  readonly describe: string;
  /** True: not for a terminal. */
  readonly binary: boolean;
  /** True: its option is in the short help. */
  readonly common: boolean;
  readonly encoder: () => Promise<SampleEncoder>;
}

export const SAMPLE_FORMATS: readonly SampleFormat[] = [
  {
    flag: 'save',
    describe: 'save the run: every request, as an Arrow stream,',
    binary: true,
    common: true,
    encoder: async () => new (await import('./arrow-encoder.js')).ArrowEncoder(),
  },
  {
    flag: 'samples',
    describe: 'write a row per request as CSV',
    binary: false,
    common: false,
    encoder: async () => new (await import('./csv-encoder.js')).CsvEncoder(),
  },
];
