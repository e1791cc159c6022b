/** For how many draws the gateway chose each version, as a result has it. */
import { OUTCOMES } from '../../blocks/outcome.js';
import { sum } from '../../collections.js';
import type { Rate } from '../stats/rate-limit.js';
import type { ComparableRun } from './inputs.js';

/** Draws of a version among all: requests, or connections where these keep to versions. */
interface Draws extends Rate {
  /** Draws of which nobody knows the version: they may all have been for this one. */
  readonly unknown: number;
}

/**
 * The draws of a version; null where a result has no shares: nothing was answered, or requests were chosen by their answers.
 *
 * Where connections keep to versions, each counts as one draw. Where versions come in bursts, draws count as so many fewer as
 * parts of the run vary more than draws would (the design effect).
 */
export function drawsOf(run: ComparableRun, version: string): Draws | null {
  const own = run.versions.find((one) => one.version === version);
  if (own === undefined || own.share === null) return null;
  const known = sum(run.versions.map(drawn));
  const unknown = unknownRequests(run);
  const requests = known + unknown;
  const scale = drawsIn(run, requests) / requests;
  return { events: drawn(own) * scale, trials: requests * scale, unknown: unknown * scale };
}

/** Whether connections are the draws. */
export function drawsAreConnections({ split, connections }: ComparableRun): boolean {
  return split === null ? connections?.keepVersion === true : split.unit === 'connection';
}

function drawsIn(run: ComparableRun, requests: number): number {
  const { split, connections } = run;
  if (drawsAreConnections(run)) return split?.draws ?? connections?.compared ?? requests;
  const bursts = split?.findings.find(({ kind }) => kind === 'over-dispersion');
  return requests / Math.max(1, bursts?.figure ?? 1);
}

/** Whole responses, and those that broke after their version was read. */
function drawn({ requests, failures }: ComparableRun['versions'][number]): number {
  return requests + sum(Object.values(failures));
}

/** Requests whose version is unknown though the gateway may have drawn one. */
function unknownRequests(run: ComparableRun): number {
  if (run.split !== null) return run.split.unknownVersion;
  const failed = sum(sentFailures(run.failures)) - sum(run.versions.flatMap((v) => sentFailures(v.failures)));
  // In a run that was stopped, some of the unfinished ones were in flight, and the result does not say how many.
  const inFlight = run.ended === 'completed' ? 0 : run.requests.cutOff;
  return run.unattributed.requests + Math.max(0, failed) + inFlight;
}

function sentFailures(failures: Readonly<Record<string, number>>): number[] {
  return OUTCOMES.filter(({ sent }) => sent).map(({ name }) => failures[name] ?? 0);
}
