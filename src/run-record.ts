/**
 * What a run leaves behind besides its samples, and how plan, samples and this become a RunResult: the same
 * for a live run and for one that is read from a file.
 */

import { byName } from './analysis/addresses.js';
import type { LoadResult, RunResult, TargetResult } from './analysis/result.js';
import { RunFold, type RunInfo } from './analysis/run-fold.js';
import type { LabelTables, SampleBlock } from './blocks/sample-block.js';
import { toRfc3339 } from './blocks/wall-clock.js';
import type { GatewayObservations } from './gateway/observations.js';
import { describeLabelSource } from './plan/labels/label-source.js';
import { makeMatcher, versionNameOf } from './plan/labels/labels.js';
import type { JudgePlan, Note, Plan } from './plan/plan.js';
import { addressLabel } from './plan/target/connect-to.js';
import { shownHeaders } from './plan/target/secrets.js';
import { MOST_IN_A_RUN } from './probes/lane/share-out.js';
import type { FleetResult } from './probes/load/fleet.js';
import type { RunCounters } from './probes/load/messages.js';
import { mergeCounters } from './probes/load/worker-counters.js';
import type { Settling } from './probes/preflight/settle.js';
import { count } from './text/counted.js';

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
  /** Of all workers together. */
  readonly counters: RunCounters | SeenCounters;
  /** By how much the wall clock was moved during the run, µs. */
  readonly clockStepUs: number;
  /** How waiting for the route went (--settle); null when there was none. */
  readonly settle: Settling | null;
  /** What the gateway said itself; null when it was not asked. */
  readonly gateway: GatewayObservations | null;
  /** What the run has to say besides the plan's notes. */
  readonly notes: readonly Note[];
}

/** What is left of the counters where the end of a run is not known. */
export interface SeenCounters {
  /** Those that samples tell of; null when they do not tell. */
  readonly connectionsOpened: number | null;
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

export interface FoldOptions {
  /** False: the samples were chosen by what answered, so that their shares say nothing of the gateway. */
  readonly weighed?: boolean;
  /** False: ejections are not looked for. */
  readonly ejections?: boolean;
}

/**
 * A fold that judges samples by a plan, with the notes that reading them gave rise to.
 */
export function foldFor(
  plan: Plan,
  labels: LabelTables,
  { weighed = true, ejections = true }: FoldOptions = {},
): { fold: RunFold; notes: Note[] } {
  const notes: Note[] = [];
  const nameOf = versionNamer(plan.judge);
  const fold = new RunFold({
    labels,
    judge: weighed ? plan.judge : { ...plan.judge, expected: null },
    weighed,
    mode: plan.load.mode,
    // 5xx in a row mean nothing where rows were chosen by what answered.
    ejections: weighed && ejections ? { rules: plan.ejection, timeoutMs: plan.load.timeoutMs } : null,
    versionOf: (label) => {
      const { name, ambiguous } = nameOf(label);
      if (ambiguous !== null && notes.length <= MOST_AMBIGUOUS) {
        const text =
          notes.length < MOST_AMBIGUOUS
            ? `The label '${label}' could stand for ${ambiguous.join(' or ')}, and is counted apart: say which with --map.`
            : 'Further labels could stand for several versions, and are counted apart.';
        notes.push({ code: 'ambiguous-label', text });
      }
      return name;
    },
  });
  return { fold, notes };
}

/** A function that names the version a label stands for, and the expected ones that it could stand for if several. */
export function versionNamer(
  judge: JudgePlan,
): (label: string) => { readonly name: string; readonly ambiguous: readonly string[] | null } {
  const expected = judge.expected ?? [];
  const names = new Set(expected.map(({ name }) => name));
  const match = makeMatcher(expected);
  return (label) => {
    const found = match(label);
    const name = versionNameOf(label, found);
    return {
      // With --map only the mapped labels stand for a version: its own name in a response is another's.
      name: found.kind !== 'match' && names.has(name) ? `${name} (not mapped)` : name,
      ambiguous: found.kind === 'ambiguous' ? found.names : null,
    };
  };
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
    settle: end.settle,
    gateway: end.gateway,
    notes: [...plan.notes, ...notes, ...end.notes],
  };
}

