/** Runs one worker's engine in this thread and gives its rows as objects. */
import assert from 'node:assert/strict';
import { monotonicUs, runClock } from '../../src/blocks/clock.js';
import { type OutcomeName, outcomeOf } from '../../src/blocks/outcome.js';
import { NO_LABEL, ORIGIN, PHASE, type SampleBlock } from '../../src/blocks/sample-block.js';
import type { Plan } from '../../src/plan/plan.js';
import { loadDriver } from '../../src/probes/drivers.js';
import { Engine } from '../../src/probes/load/engine.js';
import type { LoadLevel } from '../../src/probes/load/level.js';
import type { WorkerSummary } from '../../src/probes/load/worker-messages.js';
import { WorkerProgress } from '../../src/probes/load/worker-progress.js';

export interface Sample {
  dueUs: number;
  sendUs: number;
  firstByteUs: number;
  endUs: number;
  connection: number;
  sequence: number;
  bytes: number;
  status: number;
  version: string | null;
  address: string | null;
  outcome: OutcomeName;
  class: 'response' | 'failed' | 'cutOff';
  fromGateway: boolean;
  warmup: boolean;
}

export interface EngineRun {
  /** In the order in which they ended. */
  samples: Sample[];
  summary: WorkerSummary;
  /** Requests taken from the schedule. */
  scheduled: { warmup: number; measured: number };
  /** Measured samples by outcome. */
  outcomes: Record<string, number>;
}

/**
 * Runs the plan and holds the samples against what was scheduled: each request ended exactly once.
 *
 * @param control is given the engine when it runs
 * @param level what the load begins with, in a run that is steered
 * @param prepare is given the engine before it runs
 */
export async function runEngine(
  plan: Plan,
  control?: (engine: Engine) => void,
  level?: LoadLevel,
  prepare?: (engine: Engine) => Promise<void>,
): Promise<EngineRun> {
  const samples: Sample[] = [];
  const versions: string[] = [];
  const addresses: string[] = [];
  const progress = new WorkerProgress();
  const engine: Engine = new Engine(
    { plan, worker: 0, workers: 1, level },
    await loadDriver(plan),
    progress,
    runClock(monotonicUs()),
    (block, labels) => {
      versions.push(...labels.versions);
      addresses.push(...labels.addresses);
      for (let row = 0; row < block.length; row += 1) samples.push(sampleOf(block, row, versions, addresses));
      engine.recorder.recycle(block.buffer);
    },
  );
  await prepare?.(engine);
  const done = engine.run();
  control?.(engine);
  const summary = await done;
  const measured = samples.filter((sample) => !sample.warmup);
  const scheduled = {
    warmup: progress.scheduled(PHASE.warmup),
    measured: progress.scheduled(PHASE.measured),
  };
  assert.equal(measured.length, scheduled.measured, 'each measured request ended once');
  assert.equal(samples.length - measured.length, scheduled.warmup, 'each warm-up request ended once');
  const outcomes: Record<string, number> = {};
  for (const { outcome } of measured) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  return { samples, summary, scheduled, outcomes };
}

/** Runs the plan from this level on and finishes it after `steps`. */
export async function steerEngine(
  plan: Plan,
  level: LoadLevel,
  steps: (engine: Engine) => Promise<void>,
): Promise<EngineRun> {
  let begin: (engine: Engine) => void = () => {};
  const begun = new Promise<Engine>((resolve) => {
    begin = resolve;
  });
  const stepping = begun.then(async (engine) => {
    try {
      await steps(engine);
    } finally {
      engine.finish();
    }
  });
  const [run] = await Promise.all([runEngine(plan, begin, level), stepping]);
  return run;
}

function sampleOf(
  block: SampleBlock,
  row: number,
  versions: readonly string[],
  addresses: readonly string[],
): Sample {
  const label = (column: Uint16Array, table: readonly string[]) =>
    column[row] === NO_LABEL ? null : (table[column[row] as number] as string);
  const outcome = outcomeOf(block.outcome[row] as number);
  return {
    dueUs: block.dueUs[row] as number,
    sendUs: block.sendUs[row] as number,
    firstByteUs: block.firstByteUs[row] as number,
    endUs: block.endUs[row] as number,
    connection: block.connection[row] as number,
    sequence: block.sequence[row] as number,
    bytes: block.bytes[row] as number,
    status: block.status[row] as number,
    version: label(block.version, versions),
    address: label(block.address, addresses),
    outcome: outcome.name,
    class: outcome.class,
    fromGateway: block.origin[row] === ORIGIN.gateway,
    warmup: block.phase[row] === PHASE.warmup,
  };
}
