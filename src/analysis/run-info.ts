/** The parts of a RunResult that samples do not have: what was requested, under which load, how the run ended. */
import type { GatewayObservations } from '../blocks/gateway-observations.js';
import { histogramOf } from '../blocks/lateness.js';
import type { RunCounters } from '../blocks/run-counters.js';
import type { RunEnd, RunHeader } from '../blocks/run-record.js';
import { toRfc3339 } from '../blocks/wall-clock.js';
import { describeLabelSource } from '../plan/labels/label-source.js';
import type { Note, Plan } from '../plan/plan.js';
import { addressLabel } from '../plan/target/connect-to.js';
import { shownTarget } from '../plan/target/secrets.js';
import { byName } from './addresses.js';
import type { LoadResult, RunResult, TargetResult } from './result.js';
import { shownPercentiles } from './stats/percentile-bounds.js';

/** What blocks do not say about a run. */
export interface RunInfo {
  readonly tool: RunResult['tool'];
  /** RFC 3339 with microseconds: when the run clock was 0. */
  readonly startedAt: string;
  readonly ended: RunResult['ended'];
  readonly target: TargetResult;
  readonly load: LoadResult;
  readonly generator: RunResult['generator'];
  /** How version and endpoint were read, in words. */
  readonly identifier: RunResult['identifier'];
  /** Measured requests that the pacers scheduled: all of them must be accounted for. */
  readonly scheduled: number;
  readonly settle: RunResult['settle'];
  /** What the gateway reported; null: it was not asked. */
  readonly gateway: GatewayObservations | null;
  /** Notes of the plan and the run; the analysis adds its own. */
  readonly notes: readonly Note[];
}

/**
 * What the samples do not say.
 *
 * @param notes those of {@link foldFor}
 * @param version of weighbridge
 */
export function runInfo(
  { plan, startedAtUs, labels }: RunHeader,
  end: RunEnd,
  notes: readonly Note[],
  version: string,
): RunInfo {
  return {
    tool: { version, command: null },
    startedAt: toRfc3339(startedAtUs),
    ended: end.ended,
    target: targetResult(plan, labels.addresses),
    load: loadResult(plan, end),
    generator: end.generator,
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

function targetResult(plan: Plan, addresses: readonly string[]): TargetResult {
  const target = shownTarget(plan);
  return {
    url: target.url,
    method: target.method,
    path: target.path,
    addresses: addresses.length > 0 ? byName(addresses) : target.connectTo.map(addressLabel),
    host: target.host,
    sni: target.sni,
    protocol: target.protocol,
    tlsVerified: target.scheme === 'https' ? target.tls.verify : null,
    headers: target.headers,
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
    untilVerdict: load.untilVerdict,
    requests: load.requests,
    plannedDurationMs: load.durationMs,
    timeoutMs: load.timeoutMs,
    requestsPerConnection: load.requestsPerConnection,
    cookies: load.cookies,
    driver: load.driver,
    seed: load.seed,
    connectionsOpened,
    connectionsUnused: known === null ? null : known.connectionsUnused,
    connectionsUnasked: known !== null && load.driver === 'wire' ? known.connectionsUnasked : null,
    connectUs: known === null ? null : connectTimes(known),
    lateness: open && known !== null ? lateness(known) : null,
  };
}

function connectTimes(counters: RunCounters): LoadResult['connectUs'] {
  const { connectionsOpened: count, connectSumUs, connectMaxUs } = counters;
  return { count, mean: count === 0 ? 0 : connectSumUs / count, max: connectMaxUs };
}

function lateness(counters: RunCounters): LoadResult['lateness'] {
  const { sentLate, generatorCount, generatorSumUs, generatorMaxUs, generatorBuckets, waited, waitMaxUs } =
    counters;
  const histogram = generatorBuckets === null ? null : histogramOf(generatorBuckets);
  return {
    sentLate,
    generatorMaxUs,
    generatorMeanUs: generatorCount === 0 ? 0 : generatorSumUs / generatorCount,
    percentilesUs: histogram === null ? null : shownPercentiles(histogram),
    buckets: generatorBuckets,
    waited,
    waitMaxUs,
  };
}
