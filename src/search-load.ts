/** The load of a search for limits: its largest level, from the options, the prediction and what this machine can open. */
import { predict } from './analysis/limits/predict.js';
import { sum } from './collections.js';
import { contradiction, OptionError } from './errors.js';
import type { LimitsOptions } from './limits-options.js';
import type { LoadPlan, Note } from './plan/plan.js';
import {
  CONNECTIONS,
  checkCount,
  checkPositive,
  checkPositiveMs,
  checkRange,
  GATEWAY_REPLICAS,
  MAX_CONNECTIONS,
  MAX_RATE_PER_SECOND,
} from './plan/ranges.js';
import { checkDescriptors, mostConnections } from './probes/load/descriptors.js';

const DEFAULT_MAX_CONNECTIONS = 1000;
const DEFAULT_MAX_RATE = 10_000;
/** The largest level, as a multiple of the predicted knee: a prediction may be wrong. */
const BEYOND_PREDICTION = 4;
/** With a predicted knee of 1 or 2 there is still room to search. */
const LEAST_MAX = 16;

/** Steps by hand: the figures of each level are kept, which takes about 200 KB. */
const MAX_STEPS = 1000;

export interface SearchLoad {
  readonly load: LoadPlan;
  /** Connections, or requests per second. */
  readonly maxLevel: number;
  readonly notes: readonly Note[];
}

/**
 * The load of the largest level, below which the search begins.
 *
 * @param planned gives streams, time-out and threads
 * @throws OptionError for options that are wrong, and if the connections that are asked for cannot be opened
 */
export function searchLoad(planned: LoadPlan, options: LimitsOptions): SearchLoad {
  checkOptions(options);
  const { search = 'connections', steps } = options;
  const { load: closed, notes } = connectionLoad(planned, options);
  if (search === 'connections') return { load: closed, maxLevel: closed.connections, notes };
  const maxLevel = options.maxRatePerSecond ?? (steps === undefined ? DEFAULT_MAX_RATE : Math.max(...steps));
  return { load: { ...closed, mode: 'open', ratePerSecond: maxLevel }, maxLevel, notes };
}

function connectionLoad(
  planned: LoadPlan,
  options: LimitsOptions,
): { load: LoadPlan; notes: readonly Note[] } {
  const { streams } = planned;
  const asked =
    options.maxConnections ??
    (options.search !== 'rate' && options.steps !== undefined ? Math.max(...options.steps) : null);
  const most = Math.max(1, Math.floor(MAX_CONNECTIONS / streams));
  if (asked !== null && asked > most) {
    throw new OptionError(
      (name) =>
        `${name('load.streams')}: ${streams} on each of ${asked} connections are more than ${MAX_CONNECTIONS} requests at once.`,
    );
  }
  const wanted = asked ?? Math.min(defaultConnections(planned, options), most);
  const of = (connections: number): LoadPlan => ({
    ...planned,
    mode: 'closed',
    connections,
    maxInFlight: connections * streams,
    ratePerSecond: null,
    untilVerdict: false,
    requests: null,
    durationMs: null,
    rampMs: 0,
    warmup: null,
  });
  // A default gives way to the limit of open files; what was asked for is refused.
  const connections =
    asked ?? Math.max(1, Math.min(wanted, mostConnections(of(wanted)) ?? Number.POSITIVE_INFINITY));
  const load = of(connections);
  checkDescriptors(load);
  if (connections === wanted) return { load, notes: [] };
  const text = `At most ${connections} connections, since this process may have no more files open (ulimit -n); without that limit the search would go up to ${wanted}.`;
  return { load, notes: [{ code: 'no-file-descriptor', text }] };
}

function defaultConnections({ streams }: LoadPlan, { facts, gatewayReplicas = 1 }: LimitsOptions): number {
  if (facts === undefined) return DEFAULT_MAX_CONNECTIONS;
  const prediction = predict(facts, new Map(), {
    search: 'connections',
    streams,
    gatewayReplicas,
    wanted: null,
  });
  const knee = prediction?.knee ?? null;
  if (knee === null) return DEFAULT_MAX_CONNECTIONS;
  // If one version is much slower than the others, the knee is higher than with equal times, up to the places of all.
  const places = sum(prediction?.versions.map(({ atOnce }) => atOnce ?? 0) ?? []) / streams;
  return Math.max(LEAST_MAX, Math.ceil(BEYOND_PREDICTION * knee), Math.ceil(places));
}

function checkOptions(options: LimitsOptions): void {
  const { search = 'connections', steps, maxConnections, maxRatePerSecond } = options;
  const isByRate = search === 'rate';
  if (maxConnections !== undefined) checkCount(maxConnections, 'maxConnections', CONNECTIONS);
  if (maxRatePerSecond !== undefined) {
    checkPositive(maxRatePerSecond, 'maxRatePerSecond', MAX_RATE_PER_SECOND);
    if (!isByRate) {
      throw new OptionError(
        (name) => `${name('maxRatePerSecond')} belongs to a search by rate: give ${name('search')} rate too.`,
      );
    }
  }
  if (options.maxTimeMs !== undefined) checkPositiveMs(options.maxTimeMs, 'maxTimeMs');
  if (options.refusalThreshold !== undefined) checkPositive(options.refusalThreshold, 'refusalThreshold', 1);
  if (options.kneeTolerance !== undefined)
    checkRange(options.kneeTolerance, 'kneeTolerance', { min: 0, max: 1 });
  if (options.gatewayReplicas !== undefined) {
    checkCount(options.gatewayReplicas, 'gatewayReplicas', GATEWAY_REPLICAS);
  }
  if (steps === undefined) return;
  if (steps.length === 0) throw new OptionError((name) => `${name('steps')}: there is none.`);
  if (steps.length > MAX_STEPS) {
    throw new OptionError((name) => `${name('steps')}: at most ${MAX_STEPS} steps, not ${steps.length}.`);
  }
  for (const step of steps) {
    if (isByRate) checkPositive(step, 'steps', MAX_RATE_PER_SECOND);
    else checkCount(step, 'steps', CONNECTIONS);
  }
  const [most, option] = isByRate
    ? [maxRatePerSecond, 'maxRatePerSecond']
    : [maxConnections, 'maxConnections'];
  const highest = Math.max(...steps);
  if (most !== undefined && highest > most) {
    throw contradiction('steps', option, `a step of ${highest} is above ${most}`);
  }
}