/** Sums up what the workers said at their end; `gateway`: what the gateway said itself. */
export function runEnd(
  fleet: FleetResult,
  ended: RunResult['ended'],
  settle: Settling | null,
  gateway: GatewayObservations | null,
): RunEnd {
  const { summaries } = fleet;
  const scheduled = summaries.reduce((sum, { scheduled: { measured } }) => sum + measured, 0);
  return {
    ended,
    scheduled,
    threads: summaries.length,
    counters: mergeCounters(summaries),
    clockStepUs: fleet.clockStepUs,
    settle,
    gateway,
    notes: [...fleetNotes(fleet), ...(scheduled >= MOST_IN_A_RUN ? [REQUESTS_BOUNDED] : [])],
  };
}

function targetResult(plan: Plan, addresses: readonly string[]): TargetResult {
  const { target } = plan;
  return {
    url: target.url,
    method: target.method,
    path: target.path,
    addresses: addresses.length > 0 ? byName(addresses) : target.connectTo.map(addressLabel),
    host: target.host,
    sni: target.sni,
    protocol: target.protocol,
    tlsVerified: target.scheme === 'https' ? target.tls.verify : null,
    headers: shownHeaders(plan),
  };
}

function loadResult({ load }: Plan, { threads, counters }: RunEnd): LoadResult {
  const open = load.mode === 'open';
  const { connectionsOpened } = counters;
  const known = 'connectSumUs' in counters ? counters : null;
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
    connectUs: known === null ? null : connectTimes(known),
    lateness: open && known !== null ? lateness(known) : null,
  };
}

function connectTimes(counters: RunCounters): LoadResult['connectUs'] {
  const { connectionsOpened: count, connectSumUs, connectMaxUs } = counters;
  return { count, mean: count === 0 ? 0 : connectSumUs / count, max: connectMaxUs };
}

function lateness(counters: RunCounters): LoadResult['lateness'] {
  const { sentLate, generatorCount, generatorSumUs, generatorMaxUs, waited, waitMaxUs } = counters;
  return {
    sentLate,
    generatorMaxUs,
    generatorMeanUs: generatorCount === 0 ? 0 : generatorSumUs / generatorCount,
    waited,
    waitMaxUs,
  };
}

/** A step of the wall clock that is worth a word, µs: less is the slewing of a clock that is kept right. */
const CLOCK_STEP_US = 50_000;

/** Ambiguous labels that are named. */
const MOST_AMBIGUOUS = 16;

const REQUESTS_BOUNDED: Note = {
  code: 'requests-bounded',
  text: `A run has at most ${count(MOST_IN_A_RUN)} requests: this one ended there.`,
};

export const LABELS_BOUNDED: Note = {
  code: 'labels-bounded',
  text: 'More distinct labels came than are kept apart: the rest is counted as (other).',
};

function fleetNotes(fleet: FleetResult): Note[] {
  const notes: Note[] = [];
  const samples: Record<string, string> = Object.assign(
    {},
    ...fleet.summaries.map(({ errorSamples }) => errorSamples),
  );
  for (const [kind, message] of Object.entries(samples)) {
    notes.push({ code: 'failure-sample', text: `A request that failed as '${kind}' said: ${message}` });
  }
  const limits = fleet.summaries.flatMap(({ streamLimit }) => (streamLimit === null ? [] : [streamLimit]));
  if (limits.length > 0) {
    notes.push({
      code: 'streams-limited',
      text:
        `The gateway allows ${Math.min(...limits)} streams on a connection (SETTINGS_MAX_CONCURRENT_STREAMS), fewer ` +
        'than --streams: no more were under way on one. More connections (-c) take more.',
    });
  }
  if (fleet.labelsOverflowed) {
    notes.push(LABELS_BOUNDED);
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
