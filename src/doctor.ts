/** What this machine can send: measured against an echo server of its own, on loopback. For the command line and for library users. */
import { loadavg } from 'node:os';
import { triedRate } from './analysis/doctor/checks.js';
import { doctorResult } from './analysis/doctor/doctor-result.js';
import { closedLoop, openLoop } from './analysis/doctor/loads.js';
import type { DoctorResult, MachineResult } from './analysis/doctor/result.js';
import type { RunResult } from './analysis/result.js';
import { packageVersion } from './io/package-root.js';
import { startEcho } from './lab/echo.js';
import { DEFAULT_DOCTOR_MS } from './plan/defaults.js';
import { makePlan } from './plan/make-plan.js';
import type { LoadPlan } from './plan/plan.js';
import type { LoadOptions } from './plan/plan-options.js';
import { cpuQuota, usableCores } from './probes/load/cores.js';
import { descriptorUse, mostConnections } from './probes/load/descriptors.js';
import { localPorts } from './probes/load/local-ports.js';
import { run } from './run.js';

/** Each load warms up first: code is compiled, and connections are opened. */
const WARMUP_MS = 200;
const TIMEOUT_MS = 1_000;

export interface DoctorOptions extends Pick<LoadOptions, 'driver' | 'threads'> {
  /** Asks whether this machine can send so many requests per second. */
  readonly ratePerSecond?: number | undefined;
  /** Asks whether it can have so many connections to one address. The loads have them too; default 50. */
  readonly connections?: number | undefined;
  /** Length of both loads together, ms; default 2,000. */
  readonly durationMs?: number | undefined;
  /** Ends the measurement early. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Measures what this machine can send, with a load to an echo server that it starts on loopback: in a closed loop as much as it can, then at
 * a fixed rate. Nothing leaves the machine.
 *
 * @throws UserError if an option is wrong, or this process may open no connection
 */
export async function doctor(options: DoctorOptions = {}): Promise<DoctorResult> {
  const { signal, ratePerSecond: askedRate, connections: askedConnections } = options;
  const loadAverage = process.platform === 'win32' ? null : (loadavg()[0] as number);
  const echo = await startEcho();
  try {
    const planOf = (load: LoadOptions) =>
      makePlan({
        url: echo.url,
        versionFrom: { from: 'header', name: 'x-version' },
        load: {
          driver: options.driver,
          threads: options.threads,
          durationMs: (options.durationMs ?? DEFAULT_DOCTOR_MS) / 2,
          warmup: { durationMs: WARMUP_MS },
          timeoutMs: TIMEOUT_MS,
          ...load,
        },
      });
    // With as many threads as a run at this rate has.
    const wanted = await planOf({ connections: askedConnections, ratePerSecond: askedRate });
    const { threads } = wanted.load;
    const machine = machineOf(wanted.load, loadAverage);
    const connections = Math.min(
      wanted.load.connections,
      machine.mostConnections ?? Number.POSITIVE_INFINITY,
    );
    const send = async (load: LoadOptions): Promise<RunResult> =>
      run(await planOf({ connections, threads, ...load }), {
        preflight: false,
        ejections: false,
        signal,
      });
    const closed = await send({});
    const most = closed.requestsPerSecond;
    const open =
      closed.ended === 'completed' ? await send({ ratePerSecond: triedRate(askedRate, most) }) : null;
    return doctorResult(
      {
        tool: { version: packageVersion(), command: null },
        startedAt: closed.startedAt,
        ended: open?.ended === 'completed' ? 'completed' : 'interrupted',
        machine,
        closedLoop: closedLoop(closed),
        openLoop: open === null ? null : openLoop(open),
      },
      { ratePerSecond: askedRate, connections: askedConnections },
    );
  } finally {
    await echo.stop();
  }
}

function machineOf(load: LoadPlan, loadAverage: number | null): MachineResult {
  const { limit, inUse } = descriptorUse();
  const ports = localPorts();
  const limits = [mostConnections(load), ports].filter((most) => most !== null);
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cores: usableCores(),
    cpuQuota: cpuQuota(),
    loadAverage,
    openFiles: limit === null ? null : { limit, inUse },
    localPorts: ports,
    mostConnections: limits.length === 0 ? null : Math.min(...limits),
  };
}
