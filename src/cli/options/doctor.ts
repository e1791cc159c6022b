/** The options of `weighbridge doctor`. */
import type { DoctorResult } from '../../analysis/doctor/result.js';
import type { DoctorOptions } from '../../doctor.js';
import { DEFAULT_CONNECTIONS, DEFAULT_DOCTOR_MS } from '../../plan/defaults.js';
import { DOCTOR_REPORTS } from '../../report/index.js';
import { type FlagSet, type Flags, inGroups, pick, value } from './flags.js';
import { givenCommand } from './given-command.js';
import { parseLoad, seconds } from './load.js';
import { NO_COLOR, type OutputOptions, parseOutput, QUIET, reportFlags } from './output.js';
import { RUN_FLAGS } from './run.js';

const ASKED_FLAGS: FlagSet = {
  rate: value('can this machine send so many requests per second?', {
    alias: 'q',
    sets: 'ratePerSecond',
    common: true,
  }),
  connections: value('can it have so many connections to one address? The load has them too', {
    alias: 'c',
    defaultDescription: String(DEFAULT_CONNECTIONS),
    sets: 'connections',
    common: true,
  }),
};

const LOAD_FLAGS: FlagSet = {
  duration: value('how long to send, both loads together', {
    alias: 'z',
    defaultDescription: seconds(DEFAULT_DOCTOR_MS),
    sets: 'durationMs',
    common: true,
  }),
  ...pick(RUN_FLAGS, ['threads', 'driver']),
};

export const DOCTOR_FLAGS: FlagSet = {
  ...inGroups({
    'What is asked:': ASKED_FLAGS,
    'Load:': LOAD_FLAGS,
    'Output:': { ...reportFlags(DOCTOR_REPORTS), ...QUIET, ...NO_COLOR },
  }),
};

export interface DoctorCommandOptions {
  /** The command line. */
  readonly command: string;
  readonly doctor: DoctorOptions;
  readonly output: OutputOptions<DoctorResult>;
}

/** @throws UserError naming the flag */
export function parseDoctor(flags: Flags): DoctorCommandOptions {
  const { ratePerSecond, connections, durationMs, threads, driver } = parseLoad(flags);
  return {
    command: givenCommand(['doctor'], flags, DOCTOR_FLAGS),
    doctor: { ratePerSecond, connections, durationMs, threads, driver },
    output: parseOutput(flags, DOCTOR_REPORTS),
  };
}
