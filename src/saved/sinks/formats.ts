/** The formats in which a run's samples are written while it goes on. Encoders are loaded when they are wanted. */
import type { SampleEncoder } from './sample-output.js';

/** A saved run holds the request's headers, those that are known to be secret excepted: it is for its owner only. */
export const SAVED_RUN_MODE = 0o600;

export interface SampleFormat {
  /** The option that writes it, without dashes. */
  readonly flag: string;
  /** What the option does: completes "… to a file, or - for standard output". */
  readonly describe: string;
  /** True: not for a terminal. */
  readonly binary: boolean;
  /** Mode of a new file, before the umask. */
  readonly newMode: number;
  /** True: its option is in the short help. */
  readonly common: boolean;
  readonly encoder: () => Promise<SampleEncoder>;
}

export const SAMPLE_FORMATS: readonly SampleFormat[] = [
  {
    flag: 'save',
    describe: 'save the run: every request, as an Arrow stream,',
    binary: true,
    newMode: SAVED_RUN_MODE,
    common: true,
    encoder: async () => new (await import('./arrow-encoder.js')).ArrowEncoder(),
  },
  {
    flag: 'samples',
    describe: 'write a row per request as CSV',
    binary: false,
    newMode: 0o666,
    common: false,
    encoder: async () => new (await import('./csv-encoder.js')).CsvEncoder(),
  },
];
