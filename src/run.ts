/** A whole run: pre-flight, load, fold, result. What the command line and library users call. */

import type { RunResult } from './analysis/result.js';
import type { LiveCounts } from './analysis/run-fold.js';
import type { Plan } from './plan/plan.js';
import { RunLabels, runFleet } from './probes/fleet.js';
import { PHASE, SampleBlock } from './probes/sample-block.js';
import { type GivenSources, scout } from './probes/scout.js';
import { foldFor, type RunHeader, runEnd, runInfo, type SampleSink } from './run-record.js';

export interface RunOptions {
  /** False: no request before the load, the plan's identifier is taken as it is. */
  readonly preflight?: boolean;
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
 * @throws UserError when the pre-flight shows that no load can be sent
 */
export async function run(plan: Plan, options: RunOptions = {}): Promise<RunResult> {
  let settled = plan;
  let preflights = 0;
  if (options.preflight !== false) {
    const scouted = await scout(plan, options.given ?? { version: false, endpoint: false }, options.signal);
    settled = scouted.plan;
    preflights = scouted.requests;
  }
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
    void add(preflightBlock(preflights));
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
  const end = runEnd(fleet, ended);
  await Promise.all(sinks.map((sink) => sink.end(end)));
  return fold.result(runInfo(known, end, notes));
}

/** The pre-flight requests as rows of their phase: they are counted and nothing else. */
function preflightBlock(requests: number): SampleBlock {
  const block = new SampleBlock();
  block.phase.fill(PHASE.preflight, 0, requests);
  block.length = requests;
  return block;
}
