/** A whole run: pre-flight, load, fold, result. What the command line and library users call. */

import type { RunResult } from './analysis/result.js';
import type { LiveCounts } from './analysis/run-fold.js';
import { UserError } from './errors.js';
import type { Plan } from './plan/plan.js';
import { checkDescriptors } from './probes/descriptors.js';
import { runFleet } from './probes/fleet.js';
import type { GivenSources } from './probes/identify-by.js';
import { type Prepared, prepare } from './probes/prepare.js';
import { RunLabels } from './probes/run-labels.js';
import { BLOCK_CAPACITY, NO_LABEL, PHASE, SampleBlock } from './probes/sample-block.js';
import { foldFor, type RunHeader, runEnd, runInfo, type SampleSink } from './run-record.js';

export interface RunOptions {
  /** False: no request before the load, the plan's identifier is taken as it is. */
  readonly preflight?: boolean;
  /** Waits at most this long for every version with weight to answer, in place of the pre-flight. */
  readonly settleMs?: number | undefined;
  /** Label sources that shall not be detected. */
  readonly given?: GivenSources;
  /** Cuts the run off; the result then covers what was measured. */
  readonly signal?: AbortSignal;
  /** Called when the load begins. */
  readonly onStart?: (plan: Plan) => void;
  /** Called after each block, a few times a second. */
  readonly onProgress?: (live: () => LiveCounts) => void;
  /** What `ended` shall say when the signal came. */
  readonly endedBy?: () => 'interrupted' | 'terminated';
  /** Where samples go besides the analysis. */
  readonly sinks?: readonly SampleSink[];
}

/**
 * Runs a plan against its gateway.
 *
 * @throws UserError when the pre-flight shows that no load can be sent, or the connections cannot all be opened
 */
export async function run(plan: Plan, options: RunOptions = {}): Promise<RunResult> {
  const { connections, streams } = plan.load;
  if (!(connections >= 1 && streams >= 1)) {
    throw new UserError('The plan has no load.connections or load.streams: each is a number from 1 on.');
  }
  checkDescriptors(plan.load);
  const prepared = await prepare(plan, {
    preflight: options.preflight !== false,
    settleMs: options.settleMs ?? null,
    given: options.given ?? { version: false, endpoint: false },
    signal: options.signal,
  });
  const { plan: settled, settling } = prepared;
  const { sinks = [] } = options;
  const labels = new RunLabels(settled.identify.candidates);
  const { fold, notes } = foldFor(settled, labels);
  const add = (block: SampleBlock): Promise<void> | null => {
    fold.add(block);
    const full = sinks.map((sink) => sink.add(block)).filter((room) => room !== null);
    return full.length === 0 ? null : Promise.all(full).then(() => {});
  };
  let header: RunHeader | null = null;
  const begin = (startedAtUs: number): RunHeader => {
    header = { plan: settled, startedAtUs, labels };
    for (const sink of sinks) sink.begin(header);
    for (const block of blocksBefore(prepared)) void add(block);
    return header;
  };
  options.onStart?.(settled);
  const fleet = await runFleet(settled, labels, {
    onStart: begin,
    onBlock: (block) => {
      const room = add(block);
      options.onProgress?.(() => fold.live());
      return room;
    },
    signal: options.signal,
  });
  // A run that was stopped before its workers were ready never began.
  const known = header ?? begin(fleet.startedAtUs);
  const ended = options.signal?.aborted === true ? (options.endedBy?.() ?? 'interrupted') : 'completed';
  const end = runEnd(fleet, ended, settling);
  await Promise.all(sinks.map((sink) => sink.end(end)));
  return fold.result(runInfo(known, end, notes));
}

/** The requests before the load as rows of their phases: they are counted and nothing else. */
function* blocksBefore({ preflights, settling }: Prepared): Generator<SampleBlock> {
  for (const [phase, requests] of [
    [PHASE.preflight, preflights],
    [PHASE.settle, settling?.requests ?? 0],
  ] as const) {
    for (let left = requests; left > 0; left -= BLOCK_CAPACITY) {
      const block = new SampleBlock();
      block.length = Math.min(left, BLOCK_CAPACITY);
      block.phase.fill(phase, 0, block.length);
      for (const column of [block.version, block.endpoint, block.address]) column.fill(NO_LABEL);
      for (const column of [block.sendUs, block.firstByteUs]) column.fill(Number.NaN);
      yield block;
    }
  }
}
