/**
 * What a run leaves behind besides its samples, and how plan, samples and this become a RunResult: the same
 * for a live run and for one that is read from a file.
 */
import type { LoadResult, RunResult, TargetResult } from './analysis/result.js';
import { RunFold, type RunInfo } from './analysis/run-fold.js';
import { describeLabelSource } from './plan/label-source.js';
import { makeMatcher, versionNameOf } from './plan/labels.js';
import type { Note, Plan } from './plan/plan.js';
import type { FleetResult } from './probes/fleet.js';
import type { LabelTables, SampleBlock } from './probes/sample-block.js';
import { toRfc3339 } from './probes/wall-clock.js';

/** Known when a run begins. */
export interface RunHeader {
  /** As settled by the pre-flight. */
  readonly plan: Plan;
  /** Wall clock when the run clock was 0, µs since 1970. */
  readonly startedAtUs: number;
  /** The run's labels; they grow while blocks come. */
  readonly labels: LabelTables;
}

/** Known when a run has ended. Plain data. */
export interface RunEnd {
  readonly ended: RunResult['ended'];
  /** Measured requests that were scheduled: the accounting is held against it. */
  readonly scheduled: number;
  readonly threads: number;
  readonly counters: RunCounters;
  /** By how much the wall clock was moved during the run, µs. */
  readonly clockStepUs: number;
  /** What the run has to say besides the plan's notes. */
  readonly notes: readonly Note[];
}

/** Sums over the workers; see LoadResult for their meaning. Times in whole µs. */
export interface RunCounters {
  readonly connectionsOpened: number;
  readonly connectSumUs: number;
  readonly connectMaxUs: number;
  readonly sentLate: number;
  readonly generatorSumUs: number;
  readonly generatorCount: number;
  readonly generatorMaxUs: number;
  readonly waited: number;
  readonly waitMaxUs: number;
}

/** Takes the samples of a run as they come, to write them somewhere. What goes wrong is the sink's to tell. */
export interface SampleSink {
  /** Before the first block. */
  begin(header: RunHeader): void;
  /**
   * Takes what it needs of a block before it returns.
   *
   * @returns null, or a promise that is fulfilled when there is room for more
   */
  add(block: SampleBlock): Promise<void> | null;
  /** After the last block; never rejects. */
  end(end: RunEnd): Promise<void>;
}

/** A fold that judges samples by a plan, with the notes that reading them gave rise to. */
export function foldFor(plan: Plan, labels: LabelTables): { fold: RunFold; notes: Note[] } {
  const notes: Note[] = [];
  const expected = plan.judge.expected ?? [];
  const names = new Set(expected.map(({ name }) => name));
  const match = makeMatcher(expected);
  const fold = new RunFold({
    labels,
    judge: plan.judge,
    mode: plan.load.mode,
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
      return found.kind !== 'match' && names.has(name) ? `${name} (not mapped)` : name;
    },
  });
  return { fold, notes };
}

/** What the samples do not say. `notes`: those of {@link foldFor}. */
export function runInfo(
  { plan, startedAtUs, labels }: RunHeader,
  end: RunEnd,
  notes: readonly Note[],
): RunInfo {
  return {
    startedAt: toRfc3339(startedAtUs),
    ended: end.ended,
    target: targetResult(plan, labels.addresses),
    load: loadResult(plan, end),
    identifier: {
      version: describeLabelSource(plan.identify.version),
      endpoint: describeLabelSource(plan.identify.endpoint),
    },
    scheduled: end.scheduled,
    notes: [...plan.notes, ...notes, ...end.notes],
  };
}

/** Sums up what the workers said at their end. */
export function runEnd(fleet: FleetResult, ended: RunResult['ended']): RunEnd {
  const { summaries } = fleet;
  const sum = (of: (summary: FleetResult['summaries'][number]) => number) =>
    summaries.reduce((total, summary) => total + of(summary), 0);
  const max = (of: (summary: FleetResult['summaries'][number]) => number) =>
    Math.max(0, ...summaries.map(of));
  return {
    ended,
    scheduled: sum(({ scheduled }) => scheduled.measured),
    threads: summaries.length,
    counters: {
      connectionsOpened: sum(({ connectionsOpened }) => connectionsOpened),
      connectSumUs: sum(({ connectSumUs }) => connectSumUs),
      connectMaxUs: max(({ connectMaxUs }) => connectMaxUs),
      sentLate: sum(({ sentLate }) => sentLate),
      generatorSumUs: sum(({ generatorSumUs }) => generatorSumUs),
      generatorCount: sum(({ generatorCount }) => generatorCount),
      generatorMaxUs: max(({ generatorMaxUs }) => generatorMaxUs),
      waited: sum(({ waited }) => waited),
      waitMaxUs: max(({ waitMaxUs }) => waitMaxUs),
    },
    clockStepUs: fleet.clockStepUs,
    notes: fleetNotes(fleet),
  };
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
    protocol: target.protocol,
    tlsVerified: target.scheme === 'https' ? target.tls.verify : null,
    headers: target.headers.map(([name, value]) => [name, secret.has(name.toLowerCase()) ? SECRET : value]),
  };
}

function loadResult({ load }: Plan, { threads, counters }: RunEnd): LoadResult {
  const open = load.mode === 'open';
  const { connectionsOpened, connectSumUs, generatorCount, generatorSumUs } = counters;
  return {
    mode: load.mode,
    connections: load.connections,
    streams: load.streams,
    ratePerSecond: load.ratePerSecond,
    arrival: open ? load.arrival : null,
    maxInFlight: open ? load.maxInFlight : null,
    threads,
    requests: load.requests,
    plannedDurationMs: load.durationMs,
    timeoutMs: load.timeoutMs,
    requestsPerConnection: load.requestsPerConnection,
    seed: load.seed,
    connectionsOpened,
    connectUs: {
      count: connectionsOpened,
      mean: connectionsOpened === 0 ? 0 : connectSumUs / connectionsOpened,
      max: counters.connectMaxUs,
    },
    lateness: open
      ? {
          sentLate: counters.sentLate,
          generatorMaxUs: counters.generatorMaxUs,
          generatorMeanUs: generatorCount === 0 ? 0 : generatorSumUs / generatorCount,
          waited: counters.waited,
          waitMaxUs: counters.waitMaxUs,
        }
      : null,
  };
}

/** A step of the wall clock that is worth a word, µs: less is the slewing of a clock that is kept right. */
const CLOCK_STEP_US = 50_000;

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
  if (Math.abs(fleet.clockStepUs) > CLOCK_STEP_US) {
    notes.push({
      code: 'clock-step',
      text:
        `This machine's clock was moved by ${Math.round(fleet.clockStepUs / 1000)} ms during the run. Times in the ` +
        'report are by a clock that does not step; only startedAt is by the one that was moved.',
    });
  }
  return notes;
}
