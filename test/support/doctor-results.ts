/** Results of `weighbridge doctor`, made up and read. */
import type {
  ClosedLoopResult,
  DoctorResult,
  MachineResult,
  OpenLoopResult,
} from '../../src/analysis/doctor/result.js';
import { GENERATOR } from './saved.js';
import { readerOf } from './schema.js';

/** Reads the text as what `weighbridge doctor --json` writes: whole JSON, valid by the schema. */
export const readDoctor = readerOf<DoctorResult>('doctor');

export const MACHINE: MachineResult = {
  node: 'v20.19.0',
  platform: 'linux x64',
  cores: 4,
  cpuQuota: null,
  loadAverage: 0.2,
  openFiles: { limit: 1_024, inUse: 24 },
  localPorts: 28_232,
  mostConnections: 988,
};

/** A thread that is busy all the time: 40,000 requests per second. */
export const CLOSED: ClosedLoopResult = {
  driver: 'undici',
  threads: 1,
  connections: 50,
  requests: 40_000,
  failed: 0,
  requestsPerSecond: 40_000,
  cpuUsPerRequest: 25.2,
  generator: { ...GENERATOR, threads: 1, busyShare: 0.98 },
  clientLimited: true,
};

const { clientLimited: _limited, ...LOAD } = CLOSED;

export const OPEN: OpenLoopResult = {
  ...LOAD,
  ratePerSecond: 1_000,
  requests: 1_000,
  requestsPerSecond: 1_000,
  generator: GENERATOR,
  latenessUs: { p50: 48, p99: 812, max: 2_310 },
};
