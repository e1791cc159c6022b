/** A whole run: pre-flight, load, analysis, result. For the command line and for library users. */
import type { EjectionsResult } from './analysis/ejections/result.js';
import { foldFor } from './analysis/fold-for.js';
import type { RunResult } from './analysis/result.js';
import type { LiveCounts } from './analysis/run-fold.js';
import { runInfo } from './analysis/run-info.js';
import { monotonicUs } from './blocks/clock.js';
import type { GatewaySources } from './blocks/gateway-observations.js';
import { RunLabels } from './blocks/run-labels.js';
import type { RunHeader, SampleSink } from './blocks/run-record.js';
import { BLOCK_CAPACITY, NO_LABEL, PHASE, SampleBlock } from './blocks/sample-block.js';
import { contradiction, OptionError, UserError } from './errors.js';
import type { GatewayWatch } from './gateway/watch.js';
import type { Plan } from './plan/plan.js';
import { checkDescriptors } from './probes/load/descriptors.js';
import { runFleet } from './probes/load/fleet.js';
import { runEnd } from './probes/load/run-end.js';
import { type Prepared, prepare } from './probes/preflight/prepare.js';

export interface RunOptions {
  /** False: no request is sent before the load, and the plan's identifier is used as it is. Default true. */
  readonly preflight?: boolean | undefined;
  /** In place of the pre-flight: waits at most so many milliseconds until every version with weight has answered. */
  readonly settleMs?: number | undefined;
  /** Ends the run early; the result then covers what was measured. */
  readonly signal?: AbortSignal | undefined;
  /** Called when the load begins. */
  readonly onStart?: ((plan: Plan) => void) | undefined;
  /** Called after each block, a few times a second. */
  readonly onProgress?: ((live: () => LiveCounts) => void) | undefined;
  /** The result's `ended` if the signal came. */
  readonly endedBy?: (() => 'interrupted' | 'terminated') | undefined;
  /** Reads ejections and counters of the gateway itself, during the load and after it. */
  readonly gateway?: GatewaySources | undefined;
  /** Called if a wait for the gateway's log begins after the load. It takes at most 12 s; the signal ends it. */
  readonly onGatewayWait?: (() => void) | undefined;
  /** False: ejections are not searched for. Default true. */
  readonly ejections?: boolean | undefined;
  /** Get every sample, besides the analysis. */
  readonly sinks?: readonly SampleSink[] | undefined;
}

/**
 * Runs a plan against its gateway.
 *
 * @throws UserError if the pre-flight shows that no load can be sent, or not all connections can be opened
 */
export async function run(plan: Plan, options: RunOptions = {}): Promise<RunResult> {
  const { connections, streams } = plan.load;
  if (!(connections >= 1 && streams >= 1)) {
    throw new UserError('The plan has no load.connections or load.streams: each is a number from 1 on.');
  }
  checkPreflight(plan, options);
  checkDescriptors(plan.load);
  const watch = await watchFor(options.gateway);
  try {
    return await watchedRun(plan, options, watch);
  } finally {
    watch?.cancel();
  }
}

function checkPreflight({ detect, identify }: Plan, { preflight = true, settleMs }: RunOptions): void {
  if (preflight) return;
  if (settleMs !== undefined) {
    throw contradiction('settleMs', 'preflight', 'settling sends requests before the load');
  }
  if (detect.version && identify.version.from === 'none') {
    throw new OptionError(
      (name) =>
        `${name('preflight')} leaves no response to find out the version by: give ${name('versionFrom')}.`,
    );
  }
}

/** The code is loaded only if the gateway is watched. */
async function watchFor(sources: GatewaySources | undefined): Promise<GatewayWatch | null> {
  if (sources === undefined) return null;
  const { GatewayWatch } = await import('./gateway/watch.js');
  return new GatewayWatch(sources);
}

async function watchedRun(plan: Plan, options: RunOptions, watch: GatewayWatch | null): Promise<RunResult> {
  const prepared = await prepare(plan, {
    preflight: options.preflight !== false,
    settleMs: options.settleMs ?? null,
    signal: options.signal,
  });
  const { plan: settled, settling } = prepared;
  const { sinks = [] } = options;
  const labels = new RunLabels(settled.identify.candidates);
  const { fold, notes } = foldFor(settled, labels, { ejections: options.ejections !== false });
  const add = (block: SampleBlock): Promise<void> | null => {
    fold.add(block);
    const full = sinks.map((sink) => sink.add(block)).filter((room) => room !== null);
    return full.length === 0 ? null : Promise.all(full).then(() => {});
  };
  let header: RunHeader | null = null;
  let originUs = monotonicUs();
  const begin = (startedAtUs: number): RunHeader => {
    originUs = monotonicUs();
    header = { plan: settled, startedAtUs, labels };
    for (const sink of sinks) sink.begin(header);
    for (const block of blocksBefore(prepared)) void add(block);
    return header;
  };
  await watch?.begin();
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
  // If the run was stopped before its workers were ready, it has no header yet.
  const known = header ?? begin(fleet.startedAtUs);
  const ended = options.signal?.aborted === true ? (options.endedBy?.() ?? 'interrupted') : 'completed';
  const gateway = await watch?.end({
    startedAtUs: known.startedAtUs,
    originUs,
    momentsMs: momentsOf(fold.ejections()),
    signal: options.signal,
    onWait: options.onGatewayWait,
  });
  const end = runEnd(fleet, ended, settling, gateway ?? null);
  await Promise.all(sinks.map((sink) => sink.end(end)));
  return fold.result(runInfo(known, end, notes));
}

/** When the client saw endpoints go out and come back, ms on the run clock. */
function momentsOf(ejections: EjectionsResult | null): number[] {
  return (ejections?.windows ?? []).flatMap(({ startBoundsMs: [, start], endBoundsMs: [, end] }) =>
    end === null ? [start] : [start, end],
  );
}

/** The requests before the load, as rows of their phases. They are only counted. */
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
