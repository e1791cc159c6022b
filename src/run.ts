/** A whole run: pre-flight, load, fold, result. What the command line and library users call. */

import type { LoadResult, RunResult, TargetResult } from './analysis/result.js';
import { type LiveCounts, RunFold } from './analysis/run-fold.js';
import { describeLabelSource } from './plan/label-source.js';
import { makeMatcher, versionNameOf } from './plan/labels.js';
import type { Note, Plan } from './plan/plan.js';
import { type FleetResult, RunLabels, runFleet } from './probes/fleet.js';
import { PHASE, SampleBlock } from './probes/sample-block.js';
import { type GivenSources, scout } from './probes/scout.js';

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
  const notes: Note[] = [];
  const labels = new RunLabels(settled.identify.candidates);
  const expectedNames = new Set(settled.judge.expected?.map(({ name }) => name));
  const match = makeMatcher(settled.judge.expected ?? []);
  const fold = new RunFold({
    labels,
    judge: settled.judge,
    mode: settled.load.mode,
    versionOf: (label) => {
      const found = match(label);
      if (found.kind === 'ambiguous') {
        notes.push({
          code: 'ambiguous-label',
          text: `The label '${label}' could stand for ${found.names.join(' or ')}, and is counted apart: say which with --map.`,
        });
      }
      const name = versionNameOf(label, found);
      // With --map only the mapped labels stand for a version: its own name in a response is another's.
      return found.kind !== 'match' && expectedNames.has(name) ? `${name} (not mapped)` : name;
    },
  });
  fold.add(preflightBlock(preflights));
  options.onStart?.(settled);
  const fleet = await runFleet(settled, labels, {
    onBlock: (block) => {
      fold.add(block);
      options.onProgress?.(() => fold.live());
    },
    signal: options.signal,
  });
  return fold.result({
    startedAt: fleet.startedAt.toISOString(),
    ended: options.signal?.aborted === true ? (options.endedBy?.() ?? 'interrupted') : 'completed',
    target: targetResult(settled, labels.addresses),
    load: loadResult(settled, fleet),
    identifier: {
      version: describeLabelSource(settled.identify.version),
      endpoint: describeLabelSource(settled.identify.endpoint),
    },
    scheduled: fleet.summaries.reduce((sum, { scheduled }) => sum + scheduled.measured, 0),
    notes: [...settled.notes, ...notes, ...fleetNotes(fleet)],
  });
}

/** The pre-flight requests as rows of their phase: they are counted and nothing else. */
function preflightBlock(requests: number): SampleBlock {
  const block = new SampleBlock();
  block.phase.fill(PHASE.preflight, 0, requests);
  block.length = requests;
  return block;
}

const SECRET = '(secret)';

function targetResult(plan: Plan, addresses: readonly string[]): TargetResult {
  const { target } = plan;
  const secret = new Set(plan.secretHeaders);
  const { connectTo } = target;
  const planned =
    connectTo.kind === 'unix' ? `unix:${connectTo.path}` : `${connectTo.host}:${connectTo.port}`;
  return {
    url: target.url,
    method: target.method,
    path: target.path,
    addresses: addresses.length > 0 ? [...addresses] : [planned],
    host: target.host,
    sni: target.sni,
    protocol: 'http/1.1',
    tlsVerified: target.scheme === 'https' ? target.tls.verify : null,
    headers: target.headers.map(([name, value]) => [name, secret.has(name.toLowerCase()) ? SECRET : value]),
  };
}

function loadResult(plan: Plan, fleet: FleetResult): LoadResult {
  const { load } = plan;
  const open = load.mode === 'open';
  const sum = (of: (summary: FleetResult['summaries'][number]) => number) =>
    fleet.summaries.reduce((total, summary) => total + of(summary), 0);
  const max = (of: (summary: FleetResult['summaries'][number]) => number) =>
    Math.max(0, ...fleet.summaries.map(of));
  const opened = sum((summary) => summary.connectionsOpened);
  const onTime = sum((summary) => summary.generatorCount);
  return {
    mode: load.mode,
    connections: load.connections,
    ratePerSecond: load.ratePerSecond,
    arrival: open ? load.arrival : null,
    maxInFlight: open ? load.maxInFlight : null,
    threads: fleet.summaries.length,
    requests: load.requests,
    plannedDurationMs: load.durationMs,
    timeoutMs: load.timeoutMs,
    requestsPerConnection: load.requestsPerConnection,
    seed: load.seed,
    connectionsOpened: opened,
    connectUs: {
      count: opened,
      mean: opened === 0 ? 0 : sum((summary) => summary.connectSumUs) / opened,
      max: max((summary) => summary.connectMaxUs),
    },
    lateness: open
      ? {
          sentLate: sum((summary) => summary.sentLate),
          generatorMaxUs: max((summary) => summary.generatorMaxUs),
          generatorMeanUs: onTime === 0 ? 0 : sum((summary) => summary.generatorSumUs) / onTime,
          waited: sum((summary) => summary.waited),
          waitMaxUs: max((summary) => summary.waitMaxUs),
        }
      : null,
  };
}

function fleetNotes(fleet: FleetResult): Note[] {
  const notes: Note[] = [];
  const samples: Record<string, string> = Object.assign(
    {},
    ...fleet.summaries.map(({ errorSamples }) => errorSamples),
  );
  for (const [kind, message] of Object.entries(samples)) {
    notes.push({ code: 'failure-sample', text: `A request that failed as '${kind}' said: ${message}` });
  }
  if (fleet.labelsOverflowed) {
    notes.push({
      code: 'labels-bounded',
      text: 'More distinct labels came than are kept apart: the rest is counted as (other).',
    });
  }
  return notes;
}
