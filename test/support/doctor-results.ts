/** Results of `weighbridge doctor`, made up and read. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type {
  ClosedLoopResult,
  DoctorResult,
  MachineResult,
  OpenLoopResult,
} from '../../src/analysis/doctor/result.js';
import { packageRoot } from '../../src/io/package-root.js';
import { GENERATOR } from './saved.js';

const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(
  JSON.parse(readFileSync(join(packageRoot(), 'docs', 'doctor.schema.json'), 'utf8')),
);

/** Reads the text as what `weighbridge doctor --json` writes: whole JSON, valid by the schema. */
export function readDoctor(text: string): DoctorResult {
  const result = JSON.parse(text) as DoctorResult;
  assert.ok(validate(result), JSON.stringify(validate.errors, null, 2));
  return result;
}

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
